package org.posthorn.protocol.dmarc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.posthorn.dns.FailureKind;
import org.posthorn.dns.RecordType;
import org.posthorn.dns.RecordingResolver;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.mail.Domain;
import org.posthorn.mail.MalformedAddressException;
import org.posthorn.protocol.dmarc.AuthenticatedDomain.Mechanism;
import org.posthorn.protocol.dmarc.AuthenticatedDomain.Outcome;
import org.posthorn.protocol.dmarc.DmarcVerdict.Result;
import org.posthorn.testing.Conformance;
import org.posthorn.testing.Json;

class DmarcCheckerTest {
    private final ZoneResolver zone = new ZoneResolver();
    private final RecordingResolver asked = new RecordingResolver(zone);

    private DmarcCheckerTest with(String domain, String tags) {
        zone.withTxt("_dmarc." + domain, "v=DMARC1; " + tags);
        return this;
    }

    private DmarcVerdict check(String author, AuthenticatedDomain... identifiers) {
        return new DmarcChecker(asked).check(new AuthorDomain.One(Domain.parse(author)), List.of(identifiers));
    }

    private static AuthenticatedDomain spf(String domain) {
        return new AuthenticatedDomain(Mechanism.SPF, domain, Outcome.PASS);
    }

    private static AuthenticatedDomain dkim(String domain) {
        return new AuthenticatedDomain(Mechanism.DKIM, domain, Outcome.PASS);
    }

    private static AuthenticatedDomain unsure(Mechanism mechanism, String domain) {
        return new AuthenticatedDomain(mechanism, domain, Outcome.TEMPERROR);
    }

    @Test
    void passesByEitherMechanism() {
        with("example.org", "p=reject");
        DmarcVerdict bySpf = check("example.org", spf("example.org"));
        assertThat(bySpf.result()).isEqualTo(Result.PASS);
        assertThat(bySpf.disposition()).isEqualTo(Policy.NONE);
        assertThat(bySpf.passes(Mechanism.SPF)).isTrue();
        assertThat(bySpf.passes(Mechanism.DKIM)).isFalse();
        assertThat(check("example.org", dkim("other.example"), dkim("Example.ORG"))
                        .result())
                .isEqualTo(Result.PASS);
        // The same domain throughout: one look-up is enough (RFC 9989 4.10.2).
        assertThat(asked.questions()).containsOnly("TXT _dmarc.example.org");
    }

    @Test
    void failsWhereNothingAlignedPasses() {
        with("example.org", "p=reject");
        for (DmarcVerdict verdict : List.of(
                check("example.org"),
                check("example.org", spf("example.net"), dkim("example.net")),
                check("example.org", spf("notexample.org")),
                check("example.org", new AuthenticatedDomain(Mechanism.DKIM, "example.org", Outcome.OTHER)))) {
            assertThat(verdict.result()).isEqualTo(Result.FAIL);
            assertThat(verdict.disposition()).isEqualTo(Policy.REJECT);
            assertThat(verdict.recordDomain()).contains("example.org");
        }
    }

    @Test
    void alignsSubdomainsUnlessStrict() {
        with("example.org", "p=reject; aspf=s");
        assertThat(check("example.org", dkim("mail.example.org")).result()).isEqualTo(Result.PASS);
        assertThat(check("example.org", spf("mail.example.org")).result()).isEqualTo(Result.FAIL);
        assertThat(check("news.example.org", dkim("foo.example.org")).result()).isEqualTo(Result.PASS);
        assertThat(check("news.example.org", spf("news.example.org")).result()).isEqualTo(Result.PASS);
    }

    @Test
    void keepsOrganizationsBelowPublicSuffixApart() {
        with("example", "p=reject; psd=y");
        assertThat(check("a.example", dkim("b.example")).result()).isEqualTo(Result.FAIL);
        assertThat(check("x.a.example", dkim("a.example")).result()).isEqualTo(Result.PASS);
        assertThat(check("a.example").recordDomain()).contains("example");
    }

