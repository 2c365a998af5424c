package org.posthorn.protocol.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyCanonicalizerTest {
    /** RFC 6376 3.4.5, examples 1 and 2, and the borders of 3.4.3 and 3.4.4; ~ is CRLF, _ a space, > a tab. */
    @ParameterizedTest
    @CsvSource({
        "_C_~D_>_E~~~, _C~D_E~, _C_~D_>_E~",
        "'', '', ~",
        "~, '', ~",
        "~~~, '', ~",
        "_>~_~, '', _>~_~",
        "a, a~, a~",
        "a~, a~, a~",
        "a~~, a~, a~",
        "a_, a~, a_~",
        "a>b, a_b, a>b",
        "~~a~~b~~, ~~a~~b~, ~~a~~b~",
        "a~_~b~, a~~b~, a~_~b~",
        ">a~, _a~, >a~"
    })
    void bringsIntoCanonicalForm(String body, String relaxed, String simple) {
        assertThat(canonical(Canonicalization.RELAXED, body, 1000))
                .isEqualTo(text(relaxed.endsWith("~") || relaxed.isEmpty() ? relaxed : relaxed + "~"));
        assertThat(canonical(Canonicalization.SIMPLE, body, 1000))
                .isEqualTo(text(simple.endsWith("~") ? simple : simple + "~"));
    }

    @Test
    void keepsLonelyCrAndLf() {
        assertThat(canonical(Canonicalization.RELAXED, "a\rb\nc \r", 1000)).isEqualTo("a\rb\nc \r\r\n");
        assertThat(canonical(Canonicalization.SIMPLE, "\r", 1000)).isEqualTo("\r\r\n");
    }

    @Test
    void agreesWithPlainReadingWhereverTheBodyIsCut() {
        Random random = new Random(6376);
        String[] pieces = {"a", "\u00e9", " ", "  ", "\t", "\r\n", "\r\n\r\n", "word", ".", " \r\n", "\r\n "};
        for (int round = 0; round < 3000; round++) {
            StringBuilder body = new StringBuilder();
            int count = random.nextInt(24);
            for (int i = 0; i < count; i++) {
                body.append(pieces[random.nextInt(pieces.length)]);
            }
            for (Canonicalization form : Canonicalization.values()) {
                assertThat(canonical(form, body.toString(), 1 + random.nextInt(7)))
                        .as("%s of %s", form, body)
                        .isEqualTo(PlainVerifier.body(body.toString(), form.tag()));
            }
        }
    }

    /** Octets below the space that are no white space stand for themselves in both forms, wherever they are among eight. */
    @ParameterizedTest
    @ValueSource(strings = {"\u000e", "\u0019", "\u001f", "\0"})
    void keepsControlCharacters(String control) {
        for (int before = 0; before < 9; before++) {
            for (int after = 0; after < 9; after++) {
                String line = "x".repeat(before) + control + "y".repeat(after);
                assertThat(canonical(Canonicalization.SIMPLE, line + "  \r\n", 1000))
                        .isEqualTo(line + "  \r\n");
                assertThat(canonical(Canonicalization.RELAXED, line + "  \r\n", 1000))
                        .isEqualTo(line + "\r\n");
            }
        }
    }

    /** Pieces that are long enough for eight octets to be looked at at a time, at every alignment. */
    @Test
    void agreesWithPlainReadingInLongPieces() {
        Random random = new Random(9);
        String[] pieces = {
            "a",
            " ",
            " ",
            " ",
            "  ",
            "\t",
            "!",
            "\u007f",
            "\u00a0",
            "\0",
            "\r\n",
            " \r\n",
            "words",
            "seven77",
            "eight888",
            "longer than eight, with single spaces",
            "\u00ff\u0080 \u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9"
        };
        for (int round = 0; round < 4000; round++) {
            StringBuilder body = new StringBuilder();
            int count = random.nextInt(round == 0 ? 20_000 : 40);
            for (int i = 0; i < count; i++) {
                body.append(pieces[random.nextInt(pieces.length)]);
            }
            for (Canonicalization form : Canonicalization.values()) {
                assertThat(canonical(form, body.toString(), 1 + random.nextInt(300)))
                        .as("%s of %s", form, body)
                        .isEqualTo(PlainVerifier.body(body.toString(), form.tag()));
            }
        }
    }

    private static String canonical(Canonicalization form, String marked, int piece) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BodyCanonicalizer canonicalizer = new BodyCanonicalizer(form, out::write);
        byte[] bytes = text(marked).getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < bytes.length; i += piece) {
            canonicalizer.update(bytes, i, Math.min(piece, bytes.length - i));
        }
        canonicalizer.finish();
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private static String text(String marked) {
        return marked.replace("~", "\r\n").replace("_", " ").replace(">", "\t");
    }
}
