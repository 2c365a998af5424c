package org.posthorn.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.protocol.imap.ImapCommand;
import org.posthorn.protocol.imap.RequestParser;

/** RFC 3501 3 and 6.1 to 6.4. */
class CommandStatesTest {
    private static ImapCommand command(String text) throws Exception {
        return RequestParser.parse("a " + text).command();
    }

    private static String refusal(String text, boolean authenticated, boolean selected) throws Exception {
        return CommandStates.refusal(command(text), authenticated, selected)
                .map(reply -> reply.line("a"))
                .orElse("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CAPABILITY", "NOOP", "LOGOUT", "ID NIL"})
    void isAllowedAlways(String text) throws Exception {
        assertThat(refusal(text, false, false)).isEmpty();
        assertThat(refusal(text, true, false)).isEmpty();
        assertThat(refusal(text, true, true)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"STARTTLS", "AUTHENTICATE PLAIN", "LOGIN a b"})
    void isAllowedBeforeLogin(String text) throws Exception {
        assertThat(refusal(text, false, false)).isEmpty();
        assertThat(refusal(text, true, false)).isEqualTo("a BAD Already logged in");
        assertThat(refusal(text, true, true)).isEqualTo("a BAD Already logged in");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ENABLE X",
                "SELECT a",
                "EXAMINE a",
                "CREATE a",
                "DELETE a",
                "RENAME a b",
                "SUBSCRIBE a",
                "UNSUBSCRIBE a",
                "LIST \"\" *",
                "LSUB \"\" *",
                "NAMESPACE",
                "STATUS a (MESSAGES)",
                "IDLE"
            })
    void isAllowedAfterLogin(String text) throws Exception {
        assertThat(refusal(text, false, false)).isEqualTo("a BAD Please log in first");
        assertThat(refusal(text, true, false)).isEmpty();
        assertThat(refusal(text, true, true)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CHECK",
                "CLOSE",
                "UNSELECT",
                "EXPUNGE",
                "UID EXPUNGE 1",
                "SEARCH ALL",
                "FETCH 1 FLAGS",
                "UID FETCH 1 FLAGS",
                "STORE 1 FLAGS (\\Seen)",
                "COPY 1 a",
                "MOVE 1 a"
            })
    void needsAMailbox(String text) throws Exception {
        assertThat(refusal(text, false, false)).isEqualTo("a BAD Please log in first");
        assertThat(refusal(text, true, false)).isEqualTo("a BAD No mailbox selected");
        assertThat(refusal(text, true, true)).isEmpty();
    }

    /** RFC 3501 7.4.1: while numbers count, none may change its meaning. */
    @ParameterizedTest
    @CsvSource({
        "FETCH 1 FLAGS, false, false",
        "UID FETCH 1 FLAGS, true, true",
        "STORE 1 FLAGS (\\Seen), false, false",
        "UID STORE 1 FLAGS (\\Seen), true, true",
        "SEARCH ALL, false, false",
        "UID SEARCH ALL, true, false",
        "NOOP, true, false",
        "UID COPY 1 a, true, false",
    })
    void tellsOfExpungedMessagesWhereNumbersDoNotCount(String text, boolean mayExpunge, boolean withUid)
            throws Exception {
        assertThat(CommandStates.mayExpunge(command(text))).isEqualTo(mayExpunge);
        assertThat(CommandStates.isUid(command(text))).isEqualTo(withUid);
    }

    @Test
    void tellsOfChangesBehindEveryCommandThatKeepsTheMailbox() throws Exception {
        assertThat(CommandStates.mayAnnounce(command("NOOP"))).isTrue();
        assertThat(CommandStates.mayAnnounce(command("FETCH 1 FLAGS"))).isTrue();
        assertThat(CommandStates.mayAnnounce(command("SELECT a"))).isFalse();
        assertThat(CommandStates.mayAnnounce(command("LOGOUT"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"LIST a b, LIST", "LSUB a b, LSUB", "SELECT a, SELECT", "EXAMINE a, EXAMINE", "IDLE, IDLE"})
    void isNamedInTheLogAsOnTheWire(String text, String name) throws Exception {
        assertThat(CommandStates.name(command(text))).isEqualTo(name);
    }
}
