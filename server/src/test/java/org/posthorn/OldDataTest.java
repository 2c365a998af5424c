package org.posthorn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.directory.DkimKeyState;
import org.posthorn.directory.LocalDirectory;
import org.posthorn.directory.PasswordCost;
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
                LocalDirectory directory = LocalDirectory.open(
                        data.resolve("directory.db"),
                        data.resolve("dkim"),
                        PasswordCost.MINIMAL,
                        InstantSource.system())) {
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
