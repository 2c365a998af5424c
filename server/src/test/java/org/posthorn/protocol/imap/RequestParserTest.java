package org.posthorn.protocol.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.protocol.imap.FetchItem.Partial;
import org.posthorn.protocol.imap.FetchItem.Section;
import org.posthorn.protocol.imap.FetchItem.Simple;
import org.posthorn.protocol.imap.FlagList.SystemFlag;

class RequestParserTest {
    private static ImapCommand parse(String command) {
        return RequestParser.parse("a1 " + command).command();
    }

    private static FetchItem.Text text(String item) {
        return (FetchItem.Text)
                ((ImapCommand.Fetch) parse("FETCH 1 " + item)).items().getFirst();
    }

    private static SearchKey search(String keys) {
        return ((ImapCommand.Search) parse("SEARCH " + keys)).key();
    }

    @Test
    void readsLoginInEveryFormOfString() {
        assertThat(parse("LOGIN fred \"se\\\"c\\\\ret\"")).isEqualTo(new ImapCommand.Login("fred", "se\"c\\ret"));
        assertThat(parse("login {4}\r\nfred {3+}\r\na b")).isEqualTo(new ImapCommand.Login("fred", "a b"));
        String utf8 = new String("grün".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertThat(parse("LOGIN x \"" + utf8 + "\"")).isEqualTo(new ImapCommand.Login("x", "grün"));
    }

    @Test
    void keepsThePasswordOutOfItsText() {
        assertThat(parse("LOGIN fred secret").toString()).doesNotContain("secret");
        assertThat(parse("AUTHENTICATE PLAIN c2VjcmV0").toString()).doesNotContain("c2VjcmV0");
    }

    @Test
    void readsMailboxNames() {
        assertThat(parse("SELECT Entw&APw-rfe")).isEqualTo(new ImapCommand.Select("Entwürfe", false));
        assertThat(parse("EXAMINE \"a b\"")).isEqualTo(new ImapCommand.Select("a b", true));
        assertThat(parse("SELECT !#$&-'+,-.0123456789:;<=>?@^_`|[}]"))
                .isEqualTo(new ImapCommand.Select("!#$&'+,-.0123456789:;<=>?@^_`|[}]", false));
        assertThat(parse("LIST \"\" a%*]")).isEqualTo(new ImapCommand.ListMailboxes("", "a%*]", false));
    }

    @Test
    void readsAppendUpToItsMessage() {
        assertThat(parse("APPEND saved (\\Seen $Forwarded) \" 7-Feb-1994 21:52:25 -0800\" {310}"))
                .isEqualTo(new ImapCommand.Append(
                        "saved",
                        new FlagList(List.of(SystemFlag.SEEN), List.of("$Forwarded")),
                        Optional.of(Instant.parse("1994-02-08T05:52:25Z")),
                        310));
        assertThat(parse("APPEND x {5+}")).isEqualTo(new ImapCommand.Append("x", FlagList.NONE, Optional.empty(), 5));
    }

    @Test
    void readsStoreWithAndWithoutParentheses() {
        FlagList deleted = new FlagList(List.of(SystemFlag.DELETED), List.of());
        assertThat(parse("STORE 2:4 +FLAGS.SILENT (\\Deleted)"))
                .isEqualTo(new ImapCommand.Store(
                        false, SequenceSet.parse("2:4"), ImapCommand.Store.Mode.ADD, true, deleted));
        assertThat(parse("UID STORE 1 -flags \\deleted"))
                .isEqualTo(new ImapCommand.Store(
                        true, SequenceSet.parse("1"), ImapCommand.Store.Mode.REMOVE, false, deleted));
        assertThat(parse("STORE 1 FLAGS ()"))
                .isEqualTo(new ImapCommand.Store(
                        false, SequenceSet.parse("1"), ImapCommand.Store.Mode.REPLACE, false, FlagList.NONE));
    }

    @Test
    void readsFetchMacrosAndItems() {
        assertThat(((ImapCommand.Fetch) parse("FETCH 1:* FAST")).items())
                .containsExactly(Simple.FLAGS, Simple.INTERNALDATE, Simple.RFC822_SIZE);
        assertThat(((ImapCommand.Fetch) parse("UID FETCH 1:* (UID ENVELOPE RFC822.SIZE UID)")).items())
                .containsExactly(Simple.UID, Simple.ENVELOPE, Simple.RFC822_SIZE);
    }

    @Test
    void readsSectionsAndPartials() {
        FetchItem.Text item = text("BODY.PEEK[1.2.HEADER.FIELDS.NOT (a \"b c\")]<7.100>");
        assertThat(item.section())
                .isEqualTo(new Section(List.of(1, 2), Section.Kind.HEADER_FIELDS_NOT, List.of("a", "b c")));
        assertThat(item.label()).isEqualTo("BODY[1.2.HEADER.FIELDS.NOT (a \"b c\")]");
        assertThat(item.partial()).contains(new Partial(7, 100));
        assertThat(item.peek()).isTrue();
        assertThat(text("BODY[]").section()).isEqualTo(Section.ALL);
        assertThat(text("BODY[3.MIME]").label()).isEqualTo("BODY[3.MIME]");
        assertThat(text("RFC822.HEADER").peek()).isTrue();
        assertThat(text("RFC822.TEXT").peek()).isFalse();
        assertThat(text("body[text]<0.5>").label()).isEqualTo("BODY[TEXT]");
    }

    @Test
    void readsSearchKeys() {
        assertThat(search("FLAGGED SINCE 1-Feb-1994 NOT FROM \"Smith\""))
                .isEqualTo(new SearchKey.And(List.of(
                        new SearchKey.HasFlag(SystemFlag.FLAGGED),
                        new SearchKey.Received(SearchKey.Comparison.SINCE, LocalDate.of(1994, 2, 1)),
                        new SearchKey.Not(new SearchKey.Address("FROM", "Smith")))));
        assertThat(search("OR (SEEN 2:3) UID 5"))
                .isEqualTo(new SearchKey.Or(
                        new SearchKey.And(List.of(
                                new SearchKey.HasFlag(SystemFlag.SEEN),
                                new SearchKey.Sequence(SequenceSet.parse("2:3")))),
                        new SearchKey.Uid(SequenceSet.parse("5"))));
        assertThat(search("HEADER x-foo \"\"")).isEqualTo(new SearchKey.Header("X-FOO", ""));
    }

    @Test
    void decodesSearchTextFromItsCharset() {
        assertThat(search("CHARSET ISO-8859-1 TEXT {1}\r\n\u00fc")).isEqualTo(new SearchKey.Text("ü"));
        assertThat(search("CHARSET utf-8 TEXT {2}\r\n\u00c3\u00bc")).isEqualTo(new SearchKey.Text("ü"));
        assertThat(((ImapCommand.Search) parse("SEARCH CHARSET X-NONE TEXT a")).unknownCharset())
                .contains("X-NONE");
    }

    @Test
    void readsId() {
        assertThat(parse("ID NIL")).isEqualTo(new ImapCommand.Id(Map.of()));
        assertThat(parse("ID (\"name\" \"x\" \"os\" NIL)")).isEqualTo(new ImapCommand.Id(Map.of("name", "x")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "FOO",
                "NOOP ",
                "NOOP x",
                "LOGIN a",
                "LOGIN a  b",
                "LOGIN a \"b",
                "LOGIN a \"b\\c\"",
                "LOGIN a {3}\r\nab",
                "LOGIN a {1}\r\n\0",
                "SELECT",
                "SELECT a b",
                "SELECT &Jjo",
                "SELECT \u00fc",
                "FETCH 1",
                "FETCH x FLAGS",
                "FETCH 1 ()",
                "FETCH 1 (FLAGS",
                "FETCH 1 (FAST)",
                "FETCH 1 BODY[MIME]",
                "FETCH 1 BODY[0]",
                "FETCH 1 BODY[1",
                "FETCH 1 BODY[]<0.0>",
                "FETCH 1 BODY[HEADER.FIELDS]",
                "FETCH 1 BODY[HEADER.FIELDS ()]",
                "STORE 1 FLAGS (\\Recent)",
                "STORE 1 FLAGS (\\Foo)",
                "STORE 1 FLAG (\\Seen)",
                "STORE 1 FLAGS",
                "SEARCH",
                "SEARCH ()",
                "SEARCH NOT",
                "SEARCH SINCE 31-Feb-1994",
                "SEARCH SINCE 1-Foo-1994",
                "SEARCH ALL ",
                "STATUS x ()",
                "STATUS x (FOO)",
                "APPEND x",
                "APPEND x \"-Feb-1994 21:52:25 -0800\" {3}",
                "UID NOOP",
                "UID EXPUNGE",
                "CREATE \"a\0b\""
            })
    void rejectsWhatTheGrammarDoesNotHave(String command) {
        assertThatThrownBy(() -> parse(command)).isInstanceOf(ImapSyntaxException.class);
    }

    @Test
    void rejectsSearchKeysNestedTooDeep() {
        assertThatThrownBy(() -> search("(".repeat(10_000) + "ALL")).isInstanceOf(ImapSyntaxException.class);
        assertThatThrownBy(() -> search("NOT ".repeat(10_000) + "ALL")).isInstanceOf(ImapSyntaxException.class);
        assertThat(search("NOT ".repeat(20) + "ALL")).isNotNull();
    }

    @Test
    void rejectsTooManyFlags() {
        StringBuilder flags = new StringBuilder("k0");
        for (int i = 1; i < 300; i++) {
            flags.append(" k").append(i);
        }
        assertThatThrownBy(() -> parse("STORE 1 FLAGS (" + flags + ")")).isInstanceOf(ImapSyntaxException.class);
    }
}
