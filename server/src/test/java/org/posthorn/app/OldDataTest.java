package org.posthorn.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.directory.LocalDirectory;
import org.posthorn.directory.PasswordCost;
import org.posthorn.directory.PublishedRecord;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.signing.DkimKeyFile;
import org.posthorn.storage.DataFormat;
import org.posthorn.storage.DataFormats;
import org.posthorn.storage.UnknownFormatException;
import org.posthorn.testing.OldData;

class OldDataTest {
    @TempDir
    Path data;

    @ParameterizedTest
    @ValueSource(strings = {"491e74f", "6a595a2", "5a64c65", "603fad7"})
    void takesTheDirectoryAndTheKeysOver(String build) throws IOException {
        OldData.unpack(build, data);
        try (DataLock _ = DataLock.take(new DataDirectory(data)).orElseThrow();
                DomainStores stores =
                        DomainStores.open(new DataDirectory(data), PasswordCost.MINIMAL, InstantSource.system())) {
            assertThat(stores.directory().isAccount(Address.parse("a@example.test")))
                    .isTrue();
            List<DkimKeyFile> signing = stores.keys().signing(Domain.parse("example.test"));
            assertThat(signing).hasSize(2);
            for (DkimKeyFile key : signing) {
                assertThat(stores.keys().toPublish(key.domain()))
                        .as("its state and its record")
                        .anyMatch(entry -> entry.selector().equals(key.selector())
                                && entry.record().equals(record(key))
                                && record(key).contains("k=" + entry.algorithm().keyType()));
            }
        }
        assertThat(data.resolve("formats"))
                .content()
                .contains("spool 2\n", "directory 4\n", "key-states 1\n", "index 2\n", "reports 1\n");
    }

    private static String record(DkimKeyFile key) {
        try {
            return key.record();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private LocalDirectory directory() {
        return LocalDirectory.open(data.resolve("directory.db"), PasswordCost.MINIMAL, InstantSource.system());
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
            strings = {
                "log 2",
                "spool 3",
                "maildir 2",
                "index 3",
                "directory 5",
                "keys 2",
                "key-states 2",
                "reports 2",
                "quota 1"
            })
    void refusesADirectoryOfALaterReleaseAndChangesNothing(String line) throws IOException {
        OldData.unpack("5a64c65", data);
        Files.writeString(data.resolve("formats"), line + "\n");
        // The lock is needed to look.
        Files.createFile(data.resolve("posthorn.lock"));
        Map<String, String> before = OldData.files(data);
        assertThatThrownBy(() -> DataLock.take(new DataDirectory(data)))
                .isInstanceOf(UnknownFormatException.class)
                .hasMessageContaining("\"" + line + "\"")
                .hasMessageContaining("Nothing was changed");
        assertThat(OldData.files(data)).isEqualTo(before);
    }

    @Test
    void refusesADirectoryDatabaseOfALaterReleaseAndChangesNothing() throws Exception {
        OldData.unpack("5a64c65", data);
        OldData.change(data.resolve("directory.db"), "PRAGMA user_version = 5");
        Map<String, String> before = OldData.files(data);
        assertThatThrownBy(this::directory)
                .hasMessageContaining("version 5")
                .hasMessageContaining("Nothing was changed");
        assertThat(OldData.files(data)).isEqualTo(before);
    }

    /** It would find no keys, and mail would go out unsigned. */
    @Test
    void theReleaseBeforeRefusesWhatIsWrittenNow() throws Exception {
        OldData.unpack("603fad7", data);
        Map<String, String> before = OldData.files(data);
        DataLock.take(new DataDirectory(data)).orElseThrow().close();
        assertThat(OldData.files(data))
                .as("the formats come first")
                .doesNotContainEntry("formats", before.get("formats"))
                .containsEntry("directory.db-wal", before.get("directory.db-wal"));
        List<DataFormat> knownThen = Stream.of(
                        "directory 3", "index 1", "keys 1", "log 1", "maildir 1", "reports 1", "spool 1")
                .map(line -> line.split(" "))
                .map(words -> new DataFormat(words[0], 1, Integer.parseInt(words[1])))
                .toList();
        assertThatThrownBy(() -> DataFormats.admit(data, knownThen))
                .isInstanceOf(UnknownFormatException.class)
                .hasMessageContaining("\"directory 4\"");
    }

    @Test
    void refusesADirectoryOfALaterReleaseBeforeAnythingIsOpened() throws IOException {
        Files.writeString(data.resolve("formats"), "spool 3\n");
        assertThatThrownBy(() -> DataLock.take(new DataDirectory(data)))
                .isInstanceOf(UnknownFormatException.class)
                .hasMessageContaining("\"spool 3\"");
        assertThat(data.resolve("directory.db")).doesNotExist();
        Files.writeString(data.resolve("formats"), "spool 1\n");
        DataLock.take(new DataDirectory(data)).orElseThrow().close();
    }
}
