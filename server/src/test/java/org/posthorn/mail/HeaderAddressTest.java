package org.posthorn.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderAddressTest {
    /** RFC 5322 appendix A, and what real senders write. A mailbox is shown as name/route/local/domain, a group with braces. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "John Doe <jdoe@machine.example>|John Doe//jdoe/machine.example",
                "\"Joe Q. Public\" <john.q.public@example.com>|Joe Q. Public//john.q.public/example.com",
                "Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>"
                        + "|Mary Smith//mary/x.test; //jdoe/example.org; Who?//one/y.test",
                "<boss@nil.test>, \"Giant; \\\"Big\\\" Box\" <sysservices@example.net>"
                        + "|//boss/nil.test; Giant; \"Big\" Box//sysservices/example.net",
                "A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;"
                        + "|A Group{Ed Jones//c/a.test; //joe/where.test; John//jdoe/one.test}",
                "Undisclosed recipients:;|Undisclosed recipients{}",
                "Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>|Pete//pete/silly.test",
                "A Group(Some people):Chris Jones <c@(Chris's host.)public.example>,joe@example.org,"
                        + "John <jdoe@one.test> (my dear friend); (the end of the group)"
                        + "|A Group{Chris Jones//c/public.example; //joe/example.org; John//jdoe/one.test}",
                "(Empty list)(start)Hidden recipients  :(nobody(that I know))  ;|Hidden recipients{}",
                "Mary Smith <@machine.tld:mary@example.net>, , jdoe@test   . example"
                        + "|Mary Smith/@machine.tld/mary/example.net; //jdoe/test.example",
                "<@a.test , @b.test:x@y>|/@a.test,@b.test/x/y",
                "John Doe <jdoe@machine(comment).  example>|John Doe//jdoe/machine.example",
                "Joe Q. Public <john.q.public@example.com>|Joe Q. Public//john.q.public/example.com",
                "user@domain (Real Name)|Real Name//user/domain",
                "user@domain (Real (nick) Name)|Real (nick) Name//user/domain",
                "\"john doe\"@example.org|//john doe/example.org",
                "john . doe @ example.org|//john.doe/example.org",
                "a@b <c@d>|a@b//c/d",
                "John Doe john@x.org|John Doe//john/x.org",
                "Jürgen <jürgen@bücher.example>|Jürgen//jürgen/bücher.example",
                "=?utf-8?q?J=C3=BC?= <j@x>|=?utf-8?q?J=C3=BC?=//j/x",
                "[list] name <a@[127.0.0.1]>|[list] name//a/[127.0.0.1]",
                "postmaster|//postmaster/",
                "<>|///",
                "a@|//a/",
                "@b|///b",
                "<a@b|//a/b",
                "\"open <a@b>|//open <a@b>/",
                "(open <a@b>|",
                "a@b@c|//a/b",
                "a@b; c@d|//a/b; //c/d",
                ",,,|",
                "<a@b>>, c@d|//a/b; //c/d",
                "group: a@b, second: c@d;|group{//a/b; //second/; //c/d}"
            })
    void readsList(String value, String expected) {
        assertThat(HeaderAddress.parseList(value).stream()
                        .map(HeaderAddressTest::show)
                        .collect(Collectors.joining("; ")))
                .isEqualTo(expected == null ? "" : expected);
    }

    @Test
    void decodesNames() {
        List<HeaderAddress> list = HeaderAddress.parseList("=?utf-8?q?J=C3=BC?= <j@x>, =?utf-8?q?=C3=BC?=: b@y;");

        assertThat(((HeaderAddress.Mailbox) list.get(0)).displayName()).isEqualTo("Jü");
        assertThat(((HeaderAddress.Group) list.get(1)).displayName()).isEqualTo("ü");
        assertThat(HeaderAddress.mailboxes(list))
                .extracting(HeaderAddress.Mailbox::localPart)
                .containsExactly("j", "b");
    }

    @Test
    void givesAddressOnlyIfAnEnvelopeCouldCarryIt() {
        List<HeaderAddress.Mailbox> mailboxes = HeaderAddress.mailboxes(
                HeaderAddress.parseList("\"a b\"@Example.ORG, a@b..c, postmaster, ü@bücher.example"));

        assertThat(mailboxes.get(0).address()).contains(Address.parse("\"a b\"@example.org"));
        assertThat(mailboxes.get(1).address()).isEmpty();
        assertThat(mailboxes.get(2).address()).isEmpty();
        assertThat(mailboxes.get(3).address()).contains(Address.parse("ü@xn--bcher-kva.example"));
    }

    @Test
    void readsNoMoreEntriesThanAllowed() {
        assertThat(HeaderAddress.parseList("a@b,".repeat(HeaderAddress.MAX_ENTRIES + 50)))
                .hasSize(HeaderAddress.MAX_ENTRIES);
        HeaderAddress.Group group =
                (HeaderAddress.Group) HeaderAddress.parseList("g:" + "a@b,".repeat(HeaderAddress.MAX_ENTRIES + 50))
                        .getFirst();
        assertThat(group.members().size()).isLessThanOrEqualTo(HeaderAddress.MAX_ENTRIES);
    }

    private static String show(HeaderAddress entry) {
        return switch (entry) {
            case HeaderAddress.Mailbox mailbox ->
                mailbox.name().orElse("") + "/" + mailbox.route().orElse("") + "/" + mailbox.localPart() + "/"
                        + mailbox.domain();
            case HeaderAddress.Group group ->
                group.name()
                        + group.members().stream()
                                .map(HeaderAddressTest::show)
                                .collect(Collectors.joining("; ", "{", "}"));
        };
    }

    @Test
    void reads10000Entries() {
        assertThat(HeaderAddress.parseList("a@b,".repeat(10_001))).hasSize(10_000);
        assertThat(HeaderAddress.mailboxes(HeaderAddress.parseList("g:" + "a@b,".repeat(10_001) + ";c@d")))
                .hasSize(9_999);
        assertThat(HeaderAddress.parseList("a,".repeat(10_001))).hasSize(10_000);
        assertThat(new HeaderAddress.Mailbox(Optional.empty(), Optional.empty(), "a", "b").displayName())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "g: a, b;|g{//a/; //b/}",
                "g: \"x y\" ;c@d|g{//x y/}; //c/d",
                "g: a@b|g{//a/b}",
                "g: <a@b>; c@d|g{//a/b}; //c/d",
                "g:a@b,;c@d|g{//a/b}; //c/d",
                "a@[x|//a/[x",
                "a@b . c (n)|n//a/b.c",
                "a@b (n) . c|n//a/b.c",
                "a.b.@c|//a.b./c",
                "a . \"b c\" @d|//a.b c/d",
                "x. y <a@b>|x. y//a/b",
                "<,@a:b@c>|/,@a/b/c",
                "<@a>|///",
                "<@a:>|/@a//",
                "<a b@c>|//a b/c",
                "> a@b|//a/b",
                "x > y|//x/; //y/",
                "(c) a|//a/",
                "a@b \"x\" (n), c@d|n//a/b; //c/d"
            })
    void readsWhatIsOddlyWritten(String value, String expected) {
        assertThat(HeaderAddress.parseList(value).stream()
                        .map(HeaderAddressTest::show)
                        .collect(Collectors.joining("; ")))
                .isEqualTo(expected);
    }
}