    @Test
    void takesPolicyOfSubdomainsFromOrganizationalDomain() {
        with("example.org", "p=reject; sp=quarantine; np=none");
        zone.withAddress("here.example.org", "192.0.2.1");
        assertThat(check("example.org").policy()).isEqualTo(Policy.REJECT);
        assertThat(check("here.example.org").policy()).isEqualTo(Policy.QUARANTINE);
        assertThat(check("nowhere.example.org").policy()).isEqualTo(Policy.NONE);
        with("own.example.org", "p=quarantine; sp=reject");
        assertThat(check("own.example.org").policy()).isEqualTo(Policy.QUARANTINE);
        // RFC 9989 4.10.1: neither the domain, nor the organizational one, nor a public suffix.
        assertThat(check("below.own.example.org").recordDomain()).contains("example.org");
    }

    @Test
    void prefersOrganizationalDomainToPublicSuffix() {
        with("example", "p=reject; psd=y").with("a.example", "p=quarantine");
        assertThat(check("x.a.example").policy()).isEqualTo(Policy.QUARANTINE);
    }

    @Test
    void goesOneLevelBelowPolicyThatIsTested() {
        with("r.example", "p=reject; t=y").with("q.example", "p=quarantine; t=y");
        assertThat(check("r.example").policy()).isEqualTo(Policy.REJECT);
        assertThat(check("r.example").disposition()).isEqualTo(Policy.QUARANTINE);
        assertThat(check("q.example").disposition()).isEqualTo(Policy.NONE);
        assertThat(check("q.example").testing()).isTrue();
    }

    @Test
    void saysNoneWithoutRecord() {
        assertThat(check("example.org", spf("example.org")).result()).isEqualTo(Result.NONE);
        assertThat(new DmarcChecker(zone)
                        .check(AuthorDomain.of("a@a.example, b@b.example"), List.of(spf("a.example")))
                        .result())
                .isEqualTo(Result.NONE);
        assertThat(new DmarcChecker(zone)
                        .check(AuthorDomain.of(List.of()), List.of())
                        .reasons())
                .containsExactly("no From field");
    }

    @Test
    void saysPermerrorForRecordWithoutPolicyOrReports() {
        with("example.org", "p=bin");
        assertThat(check("example.org").result()).isEqualTo(Result.PERMERROR);
        assertThat(check("example.org").disposition()).isEqualTo(Policy.NONE);
    }

    @Test
    void concludesNothingFromLookUpsThatFail() {
        zone.withFailure(RecordType.TXT, "_dmarc.dead.example", FailureKind.SERVFAIL);
        assertThat(check("dead.example").result()).isEqualTo(Result.TEMPERROR);
        assertThat(check("x.dead.example").result()).isEqualTo(Result.TEMPERROR);
        with("live.example", "p=reject");
        DmarcVerdict verdict = check("live.example", unsure(Mechanism.DKIM, "live.example"));
        assertThat(verdict.result()).isEqualTo(Result.TEMPERROR);
        assertThat(verdict.policy()).isEqualTo(Policy.REJECT);
        assertThat(verdict.disposition()).isEqualTo(Policy.NONE);
        // A temporary error that could not have helped, or that something else made up for.
        assertThat(check("live.example", unsure(Mechanism.DKIM, "live.test")).result())
                .isEqualTo(Result.FAIL);
        assertThat(check("live.example", unsure(Mechanism.DKIM, "live.example"), spf("live.example"))
                        .result())
                .isEqualTo(Result.PASS);
        zone.withFailure(RecordType.TXT, "_dmarc.dead.live.example", FailureKind.SERVFAIL);
        assertThat(check("live.example", dkim("dead.live.example")).result()).isEqualTo(Result.TEMPERROR);
    }

    @Test
    void asksNothingOfDomainsThatLieElsewhere() {
        zone.withFailure(RecordType.TXT, "_dmarc.dead.example", FailureKind.SERVFAIL);
        with("live.example", "p=reject");
        // Both end with example, but only what ends with live.example can belong to it.
        DmarcVerdict verdict = check("live.example", dkim("dead.example"), dkim("notlive.example"));
        assertThat(verdict.result()).isEqualTo(Result.FAIL);
        assertThat(asked.questions())
                .contains("TXT _dmarc.live.example")
                .doesNotContain("TXT _dmarc.dead.example", "TXT _dmarc.notlive.example");
    }

    @Test
    void asksForBoundedNumberOfNames() {
        with("example.org", "p=reject");
        AuthenticatedDomain[] many = IntStream.range(0, 1000)
                .mapToObj(i -> dkim("a.b.c.d.e.f.g.h" + i + ".org"))
                .toArray(AuthenticatedDomain[]::new);
        assertThat(check("example.org", many).result()).isEqualTo(Result.FAIL);
        assertThat(asked.questions()).hasSizeLessThanOrEqualTo(8 * (DmarcChecker.MAX_IDENTIFIERS + 1));
        assertThat(check("a.".repeat(120) + "example.org").recordDomain()).contains("example.org");
    }

