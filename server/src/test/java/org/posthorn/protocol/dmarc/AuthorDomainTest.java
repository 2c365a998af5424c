package org.posthorn.protocol.dmarc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.mail.Domain;
import org.posthorn.mail.HeaderField;
import org.posthorn.protocol.dmarc.AuthorDomain.Fault;
import org.posthorn.testing.Conformance;
import org.posthorn.testing.Json;

class AuthorDomainTest {
    private static AuthorDomain one(String domain) {
        return new AuthorDomain.One(Domain.parse(domain));
    }

    private static String latin1(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @Test
    void findsDomainsOfOpenDmarcsTable() throws IOException {
        String json = Files.readString(Conformance.require("dmarc-opendmarc").resolve("from-domain.json"));
        List<Object> rows = Json.array(Json.read(json));
        assertThat(rows).isNotEmpty();
        for (Object row : rows) {
            Map<String, Object> fields = Json.object(row);
            assertThat(AuthorDomain.of(String.valueOf(fields.get("raw"))))
                    .as("number %s", fields.get("n"))
                    .isEqualTo(one(String.valueOf(fields.get("domain"))));
        }
    }

    @Test
    void readsDomainInALabels() {
        assertThat(AuthorDomain.of("X <x@EXAMPLE.org>")).isEqualTo(one("example.org"));
        assertThat(AuthorDomain.of(latin1("Bücher <x@BÜCHER.example>"))).isEqualTo(one("xn--bcher-kva.example"));
        assertThat(AuthorDomain.of("\"a@bank.example\" <x@example.org>")).isEqualTo(one("example.org"));
    }

    @Test
    void takesSeveralAuthorsOfOneDomainForOne() {
        assertThat(AuthorDomain.of("a@example.org, B <b@EXAMPLE.ORG>, g: c@example.org;"))
                .isEqualTo(one("example.org"));
    }

    /** RFC 9989 5.3.1 exempts them, while OpenDMARC takes the first. */
    @Test
    void exemptsAuthorsOfSeveralDomainsAsRfc9989Has() {
        assertThat(AuthorDomain.of("a@example.org, b@example.net"))
                .isEqualTo(new AuthorDomain.Several(List.of(Domain.parse("example.org"), Domain.parse("example.net"))));
    }

    @Test
    void findsNoAuthorInMalformedFields() {
        for (String value : List.of("", "nobody", "<>", "a@", "a@[192.0.2.1]", "a@-x.example", "a@x..y")) {
            assertThat(AuthorDomain.of(value)).as(value).isEqualTo(new AuthorDomain.Unusable(Fault.MALFORMED));
        }
        assertThat(AuthorDomain.of("a@example.org, b@x..y")).isEqualTo(new AuthorDomain.Unusable(Fault.MALFORMED));
        String many = "X \"" + "x@evil.example ".repeat(100) + "a@bank.example\" x@evil.example";
        assertThat(AuthorDomain.of(many)).isEqualTo(new AuthorDomain.Unusable(Fault.MALFORMED));
    }

    /** RFC 5322 3.6.2: no mailbox-list, so that one reader shows this author and the next one another. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<x@evil.example> <a@bank.example>",
                "x@evil.example a@bank.example",
                "\"Bank\" <x@evil.example> a@bank.example",
                "x@evil.example:a@bank.example",
                "x@evil.example, \"a@bank.example",
                "a@evil.example@bank.example",
                "x@evil.example \"a\"@bank.example",
                "x@evil.example; a@bank.example",
                "x@evil.example (a@bank.example",
                "<x@evil.example a@bank.example>",
                "g: x@evil.example, <a@bank.example>",
                "Bank <x@evil.example>, a@bank.example b",
                "A \"a@bank.example\" x@evil.example",
                "\"a@bank.example\" \"x@evil.example",
                "x@evil.example, \"a@bank.example\"b",
                "a@ba nk.example",
                "x@evil.example bank.example",
                "x@evil.example (c) bank.example",
            })
    void reliesOnNoFieldThatReadersDifferAbout(String value) {
        assertThat(AuthorDomain.of(value)).isEqualTo(new AuthorDomain.Unusable(Fault.MALFORMED));
    }

    /** Well formed, obsolete, or with one address only. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "name@x.example <b@example.org>",
                "\"name@x.example\" <b@example.org>",
                "b@example.org (name@x.example)",
                "(a@x.example) B. Smith <b@example.org> (c)",
                "<@x.example,@y.example:b@example.org>",
                "b . c @ example . org, , \"d e\"@example.org",
                "g: b@example.org, C <c@example.org>;",
                "=?utf-8?q?a=40x?= <b@example.org>, [c] <c@example.org>",
                "Smith, John <b@example.org>",
                "John b@example.org",
                "John b@example.org (c)",
                "\"a@example.org\" b@example.org",
                "\"a@bank.example\" b@example.org",
                "x@x.example (\\) <b@example.org>) <b@example.org>",
            })
    void readsWhatAllReadersReadAlike(String value) {
        assertThat(AuthorDomain.of(value)).isEqualTo(one("example.org"));
    }

    @Test
    void wantsExactlyOneFromField() {
        HeaderField from = new HeaderField("fRoM : a@example.org");
        assertThat(AuthorDomain.of(List.of(new HeaderField("To: x@y.example"), from)))
                .isEqualTo(one("example.org"));
        assertThat(AuthorDomain.of(List.of(new HeaderField("To: x@y.example"))))
                .isEqualTo(new AuthorDomain.Unusable(Fault.ABSENT));
        assertThat(AuthorDomain.of(List.of(from, from))).isEqualTo(new AuthorDomain.Unusable(Fault.REPEATED));
    }

    @Test
    void refusesMoreAuthorsThanItsLimit() {
        assertThat(AuthorDomain.of("a@example.org,".repeat(AuthorDomain.MAX_AUTHORS)))
                .isEqualTo(one("example.org"));
        assertThat(AuthorDomain.of("a@example.org,".repeat(AuthorDomain.MAX_AUTHORS + 1)))
                .isEqualTo(new AuthorDomain.Unusable(Fault.TOO_MANY));
        assertThat(AuthorDomain.of("(".repeat(AuthorDomain.MAX_FIELD + 1)))
                .isEqualTo(new AuthorDomain.Unusable(Fault.TOO_MANY));
    }

    @Test
    void looksAtAHundredAuthorsIn65536Octets() {
        String authors = "a@example.org,".repeat(100);
        assertThat(AuthorDomain.of(authors + " ".repeat(65_536 - authors.length())))
                .isEqualTo(one("example.org"));
        assertThat(AuthorDomain.of(authors + " ".repeat(65_537 - authors.length())))
                .isEqualTo(new AuthorDomain.Unusable(Fault.TOO_MANY));
        assertThat(AuthorDomain.of(authors + "b@example.org")).isEqualTo(new AuthorDomain.Unusable(Fault.TOO_MANY));
    }

    @Test
    void anAddressLiteralIsNoDomainOfAnAuthor() {
        assertThat(AuthorDomain.of("a@example.org, b@[192.0.2.1]")).isEqualTo(one("example.org"));
    }
}
