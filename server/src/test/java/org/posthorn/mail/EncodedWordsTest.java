package org.posthorn.mail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncodedWordsTest {
    /** RFC 2047 8, RFC 2231 5, and what real senders write. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "=?US-ASCII?Q?Keith_Moore?=|Keith Moore",
                "=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?=|Keld Jørn Simonsen",
                "=?ISO-8859-1?Q?Andr=E9?= Pirard|André Pirard",
                "=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?= =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?="
                        + "|If you can read this you understand the example.",
                "(=?ISO-8859-1?Q?a?=)|(a)",
                "(=?ISO-8859-1?Q?a?= b)|(a b)",
                "(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)|(ab)",
                "(=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=)|(ab)",
                "(=?ISO-8859-1?Q?a_b?=)|(a b)",
                "(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)|(a b)",
                "=?US-ASCII*EN?Q?Keith_Moore?=|Keith Moore",
                "=?utf-8?q?=C3?= =?utf-8?q?=A4?=|ä",
                "=?utf-8?b?w6Q?=|ä",
                "=?utf-8?Q?a b?= c|a b c",
                "x=?utf-8?q?y?=z|xyz",
                "=?utf-8?q?=4a=4?=|J=4",
                "=?utf-8?q??=|",
                "=?utf-8?x?a?=|=?utf-8?x?a?=",
                "=?no-such-charset?q?a?=|=?no-such-charset?q?a?=",
                "=?utf-8?q?a|=?utf-8?q?a",
                "=?=?utf-8?q?a?=|=?a",
                "a =? b|a =? b",
                "=?gb2312?B?xOO6ww==?=|你好",
                "=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=|日本",
                "=?koi8-r?B?8NLJ18XU?=|Привет"
            })
    void decodes(String encoded, String text) {
        assertThat(EncodedWords.decode(encoded)).isEqualTo(text == null ? "" : text);
    }

    @Test
    void leavesOverlongWordAsItIs() {
        String word = "=?utf-8?q?" + "a".repeat(5000) + "?=";
        assertThat(EncodedWords.decode(word)).isEqualTo(word);
    }

    @Test
    void decodesNotMoreUnknownCharsetsThanItLooksUp() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            text.append("=?none-").append(i).append("?q?a?= ");
        }
        assertThat(EncodedWords.decode(text + "=?utf-8?q?b?=")).isEqualTo(text + "=?utf-8?q?b?=");
    }

    @Test
    void decodesWordsOf4096Characters() {
        String start = "=?utf-8?q?";
        String longest = start + "a".repeat(4_096 - start.length() - 2) + "?=";
        assertThat(EncodedWords.decode(longest)).isEqualTo("a".repeat(4_096 - start.length() - 2));
        String more = longest.replace("?=", "a?=");
        assertThat(EncodedWords.decode(more)).isEqualTo(more);
    }

    @Test
    void looksUpSeventeenCharsetsThatItDoesNotKnow() {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= 16; i++) {
            text.append("=?none-").append(i).append("?q?a?= ");
        }
        assertThat(EncodedWords.decode(text + "=?utf-8?q?b?=")).isEqualTo(text + "b");
        assertThat(EncodedWords.decode(text + "=?none-1?q?a?= =?utf-8?q?b?=")).isEqualTo(text + "=?none-1?q?a?= b");
        text.append("=?none-17?q?a?= ");
        assertThat(EncodedWords.decode(text + "=?utf-8?q?b?=")).isEqualTo(text + "=?utf-8?q?b?=");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "=?utf-8?B?QUFBQUFB?=|AAAAAA",
                "=?utf-8?b?QQ==?=|A",
                "=?utf-8?b?QUI=?=|AB",
                "=?utf-8?b?Q*U.I?=|AB",
                "=?utf-8?b?8J-QgA?=|\ud83d\udc00",
                "=?utf-8?b?8J+QgA?=|\ud83d\udc00",
                "=?iso-8859-1?b?/_-+?=|\u00ff\u00ff\u00be",
                "=?utf-8?q?=41=5a=61=7A=30=39?=|AZaz09",
                "=?utf-8?q?=?=|=",
                "=?utf-8?q?=4?=|=4",
                "=?utf-8?q?=4g?=|=4g",
                "=?utf-8?q?=g4?=|=g4",
                "=?utf-8?q?\u00fc=C3=BC?=|\u00fc\u00fc",
                "=?utf-8?q?=C3\u00fc?=|\ufffd\u00fc",
                "=?utf-8?q?a?=\t \t=?utf-8?q?b?=|ab",
                "=?utf-8?q?a?=.=?utf-8?q?b?=|a.b",
                "=?utf-8?q?a?==?utf-8?q?b?=|ab",
                "=?utf-8?|=?utf-8?",
                "=?utf-8?q|=?utf-8?q",
                "=?utf-8?qq?a?=|=?utf-8?qq?a?="
            })
    void decodesEachCharacterOfAWord(String encoded, String text) {
        assertThat(EncodedWords.decode(encoded)).isEqualTo(text);
    }
}
