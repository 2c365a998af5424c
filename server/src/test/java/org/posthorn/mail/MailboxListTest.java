package org.posthorn.mail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailboxListTest {
    /** RFC 5322 3.4 and 4.4, RFC 6854, RFC 6532, and names that lack their quotes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@b",
                "a@b.c, d@e.f",
                " (x) a . b @ c . d (y) ",
                "\"a b\"@c",
                "\"a\\\"b\".c@d",
                "Anna <a@b>",
                "<a@b>",
                "\"x, y\" <a@b>",
                "(x (y) \\) z) Anna <a@b> (w)",
                "name@x <a@b>",
                "J\u00fcrgen <j\u00fcrgen@b\u00fccher.example>",
                "a@[192.0.2.1]",
                "A <a@[IPv6:::1]>",
                "<@x:a@b>",
                "<@x,@y.z:a@b>",
                "<,@x:a@b>",
                "<@x , (c) @y : a@b>",
                "g: a@b, c@d;",
                "g:;",
                "g: ;, a@b",
                ",a@b,, c@d,",
                "",
                "\r\n\ta@b"
            })
    void isWhatTheGrammarHas(String value) {
        assertThat(MailboxList.isWellFormed(value)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a@",
                "@b",
                "a@b c",
                "a b@c",
                "a@b@c",
                "a.@b",
                ".a@b",
                "a@b.",
                "a@.b",
                "a..b@c",
                "a@b; c@d",
                "a@b;",
                "<a@b",
                "a@b>",
                "<a@b>>",
                "<a@b> c",
                "<a>",
                "<>",
                "<@x a@b>",
                "<@x:>",
                "<@:a@b>",
                "<x:a@b>",
                "<,x:a@b>",
                "\"a@b",
                "\"a\\",
                "\"a\"b@c",
                "a@\"b\"",
                "a@[b",
                "a@[b]c",
                "(a@b",
                "a@b (c",
                "a@b (c\\)",
                "a@b )",
                ": a@b;",
                "g: a@b",
                "g: h: a@b;;",
                "x@y: a@b;",
                "g: a@b; c@d",
                "g: a",
                "a\u0000@b",
                "a@b\u0001c"
            })
    void isNothingElse(String value) {
        assertThat(MailboxList.isWellFormed(value)).isFalse();
    }
}