    @Test
    void judgesNoWorseForThousandsOfStrings() {
        zone.withTxt("_dmarc.example.org", "v=DMARC1; p=reject;" + "x=y;".repeat(15_000));
        for (int i = 0; i < 200; i++) {
            zone.withTxt("_dmarc.example.org", "noise " + "z".repeat(250));
        }
        assertThat(check("example.org").disposition()).isEqualTo(Policy.REJECT);
    }

    /** By the list as in RFC 7489, for which the table was made; a record at the top makes the tree walk agree. */
    @Test
    void alignsAsOpenDmarcsTableHas() throws IOException {
        String json = Files.readString(Conformance.require("dmarc-opendmarc").resolve("alignment.json"));
        List<Object> rows = Json.array(Json.read(json));
        assertThat(rows).hasSizeGreaterThanOrEqualTo(6);
        for (Object row : rows) {
            Map<String, Object> fields = Json.object(row);
            assertThat(aligns(fields)).as(fields.toString()).isEqualTo(fields.get("aligned"));
        }
    }

    private static boolean aligns(Map<String, Object> row) {
        String author = String.valueOf(row.get("a"));
        String other = String.valueOf(row.get("b"));
        ZoneResolver zone = new ZoneResolver();
        boolean strict = "strict".equals(row.get("mode"));
        Stream.of(author, other)
                .distinct()
                .forEach(name -> zone.withTxt("_dmarc." + name, "v=DMARC1; p=none" + (strict ? "; adkim=s" : "")));
        try {
            AuthorDomain domain = new AuthorDomain.One(Domain.parse(author));
            List<AuthenticatedDomain> signature = Collections.singletonList(dkim(other));
            boolean byList = DmarcChecker.withList(zone, PublicSuffixList.bundled())
                            .check(domain, signature)
                            .result()
                    == Result.PASS;
            boolean byWalk = new DmarcChecker(zone).check(domain, signature).result() == Result.PASS;
            assertThat(byWalk).as(row.toString()).isEqualTo(byList);
            return byList;
        } catch (MalformedAddressException e) {
            return false;
        }
    }

    /** The list keeps co.uk apart by itself; by RFC 9989 it takes a record at co.uk that says psd=y. */
    @Test
    void differsFromRfc7489WherePublicSuffixHasRecordWithoutPsd() {
        with("co.uk", "p=none").with("a.co.uk", "p=reject");
        AuthorDomain author = new AuthorDomain.One(Domain.parse("a.co.uk"));
        assertThat(DmarcChecker.withList(zone, PublicSuffixList.bundled())
                        .check(author, List.of(dkim("b.co.uk")))
                        .result())
                .isEqualTo(Result.FAIL);
        assertThat(new DmarcChecker(zone)
                        .check(author, List.of(dkim("b.co.uk")))
                        .result())
                .isEqualTo(Result.PASS);
    }

    @Test
    void comparesTwentyIdentifiers() {
        with("example.org", "p=reject");
        AuthenticatedDomain[] twenty = new AuthenticatedDomain[20];
        Arrays.fill(twenty, spf("example.net"));
        twenty[19] = dkim("example.org");
        assertThat(check("example.org", twenty).result()).isEqualTo(Result.PASS);
        AuthenticatedDomain[] more = new AuthenticatedDomain[21];
        Arrays.fill(more, spf("example.net"));
        more[20] = dkim("example.org");
        assertThat(check("example.org", more).result()).isEqualTo(Result.FAIL);
    }

