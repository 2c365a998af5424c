package org.posthorn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final Table table =
            new Table(new PrintStream(printed, true, StandardCharsets.UTF_8), List.of("id", "what"));

    private List<String> lines() {
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void alignsColumns() {
        table.row(List.of("long", "x"));
        table.row(List.of("s", "y"));
        assertThat(lines()).isEmpty();
        table.end();
        assertThat(lines()).containsExactly("id    what", "long  x", "s     y");
    }

    /** After the first 1,000 rows nothing is kept. */
    @Test
    void printsRowsAsTheyComeOnceItHasMeasuredAThousand() {
        for (int i = 0; i < 1000; i++) {
            table.row(List.of("abc", "x"));
        }
        assertThat(lines()).hasSize(1001).first().isEqualTo("id   what");
        table.row(List.of("a", "x"));
        table.row(List.of("abcdef", "x"));
        assertThat(lines()).hasSize(1003).endsWith("a    x", "abcdef  x");
        table.end();
        assertThat(lines()).hasSize(1003);
    }
}
