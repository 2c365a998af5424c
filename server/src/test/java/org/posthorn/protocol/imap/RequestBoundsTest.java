package org.posthorn.protocol.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.protocol.imap.FetchItem.Section;
import org.posthorn.protocol.imap.FetchItem.Simple;
import org.posthorn.protocol.imap.FlagList.SystemFlag;

/** Where the grammar of RFC 3501 ends, and our limits: the last that is taken and the first that is not. */
class RequestBoundsTest {
    private static ImapCommand parse(String command) {
        return RequestParser.parse("a1 " + command).command();
    }

    private static void taken(String command) {
        assertThatCode(() -> parse(command)).doesNotThrowAnyException();
    }

    private static void refused(String command, String message) {
        assertThatThrownBy(() -> parse(command))
                .isInstanceOf(ImapSyntaxException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({
        "1-Feb-1994, 1994-02-01",
        "01-feb-1994, 1994-02-01",
        "29-FEB-2024, 2024-02-29",
        "31-Dec-9999, 9999-12-31"
    })
    void readsDates(String written, String date) {
        assertThat(ImapDates.date(written)).isEqualTo(LocalDate.parse(date));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Feb-1994",
                "001-Feb-1994",
                "1-Feb-94",
                "1-Feb-19945",
                "1-Feb",
                "1-Feb-1994-1",
                "32-Jan-1994",
                "1-Foo-1994",
                "/-Feb-1994",
                ":-Feb-1994",
                "0-Feb-1994",
                "30-Feb-2024"
            })
    void refusesWhatIsNoDate(String written) {
        assertThatThrownBy(() -> ImapDates.date(written)).hasMessage("Invalid date");
    }

    @ParameterizedTest
    @CsvSource({
        "' 7-Feb-1994 21:52:25 -0800', 1994-02-08T05:52:25Z",
        "'7-Feb-1994 21:52:25 -0800', 1994-02-08T05:52:25Z",
        "'17-Jul-1996 02:44:60 +0130', 1996-07-17T01:14:59Z",
        "'17-Jul-1996 23:59:59 +0000', 1996-07-17T23:59:59Z",
        "'17-Jul-1996 00:00:00 +1800', 1996-07-16T06:00:00Z"
    })
    void readsDatesWithTime(String written, String instant) {
        assertThat(ImapDates.dateTime(written)).isEqualTo(Instant.parse(instant));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "17-Jul-1996 02:44:25 +000", "17-Jul-1996 02:44:25 +00000", "17/Jul-1996 02:44:25 +0000",
                "17-Jul/1996 02:44:25 +0000", "17-Jul-1996T02:44:25 +0000", "17-Jul-1996 02.44:25 +0000",
                "17-Jul-1996 02:44.25 +0000", "17-Jul-1996 02:44:25T+0000", "17-Jul-1996 02:44:25 *0000",
                "17-Jul-1996 24:00:00 +0000", "17-Jul-1996 02:60:00 +0000", "17-Jul-1996 02:44:25 +1801",
                "17-Jul-1996 02:44:25 +00a0"
            })
    void refusesWhatIsNoDateWithTime(String written) {
        assertThatThrownBy(() -> ImapDates.dateTime(written)).hasMessage("Invalid date");
    }

    @Test
    void writesDatesInUtc() {
        assertThat(ImapDates.format(-1)).isEqualTo("31-Dec-1969 23:59:59 +0000");
        assertThat(ImapDates.format(0)).isEqualTo(" 1-Jan-1970 00:00:00 +0000");
        assertThat(ImapDates.format(Instant.parse("2026-12-10T10:09:59.999Z").toEpochMilli()))
                .isEqualTo("10-Dec-2026 10:09:59 +0000");
    }

    private static String keywords(int from, int count) {
        return IntStream.range(from, from + count).mapToObj(i -> "k" + i).collect(Collectors.joining(" "));
    }

    @Test
    void takes200FlagsOf100Characters() {
        taken("STORE 1 FLAGS (" + keywords(0, 200) + ")");
        taken("STORE 1 FLAGS " + keywords(0, 199) + " \\Seen \\seen K0");
        refused("STORE 1 FLAGS (" + keywords(0, 200) + " \\Seen)", "Too many flags");
        refused("STORE 1 FLAGS (" + keywords(0, 201) + ")", "Too many flags");
        refused("STORE 1 FLAGS (" + keywords(0, 202) + ")", "Keyword too long, or too many of them");
        taken("STORE 1 FLAGS (" + "x".repeat(100) + ")");
        refused("STORE 1 FLAGS (" + "x".repeat(101) + ")", "Keyword too long, or too many of them");
        for (SystemFlag flag : SystemFlag.values()) {
            assertThat(((ImapCommand.Store) parse("STORE 1 FLAGS (" + flag.text() + ")")).flags())
                    .isEqualTo(new FlagList(List.of(flag), List.of()));
        }
    }

