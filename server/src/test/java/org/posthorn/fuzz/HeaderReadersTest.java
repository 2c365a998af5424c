package org.posthorn.fuzz;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@link HeaderReadersFuzz} with every sequence of up to four of the lines that readers differ about. */
class HeaderReadersTest {
    private static final List<String> LINES = List.of(
            "From: a@b.example\n",
            "From : c@d.example\n",
            "From a@b Mon Nov 30\n",
            " folded\n",
            "\t\n",
            "no field\n",
            ": x\n",
            "\n",
            "F\u00e9: x\n",
            "no end");

    @Test
    void allReadersSeeTheSameFields() {
        sequences("", 4);
    }

    private static void sequences(String begun, int left) {
        assertThatCode(() -> HeaderReadersFuzz.fuzzerTestOneInput(begun.getBytes(StandardCharsets.ISO_8859_1)))
                .as(begun)
                .doesNotThrowAnyException();
        for (String line : left > 0 ? LINES : List.<String>of()) {
            sequences(begun + line, left - 1);
        }
    }
}
