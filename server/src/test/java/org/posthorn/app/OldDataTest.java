package org.posthorn.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.directory.DkimKeyState;
import org.posthorn.directory.LocalDirectory;
import org.posthorn.directory.PasswordCost;
import org.posthorn.directory.PublishedRecord;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.storage.UnknownFormatException;
import org.posthorn.testing.OldData;

class OldDataTest {
    @TempDir
    Path data;

    @ParameterizedTest
    @ValueSource(strings = {"491e74f", "6a595a2", "5a64c65"})
    void takesTheDirectoryAndTheKeysOver(String build) throws IOException {
        OldData.unpack(build, data);
        try (DataLock _ = DataLock.take(data).orElseThrow();
                LocalDirectory directory = directory()) {
            assertThat(directory.isAccount(Address.parse("a@example.test"))).isTrue();
            assertThat(directory.keyRing().keys(Domain.parse("example.test")))
                    .hasSize(2)
                    .allMatch(key -> key.state() == DkimKeyState.ACTIVE)
                    .allMatch(key -> Files.exists(key.privateKey()));
        }
        assertThat(data.resolve("formats"))
                .content()
                .contains("spool 1\n", "directory 3\n", "index 1\n", "reports 1\n");
    }

    private LocalDirectory directory() {
        return LocalDirectory.open(
                data.resolve("directory.db"), data.resolve("dkim"), PasswordCost.MINIMAL, InstantSource.system());
    }

    @Test
    void keepsWhatWasPublished() throws Exception {
        OldData.unpack("5a64c65", data);
        OldData.change(
                data.resolve("directory.db"),
                "INSERT INTO published VALUES ('example.test', 'example.test', 'MX', '10 mx.example.test.')");
        try (LocalDirectory directory = directory()) {
            assertThat(directory.published().of(Domain.parse("example.test")))
                    .containsExactly(new PublishedRecord("example.test", "MX", "10 mx.example.test."));
        }
    }

    /** One that is gone back to refuses before it has touched anything; so do we. */
    @ParameterizedTest
    @ValueSource(
            strings = {"log 2", "spool 2", "maildir 2", "index 2", "directory 4", "keys 2", "reports 2", "quota 1"})
    void refusesADirectoryOfALaterReleaseAndChangesNothing(String line) throws IOException {
        OldData.unpack("5a64c65", data);
        Files.writeString(data.resolve("formats"), line + "\n");
        // The lock is needed to look.
        Files.createFile(data.resolve("posthorn.lock"));
        Map<String, String> before = OldData.files(data);
        assertThatThrownBy(() -> DataLock.take(data))
                .isInstanceOf(UnknownFormatException.class)
                .hasMessageContaining("\"" + line + "\"")
                .hasMessageContaining("Nothing was changed");
        assertThat(OldData.files(data)).isEqualTo(before);
    }

    @Test
    void refusesADirectoryDatabaseOfALaterReleaseAndChangesNothing() throws Exception {
        OldData.unpack("5a64c65", data);
        OldData.change(data.resolve("directory.db"), "PRAGMA user_version = 4");
        Map<String, String> before = OldData.files(data);
        assertThatThrownBy(this::directory)
                .hasMessageContaining("version 4")
                .hasMessageContaining("Nothing was changed");
        assertThat(OldData.files(data)).isEqualTo(before);
    }

    /** So that one can go back to it: it does not refuse what it does not know. A table more does it no harm. */
    @Test
    void writesTheTablesOfTheReleaseBefore() throws Exception {
        Path before = data.resolve("before");
        OldData.unpack("5a64c65", before);
        directory().close();
        List<String> tables = OldData.schema(before.resolve("directory.db"));
        assertThat(tables).hasSize(6);
        assertThat(OldData.schema(data.resolve("directory.db"))).containsAll(tables);
    }

    @Test
    void refusesADirectoryOfALaterReleaseBeforeAnythingIsOpened() throws IOException {
        Files.writeString(data.resolve("formats"), "spool 2\n");
        assertThatThrownBy(() -> DataLock.take(data))
                .isInstanceOf(UnknownFormatException.class)
                .hasMessageContaining("\"spool 2\"");
        assertThat(data.resolve("directory.db")).doesNotExist();
        Files.writeString(data.resolve("formats"), "spool 1\n");
        DataLock.take(data).orElseThrow().close();
    }
}
