package org.posthorn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnerOnlyTest {
    @TempDir
    Path temporary;

    private Path data;

    @BeforeEach
    void below() throws IOException {
        setMode(temporary, "rwxr-xr-x");
        data = Files.createDirectory(temporary.resolve("data"));
    }

    private static void setMode(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwx------", "rwxr-x---", "rwx--x---"})
    void takesWhatOthersCannotEnter(String mode) throws IOException {
        setMode(data, mode);
        assertThatCode(() -> OwnerOnly.require(data)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwx-----x", "rwx---r--", "rwxrwx---", "rwxr-xr-x"})
    void refusesWhatOthersCanEnterReadOrWrite(String mode) throws IOException {
        setMode(data, mode);
        assertThatThrownBy(() -> OwnerOnly.require(data))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("(" + mode + ")")
                .hasMessageEndingWith("chmod 700 " + data);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwx------", "rw-rw-rw-"})
    void takesAnyModeBelowADirectoryThatLetsNobodyIn(String above) throws IOException {
        setMode(data, "rwxrwxrwx");
        setMode(temporary, above);
        assertThatCode(() -> OwnerOnly.require(data)).doesNotThrowAnyException();
        setMode(temporary, "rwx--x---");
        assertThatThrownBy(() -> OwnerOnly.require(data)).isInstanceOf(IOException.class);
        setMode(temporary, "rwx-----x");
        assertThatThrownBy(() -> OwnerOnly.require(data)).isInstanceOf(IOException.class);
    }

    @Test
    void closesWhatTheCommonUmaskHasLeftOpen() throws IOException {
        setMode(data, "rwx------");
        Path file = Files.createFile(data.resolve("file"));
        Path folder = Files.createDirectory(data.resolve("folder"));
        Path shared = Files.createFile(data.resolve("shared"));
        Path outside = Files.createFile(temporary.resolve("outside"));
        setMode(file, "rw-r--r--");
        setMode(folder, "rwxr-xr-x");
        setMode(shared, "rw-r-----");
        setMode(outside, "rw-r--r--");
        Files.createSymbolicLink(data.resolve("link"), outside);
        OwnerOnly.require(data);
        assertThat(mode(file)).isEqualTo("rw-------");
        assertThat(mode(folder)).isEqualTo("rwx------");
        assertThat(mode(shared)).isEqualTo("rw-r-----");
        assertThat(mode(outside)).isEqualTo("rw-r--r--");
    }

    @Test
    void letsMailboxesBeSharedWithAGroup() throws IOException {
        Path mail = Files.createDirectory(temporary.resolve("mail"));
        Path account = Files.createDirectory(mail.resolve("account"));
        setMode(account, "rwxr-xr-x");
        for (String open : List.of("rwxrwx--x", "rwxr-xr-x", "rwx---r--")) {
            setMode(mail, open);
            assertThatThrownBy(() -> OwnerOnly.requireOfMailboxes(mail)).hasMessageContaining("chmod 700 " + mail);
        }
        setMode(mail, "rwxrwx---");
        OwnerOnly.requireOfMailboxes(mail);
        assertThat(mode(account)).isEqualTo("rwx------");
        assertThatThrownBy(() -> OwnerOnly.require(mail)).hasMessageContaining("chmod 700 " + mail);
    }

    @Test
    void leavesTheDirectoryOfAnotherUserAlone() throws IOException {
        Path sign = data.resolve("sign");
        OwnerOnly.requireOwn(data, sign);
        int us = (int) Files.getAttribute(data, "unix:uid");
        assertThatThrownBy(() -> OwnerOnly.requireOwn(data, sign, us + 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(
                        data + " is used by the user " + Files.getOwner(data).getName())
                .hasMessageContaining("sudo -u " + Files.getOwner(data).getName());
        Files.createFile(sign);
        OwnerOnly.requireOwn(data, sign, us);
        assertThatThrownBy(() -> OwnerOnly.requireOwn(data, sign, us + 1)).isInstanceOf(IOException.class);
    }
}
