package org.posthorn.protocol.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModifiedUtf7Test {
    /** The mixed name of RFC 3501 5.1.3, and others. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "~peter/mail/&U,BTFw-/&ZeVnLIqe-; ~peter/mail/台北/日本語",
                "INBOX; INBOX",
                "Entw&APw-rfe; Entwürfe",
                "A&-B; A&B",
                "&-; &",
                "&2D3cAA-; 🐀",
                "&AOkA6Q-a&AOk-; ééaé"
            })
    void codesBothWays(String wire, String name) {
        assertThat(ModifiedUtf7.decode(wire)).isEqualTo(name);
        assertThat(ModifiedUtf7.encode(name)).isEqualTo(wire);
    }

    /** The wrong ones of RFC 3501 5.1.3 and more. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "&Jjo!", // the shift never ends
                "&U,BTFw-&ZeVnLIqe-", // superfluous shift
                "&AGE-", // a, which must be written as itself
                "&AOk", // unfinished
                "&AO-", // half a unit
                "&2D0-", // half a pair
                "&U/BTFw-", // the other alphabet
                "&AOl-", // bits left over
                "\u00fc", // raw 8-bit
                "a\tb"
            })
    void rejectsWhatTheEncodingForbids(String wire) {
        assertThatThrownBy(() -> ModifiedUtf7.decode(wire)).isInstanceOf(ImapSyntaxException.class);
    }

    @Test
    void takesAnAmpersandBetweenShifts() {
        assertThat(ModifiedUtf7.decode("&AOk-&-&AOk-")).isEqualTo("é&é");
    }

    @Test
    void plainIsFromSpaceToTilde() {
        assertThat(ModifiedUtf7.encode(" ~\u001f")).isEqualTo(" ~&AB8-");
        assertThat(ModifiedUtf7.encode("\u007f&")).isEqualTo("&AH8-&-");
        assertThat(ModifiedUtf7.decode("&AH8-")).isEqualTo("\u007f");
        assertThat(ModifiedUtf7.decode("&-&AOk-")).isEqualTo("&é");
        assertThat(ModifiedUtf7.encode("é&é")).isEqualTo("&AOk-&-&AOk-");
        for (String wire : new String[] {"&ACA-", "&AH4-", "&3AA-", "&2AA-", "&2ADYAA-", "&=-", "&!!!!-", "&A-"}) {
            assertThatThrownBy(() -> ModifiedUtf7.decode(wire)).as(wire).isInstanceOf(ImapSyntaxException.class);
        }
    }
}
