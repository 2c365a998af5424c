package org.posthorn.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesTest {
    @TempDir
    Path directory;

    @Test
    void replacesContentAndLeavesNothingBehind() throws IOException {
        Path file = directory.resolve("state");
        AtomicFiles.write(file, "one".getBytes(UTF_8));
        AtomicFiles.write(file, "two".getBytes(UTF_8));
        assertThat(file).hasContent("two");
        try (Stream<Path> all = Files.list(directory)) {
            assertThat(all.count()).isEqualTo(1);
        }
    }

    @Test
    void keepsOldContentWhenItCannotReplace() throws IOException {
        Path file = directory.resolve("state");
        Files.createDirectories(file.resolve("in the way"));
        assertThatThrownBy(() -> AtomicFiles.write(file, "x".getBytes(UTF_8))).isInstanceOf(IOException.class);
        try (Stream<Path> all = Files.list(directory)) {
            assertThat(all.count()).isEqualTo(1);
        }
    }

    @Test
    void syncsTheFileSystemFromAVirtualThread() throws Exception {
        Assumptions.assumeTrue(FileSystemSync.available(), "no syncfs on this system");
        AtomicReference<Exception> failure = new AtomicReference<>();
        Thread.startVirtualThread(() -> {
                    try {
                        FileSystemSync.sync(directory);
                    } catch (IOException e) {
                        failure.set(e);
                    }
                })
                .join();
        assertThat(failure.get()).isNull();
    }

    @Test
    void saysWhyItCouldNotSync() {
        Assumptions.assumeTrue(FileSystemSync.available(), "no syncfs on this system");
        assertThatThrownBy(() -> FileSystemSync.sync(directory.resolve("missing")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("missing");
    }

    @Test
    void syncsFileByFileAndPassesOverTheGone() throws IOException {
        Path file = directory.resolve("one");
        Files.writeString(file, "x");
        FileSystemSync.syncEach(List.of(file, directory.resolve("gone")), List.of(directory));
        assertThat(file).hasContent("x");
    }

    @Test
    void opensSqliteInWriteAheadMode() throws IOException, SQLException {
        try (Connection connection = Sqlite.open(directory.resolve("a/b.db"), Sqlite.Durability.FULL);
                Statement statement = connection.createStatement();
                ResultSet mode = statement.executeQuery("PRAGMA journal_mode")) {
            assertThat(mode.next()).isTrue();
            assertThat(mode.getString(1)).isEqualTo("wal");
        }
        Path noDatabase = Files.writeString(directory.resolve("text"), "no database, but long enough".repeat(100));
        assertThatThrownBy(() -> Sqlite.open(noDatabase, Sqlite.Durability.NORMAL))
                .isInstanceOf(IOException.class);
    }
}
