package org.posthorn.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataFormatsTest {
    private static final List<DataFormat> KNOWN =
            List.of(new DataFormat("spool", 1, 1), new DataFormat("directory", 2, 3));

    @TempDir
    Path data;

    @Test
    void notesWhatIsWritten() throws IOException {
        DataFormats.admit(data, KNOWN);
        assertThat(Files.readAllLines(data.resolve("formats")))
                .contains("directory 3", "spool 1")
                .hasSize(3);
        DataFormats.admit(data, KNOWN);
    }

    @Test
    void takesAnOlderVersionOver() throws IOException {
        Files.writeString(data.resolve("formats"), "directory 2\n");
        DataFormats.admit(data, KNOWN);
        assertThat(Files.readAllLines(data.resolve("formats"))).contains("directory 3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"directory 4", "directory 1", "spool 2", "index 1", "spool x", "spool", "spool 9999999999"})
    void refusesWhatIsNotKnownAndWritesNothing(String line) throws IOException {
        Files.writeString(data.resolve("formats"), line + "\n");
        assertThatThrownBy(() -> DataFormats.admit(data, KNOWN))
                .isInstanceOf(UnknownFormatException.class)
                .hasMessageContaining(line)
                .hasMessageContaining("Nothing was changed");
        assertThat(data.resolve("formats")).hasContent(line);
        try (var files = Files.list(data)) {
            assertThat(files).hasSize(1);
        }
    }
}
