package org.posthorn.protocol.pop3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Pop3CommandParserTest {
    private static Pop3Command parse(String line) {
        return Pop3CommandParser.parse(line);
    }

    @Test
    void readsCommandsInAnyCase() {
        for (Pop3Command.Simple simple : Pop3Command.Simple.values()) {
            assertThat(parse(simple.name())).isEqualTo(simple);
        }
        assertThat(parse("quit ")).isEqualTo(Pop3Command.Simple.QUIT);
        assertThat(parse("XTND x")).isEqualTo(new Pop3Command.Unknown());
        assertThat(parse("")).isEqualTo(new Pop3Command.Unknown());
        assertThat(parse(" QUIT")).isEqualTo(new Pop3Command.Unknown());
    }

    @Test
    void readsNumbersOfMessages() {
        assertThat(parse("RETR 1")).isEqualTo(new Pop3Command.Retr(1));
        assertThat(parse("DELE 109 ")).isEqualTo(new Pop3Command.Dele(109));
        assertThat(parse("RETR 999999999")).isEqualTo(new Pop3Command.Retr(999_999_999));
        assertThat(parse("LIST")).isEqualTo(new Pop3Command.ListSizes(OptionalInt.empty()));
        assertThat(parse("LIST 2")).isEqualTo(new Pop3Command.ListSizes(OptionalInt.of(2)));
        assertThat(parse("UIDL ")).isEqualTo(new Pop3Command.ListIds(OptionalInt.empty()));
        assertThat(parse("TOP 3  0")).isEqualTo(new Pop3Command.Top(3, 0));
    }

    /** Names and passwords hold UTF-8; spaces count in a password (RFC 1939 7). */
    @Test
    void readsNamesAndPasswords() {
        assertThat(parse("USER  alice ")).isEqualTo(new Pop3Command.User("alice"));
        assertThat(parse("PASS  a b ")).isEqualTo(new Pop3Command.Pass(" a b "));
        assertThat(parse("PASS gr\u00c3\u00bcn")).isEqualTo(new Pop3Command.Pass("gr\u00fcn"));
    }

    @Test
    void readsMechanisms() {
        assertThat(parse("AUTH")).isEqualTo(new Pop3Command.Auth(Optional.empty(), Optional.empty()));
        assertThat(parse("AUTH PLAIN")).isEqualTo(new Pop3Command.Auth(Optional.of("PLAIN"), Optional.empty()));
        assertThat(parse("AUTH PLAIN  AGE="))
                .isEqualTo(new Pop3Command.Auth(Optional.of("PLAIN"), Optional.of("AGE=")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "QUIT now",
                "RETR",
                "RETR 0",
                "RETR -1",
                "RETR 1/",
                "RETR 1:",
                "RETR 1000000000",
                "LIST 0",
                "TOP 1",
                "TOP 1 2 3",
                "TOP 0 1",
                "TOP 1 x",
                "USER",
                "USER  ",
                "PASS",
                "PASS gr\u00fcn",
                "AUTH PLAIN a b"
            })
    void refuses(String line) {
        assertThatThrownBy(() -> parse(line)).isInstanceOf(Pop3SyntaxException.class);
    }
}
