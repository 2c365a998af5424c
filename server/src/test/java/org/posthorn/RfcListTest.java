package org.posthorn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** RFCS.md: a specification as a whole stands in one row, with one status; single sections may have rows of their own. */
class RfcListTest {
    @Test
    void noRfcStandsTwice() throws Exception {
        List<String> whole = Files.readAllLines(Path.of("../RFCS.md")).stream()
                .filter(line -> line.startsWith("| "))
                .map(line -> line.split("\\|", -1)[1])
                .flatMap(cell -> List.of(cell.split(",", -1)).stream())
                .map(String::trim)
                .filter(number -> number.matches("\\d{3,5}"))
                .toList();
        assertThat(whole).hasSizeGreaterThan(60).doesNotHaveDuplicates();
    }
}
