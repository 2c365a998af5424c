package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SearchTextTest {
    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** In all three ways, which have to agree. */
    private static boolean isIn(String wanted, String text) throws IOException {
        SearchText search = new SearchText(wanted);
        boolean found = search.isIn(text);
        assertThat(search.isIn(new StringReader(text))).isEqualTo(found);
        if (search.isAscii()) {
            assertThat(search.isIn(stream(text))).isEqualTo(found);
        }
        return found;
    }

    @Test
    void findsWithoutRegardToCase() throws IOException {
        assertThat(isIn("HeLLo", "say hello")).isTrue();
        assertThat(isIn("grÜße", "viele GRÜßE")).isTrue();
        assertThat(isIn("hello", "help hell")).isFalse();
        assertThat(isIn("", "")).isTrue();
        assertThat(isIn("[", "{")).isFalse();
        assertThat(isIn("k", "\u00eb")).isFalse();
    }

    @Test
    void findsWhatAPlainSearchFinds() throws IOException {
        Random random = new Random(20);
        for (int i = 0; i < 20_000; i++) {
            String text = letters(random, random.nextInt(30));
            String wanted = letters(random, random.nextInt(8));
            assertThat(isIn(wanted, text)).as(wanted + " in " + text).isEqualTo(text.contains(wanted));
        }
    }

    private static String letters(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(2)));
        }
        return text.toString();
    }

    @Test
    void findsAcrossTheEdgesOfChunks() throws IOException {
        for (int before = 8180; before < 8200; before++) {
            assertThat(isIn("aab" + "x".repeat(9000) + "y", "a".repeat(before) + "b" + "x".repeat(9000) + "y"))
                    .isTrue();
        }
    }

    /** What does not go on is looked at no second time: a hundred million steps, not ten million times a million. */
    @Test
    void takesStepsInProportionToTheText() throws IOException {
        SearchText hostile = new SearchText("a".repeat(1_000_000) + "b");
        String text = "a".repeat(10_000_000);

        assertThat(hostile.isIn(text)).isFalse();
        assertThat(hostile.isIn(stream(text))).isFalse();
        try (Reader reader = new StringReader(text)) {
            assertThat(hostile.isIn(reader)).isFalse();
        }
    }
}