    @Test
    void saysWhatLedToTheVerdict() {
        with("example.org", "p=reject; adkim=s; rua=mailto:r@example.org");
        DmarcVerdict verdict = check(
                "example.org",
                spf("a.example.net"),
                dkim("a.example.org"),
                unsure(Mechanism.SPF, "example.org"),
                spf("b.example.org"));
        assertThat(verdict.reasons())
                .containsExactly(
                        "SPF of a.example.net is not aligned (relaxed)",
                        "DKIM of a.example.org is not aligned (strict)",
                        "SPF of example.org gave temperror");
        assertThat(verdict.aligned()).containsExactly(spf("b.example.org"));
        assertThat(verdict.passes(Mechanism.SPF)).isTrue();
        assertThat(verdict.organizationalDomain()).contains("example.org");
        assertThat(verdict.author()).contains("example.org");
        assertThat(verdict.testing()).isFalse();
        assertThat(verdict.aggregateReports())
                .extracting(ReportAddress::toString)
                .containsExactly("mailto:r@example.org");
        assertThat(verdict.result().text()).isEqualTo("pass");
        DmarcVerdict none = check("example.net");
        assertThat(none.testing()).isFalse();
        assertThat(none.aggregateReports()).isEmpty();
        assertThat(none.reasons()).containsExactly("no DMARC record");
        assertThat(none.author()).contains("example.net");
    }

    @Test
    void saysWhyNothingWasJudged() {
        DmarcChecker checker = new DmarcChecker(zone);
        assertThat(checker.check(AuthorDomain.of("a@a.example, b@b.example"), List.of())
                        .reasons())
                .containsExactly("authors of several domains: [a.example, b.example]");
        assertThat(checker.check(AuthorDomain.of("nobody"), List.of()).reasons())
                .containsExactly("no usable address in the From field");
        with("example.org", "p=bin");
        assertThat(check("example.org").reasons())
                .containsExactly("the DMARC record of example.org has no valid policy");
        zone.withFailure(RecordType.TXT, "_dmarc.dead.example", FailureKind.SERVFAIL);
        assertThat(check("dead.example").reasons()).allMatch(reason -> reason.startsWith("_dmarc.dead.example: "));
    }

    @Test
    void tellsTheOrganizationalDomain() {
        with("example.org", "p=none");
        assertThat(new DmarcChecker(zone).organizationalDomain(Domain.parse("a.b.example.org")))
                .contains("example.org");
        zone.withFailure(RecordType.TXT, "_dmarc.dead.example", FailureKind.SERVFAIL);
        assertThat(new DmarcChecker(zone).organizationalDomain(Domain.parse("a.dead.example")))
                .isEmpty();
    }

    /** RFC 1035 2.3.4: 253 characters with the label. */
    @Test
    void asksForNoNameThatIsTooLong() {
        String longest = "a.".repeat(119) + "bcd.test";
        assertThat(longest).hasSize(246);
        check(longest);
        assertThat(asked.questions()).contains("TXT _dmarc." + longest);
        check("x" + longest);
        assertThat(asked.questions()).doesNotContain("TXT _dmarc.x" + longest);
    }

    /** Where sp and np are the same nobody asks whether the domain exists. */
    @Test
    void asksForTheDomainOnlyWhereThatMatters() {
        with("example.org", "p=reject; sp=quarantine");
        assertThat(check("nowhere.example.org").policy()).isEqualTo(Policy.QUARANTINE);
        assertThat(asked.questions()).allMatch(question -> question.startsWith("TXT "));
        with("example.net", "p=reject; np=none");
        zone.withFailure(RecordType.A, "dead.example.net", FailureKind.SERVFAIL);
        assertThat(check("dead.example.net").policy()).isEqualTo(Policy.REJECT);
        assertThat(check("nowhere.example.net").policy()).isEqualTo(Policy.NONE);
    }

    @Test
    void byTheListOneLabelBelowThePublicSuffixCounts() {
        with("a.co.uk", "p=quarantine");
        DmarcChecker byList = DmarcChecker.withList(asked, PublicSuffixList.bundled());
        DmarcVerdict verdict =
                byList.check(new AuthorDomain.One(Domain.parse("x.y.a.co.uk")), List.of(dkim("z.a.co.uk")));
        assertThat(verdict.result()).isEqualTo(Result.PASS);
        assertThat(verdict.recordDomain()).contains("a.co.uk");
        assertThat(verdict.policy()).isEqualTo(Policy.QUARANTINE);
        assertThat(asked.questions()).doesNotContain("TXT _dmarc.y.a.co.uk", "TXT _dmarc.co.uk");
        zone.withFailure(RecordType.TXT, "_dmarc.b.co.uk", FailureKind.SERVFAIL);
        assertThat(byList.check(new AuthorDomain.One(Domain.parse("x.b.co.uk")), List.of())
                        .result())
                .isEqualTo(Result.TEMPERROR);
    }
}
