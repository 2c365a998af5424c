package org.posthorn.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataLockTest {
    @TempDir
    Path above;

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private Path directory(String mode) throws IOException {
        Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path data = Files.createDirectory(above.resolve("data"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString(mode));
        return data;
    }

    @Test
    void makesEverythingForTheOwnerAlone() throws IOException {
        Path data = above.resolve("data");
        DataLock.take(new DataDirectory(data)).orElseThrow().close();
        assertThat(mode(data)).isEqualTo("rwx------");
        assertThat(mode(data.resolve("posthorn.lock"))).isEqualTo("rw-------");
        assertThat(mode(data.resolve("native"))).isEqualTo("rwx------");
        assertThat(mode(Files.createFile(data.resolve("any")))).isEqualTo("rw-------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxr-xr-x", "rwxrwx---", "rwx-w----", "rwx---r--", "rwx-----x"})
    void refusesADirectoryThatIsOpenToOthers(String mode) throws IOException {
        Path data = directory(mode);
        assertThatThrownBy(() -> DataLock.take(new DataDirectory(data)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("chmod 700 " + data);
        assertThat(data).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxr-x---", "rwx--x---"})
    void takesOneOfAGroupAndClosesWhatIsOpenInIt(String mode) throws IOException {
        Path data = directory(mode);
        Path spool = Files.createDirectory(data.resolve("spool"));
        Path database = Files.createFile(data.resolve("directory.db"));
        Path shared = Files.createDirectory(data.resolve("mail"));
        Path elsewhere = Files.createDirectory(above.resolve("elsewhere"));
        Files.createSymbolicLink(data.resolve("link"), elsewhere);
        for (Path open : List.of(spool, elsewhere)) {
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwx---"));
        DataLock.take(new DataDirectory(data)).orElseThrow().close();
        assertThat(mode(data)).isEqualTo(mode);
        assertThat(mode(spool)).isEqualTo("rwx------");
        assertThat(mode(database)).isEqualTo("rw-------");
        // Somebody has chosen this; nobody but the group comes that far.
        assertThat(mode(shared)).isEqualTo("rwxrwx---");
        assertThat(mode(elsewhere)).isEqualTo("rwxr-xr-x");
    }

    @Test
    void takesOneBelowADirectoryThatLetsNobodyIn() throws IOException {
        Path data = directory("rwxr-xr-x");
        Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwx------"));
        DataLock.take(new DataDirectory(data)).orElseThrow().close();
    }

    /** A container's root works on a directory of the host's user, say: who has begun goes on. */
    @Test
    void goesByTheLockWhereThereIsOne() throws IOException {
        Path data = directory("rwx------");
        Path lock = Files.createFile(data.resolve("posthorn.lock"));
        UserPrincipal nobody;
        try {
            nobody = lock.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
            Files.setOwner(lock, nobody);
        } catch (IOException e) {
            assumeTrue(false, "only root can give files away: " + e);
            return;
        }
        assertThatThrownBy(() -> DataLock.take(new DataDirectory(data)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(data + " is used by the user nobody")
                .hasMessageContaining("sudo -u nobody");
        Files.delete(lock);
        Files.setOwner(data, nobody);
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThatThrownBy(() -> DataLock.take(new DataDirectory(data)))
                .as("what we cannot read")
                .hasMessageContaining(data + " is used by the user nobody");
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
        Files.createFile(lock);
        DataLock.take(new DataDirectory(data)).orElseThrow().close();
    }

    @Test
    void isNotTakenFromAProcessWhoseLockWasRemoved() throws Exception {
        Path data = directory("rwx------");
        Process other = new ProcessBuilder("sleep", "300").start();
        try {
            Path pid = Files.writeString(data.resolve("posthorn.pid"), other.pid() + "\n");
            assertThatThrownBy(() -> DataLock.take(new DataDirectory(data)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(
                            "posthorn.lock was removed from " + data + " while the process " + other.pid())
                    .hasMessageContaining("(kill " + other.pid() + ")")
                    .hasMessageEndingWith("remove " + pid);
            assertThat(data.resolve("posthorn.lock")).doesNotExist();
            // The number of a dead server, given again.
            Files.setLastModifiedTime(pid, FileTime.from(Instant.EPOCH));
            DataLock.take(new DataDirectory(data)).orElseThrow().close();
            // A lock that nobody holds: the server was killed, and left both.
            Files.writeString(pid, other.pid() + "\n");
            DataLock.take(new DataDirectory(data)).orElseThrow().close();
            Files.delete(data.resolve("posthorn.lock"));
            Files.writeString(pid, "no number\n");
            DataLock.take(new DataDirectory(data)).orElseThrow().close();
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void closesALockThatWasOpenAndClearsLibrariesOfKilledServers() throws IOException {
        Path data = directory("rwx------");
        Path lock = Files.createFile(data.resolve("posthorn.lock"));
        Files.setPosixFilePermissions(lock, PosixFilePermissions.fromString("rw-r--r--"));
        Files.createFile(Files.createDirectory(data.resolve("native")).resolve("sqlite-3-x-libsqlitejdbc.so"));
        DataLock.take(new DataDirectory(data)).orElseThrow().close();
        assertThat(mode(lock)).isEqualTo("rw-------");
        assertThat(data.resolve("native/sqlite-3-x-libsqlitejdbc.so")).doesNotExist();
    }
}