    private static String fields(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"f" + i + "\" \"v\"")
                .collect(Collectors.joining(" ", "(", ")"));
    }

    /** RFC 2971 3.3. */
    @Test
    void takesThirtyFieldsOfId() {
        assertThat(((ImapCommand.Id) parse("ID " + fields(30))).fields()).hasSize(30);
        refused("ID " + fields(31), "Too many ID fields");
        assertThat(parse("ID ()")).isEqualTo(parse("ID nil"));
        refused("ID nilx", "Expected '(' at position 7");
    }

    @Test
    void takesAThousandItemsAndFields() {
        String fields = IntStream.range(0, 1_000).mapToObj(i -> "f" + i).collect(Collectors.joining(" "));
        taken("FETCH 1 BODY[HEADER.FIELDS (" + fields + ")]");
        refused("FETCH 1 BODY[HEADER.FIELDS (" + fields + " x)]", "Too many header fields");
        String items =
                IntStream.range(1, 1_001).mapToObj(i -> "BODY[" + i + "]").collect(Collectors.joining(" "));
        taken("FETCH 1 (" + items + ")");
        refused("FETCH 1 (" + items + " UID)", "Too many FETCH items");
    }

    @Test
    void takesPathsOfAHundredParts() {
        String path = "1.".repeat(99) + "1";
        taken("FETCH 1 BODY[" + path + "]");
        refused("FETCH 1 BODY[" + path + ".1]", "Part number too large");
        taken("FETCH 1 BODY[2147483647]");
        refused("FETCH 1 BODY[2147483648]", "Part number too large");
    }

    @Test
    void numbersHave32Bits() {
        taken("SEARCH LARGER 4294967295");
        refused("SEARCH LARGER 4294967296", "Number too large");
        refused("SEARCH LARGER x", "Expected a number at position 18");
        refused("SEARCH LARGER /", "Expected a number at position 18");
        taken("FETCH 1 BODY[]<0.4294967295>");
        refused("FETCH 1 BODY[]<0.0>", "Expected a number from 1 up at position 21");
    }

    @Test
    void nestsSearchKeys32Deep() {
        taken("SEARCH " + "NOT ".repeat(32) + "ALL");
        refused("SEARCH " + "NOT ".repeat(33) + "ALL", "Search keys nested too deep");
        taken("SEARCH " + "(".repeat(32) + "ALL" + ")".repeat(32));
        refused("SEARCH " + "(".repeat(33) + "ALL" + ")".repeat(33), "Search keys nested too deep");
        taken("SEARCH " + "OR ALL ".repeat(32) + "ALL");
        refused("SEARCH " + "OR ALL ".repeat(33) + "ALL", "Search keys nested too deep");
        taken("SEARCH (" + "(ALL) ".repeat(40) + "ALL)");
    }

    @Test
    void saysWhatIsWrongAndWhere() {
        refused("NOOP x", "Unexpected text at position 8");
        refused("SELECT", "Missing argument");
        refused("LOGIN a  b", "Expected a string at position 12");
        refused("LOGIN a\tb", "Expected a space at position 11");
        refused("LOGIN a \"b", "Unterminated quoted string");
        refused("LOGIN a \"b\rc\"", "Unterminated quoted string");
        refused("LOGIN a \"b\\c\"", "Wrong escape in a quoted string at position 15");
        refused("LOGIN a {3}\r\nab", "Literal is shorter than its size");
        refused("LOGIN a {1}\r\n\0", "NUL in a literal");
        refused("LOGIN a {1}x", "Expected '\r' at position 15");
        refused("STATUS x (FOO)", "Unknown STATUS item");
        refused("STATUS x (MESSAGES", "Missing argument");
        refused("STORE 1 FLAGS", "Missing argument");
        refused("STORE 1 FLAGGED (x)", "Unknown STORE item");
        refused("FETCH 1 BODY[FOO]", "Unknown section");
        refused("FETCH 1 BODY[MIME]", "MIME needs a part number");
        refused("FETCH 1 BODY[1", "Expected ']' at the end");
        refused("FETCH 1 FOO", "Unknown FETCH item");
        refused("FOO", "Unknown command");
        assertThatThrownBy(() -> RequestParser.parse("a1")).hasMessage("Missing command");
        assertThatThrownBy(() -> RequestParser.parse("a(1 NOOP")).hasMessage("Invalid tag");
        assertThatThrownBy(() -> RequestParser.parse("a1 LOGIN x \"\u00fc\"")).hasMessage("Text is not valid UTF-8");
    }

    @Test
    void readsTheOtherCommands() {
        assertThat(RequestParser.parse("a1 NOOP").tag()).isEqualTo("a1");
        assertThat(parse("LSUB \"\" *")).isEqualTo(new ImapCommand.ListMailboxes("", "*", true));
        assertThat(parse("LIST \"\" &x")).isEqualTo(new ImapCommand.ListMailboxes("", "&x", false));
        assertThat(parse("ENABLE condstore X")).isEqualTo(new ImapCommand.Enable(List.of("CONDSTORE", "X")));
        assertThat(parse("RENAME a b")).isEqualTo(new ImapCommand.Rename("a", "b"));
        assertThat(parse("EXPUNGE")).isEqualTo(new ImapCommand.Expunge(Optional.empty()));
        assertThat(parse("UID EXPUNGE 3")).isEqualTo(new ImapCommand.Expunge(Optional.of(SequenceSet.parse("3"))));
        assertThat(parse("UID COPY 3 x")).isEqualTo(new ImapCommand.Copy(true, SequenceSet.parse("3"), "x"));
        assertThat(parse("MOVE 3 x")).isEqualTo(new ImapCommand.Move(false, SequenceSet.parse("3"), "x"));
        assertThat(parse("AUTHENTICATE plain")).isEqualTo(new ImapCommand.Authenticate("PLAIN", Optional.empty()));
        assertThat(parse("AUTHENTICATE PLAIN AA=="))
                .isEqualTo(new ImapCommand.Authenticate("PLAIN", Optional.of("AA==")));
        assertThat(((ImapCommand.Status) parse("STATUS x (UNSEEN messages RECENT UIDNEXT UIDVALIDITY UNSEEN)")).items())
                .hasSize(5)
                .doesNotHaveDuplicates();
        assertThat(((ImapCommand.Search) parse("UID SEARCH CHARSET utf-8 ALL")).uid())
                .isTrue();
        assertThat(((ImapCommand.Search) parse("SEARCH CHARSET x ALL")).uid()).isFalse();
        assertThat(((ImapCommand.Search) parse("SEARCH SUBJECT {2}\r\n\u00c3\u00bc")).key())
                .isEqualTo(new SearchKey.Header("SUBJECT", "\u00fc"));
        assertThat(((ImapCommand.Search) parse("SEARCH BODY {1}\r\n\u007f")).key())
                .isEqualTo(new SearchKey.Body("\u007f"));
    }

    private static List<FetchItem> items(String items) {
        return ((ImapCommand.Fetch) parse("FETCH 1 " + items)).items();
    }

    @Test
    void readsMacrosAndOldNames() {
        assertThat(items("ALL"))
                .containsExactly(Simple.FLAGS, Simple.INTERNALDATE, Simple.RFC822_SIZE, Simple.ENVELOPE);
        assertThat(items("full"))
                .containsExactly(Simple.FLAGS, Simple.INTERNALDATE, Simple.RFC822_SIZE, Simple.ENVELOPE, Simple.BODY);
        assertThat(items("(BODY BODYSTRUCTURE FLAGS INTERNALDATE)"))
                .containsExactly(Simple.BODY, Simple.BODYSTRUCTURE, Simple.FLAGS, Simple.INTERNALDATE);
        assertThat(items("RFC822")).containsExactly(new FetchItem.Text("RFC822", Section.ALL, false, Optional.empty()));
        for (String label : List.of(
                "BODY[]",
                "BODY[1.2]",
                "BODY[1.HEADER]",
                "BODY[HEADER]",
                "BODY[TEXT]",
                "BODY[2.TEXT]",
                "BODY[HEADER.FIELDS (A B)]",
                "BODY[1.HEADER.FIELDS.NOT (\"a b\")]")) {
            FetchItem.Text text = (FetchItem.Text) items(label + "<3.9>").getFirst();
            assertThat(text.label()).isEqualTo(label);
            assertThat(text.peek()).isFalse();
            assertThat(text.partial()).contains(new FetchItem.Partial(3, 9));
        }
    }

    /** RFC 3501 section 9: atom-specials, and tags without a plus sign. */
    @Test
    void knowsTheClassesOfCharacters() {
        for (int c = 0; c < 300; c++) {
            boolean visible = c > 0x20 && c < 0x7f;
            boolean atom = visible && "(){%*\"\\]".indexOf(c) < 0;
            assertThat(Ascii.isAtomChar(c)).as("%x", c).isEqualTo(atom);
            assertThat(Ascii.isAstringChar(c)).as("%x", c).isEqualTo(atom || c == ']');
            assertThat(Ascii.isListChar(c)).as("%x", c).isEqualTo(atom || c == ']' || c == '%' || c == '*');
            assertThat(Ascii.isTagChar(c)).as("%x", c).isEqualTo((atom || c == ']') && c != '+');
        }
    }
}
