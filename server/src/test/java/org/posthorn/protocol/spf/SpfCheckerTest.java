package org.posthorn.protocol.spf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.dns.FailureKind;
import org.posthorn.dns.RecordType;
import org.posthorn.dns.RecordingResolver;
import org.posthorn.dns.ZoneResolver;

class SpfCheckerTest {
    private final ZoneResolver zone = new ZoneResolver();
    private final RecordingResolver dns = new RecordingResolver(zone);

    private SpfVerdict check(String ip, String helo, String from) {
        return new SpfChecker(dns, "mx.receiver.example")
                .check(new SpfQuery(InetAddress.ofLiteral(ip), helo, Optional.of(from)), Instant.ofEpochSecond(1_000));
    }

    private SpfVerdict check(String from) {
        return check("192.0.2.1", "mail.example.org", from);
    }

    @Test
    void tellsWhatMatched() {
        zone.withTxt("example.org", "v=spf1 include:_spf.example.org -all")
                .withTxt("_spf.example.org", "v=spf1 ip4:192.0.2.0/24");

        SpfVerdict verdict = check("a@example.org");

        assertThat(verdict.result()).isEqualTo(SpfResult.PASS);
        assertThat(verdict.matched()).contains(new SpfVerdict.Match("example.org", "include:_spf.example.org"));
        assertThat(verdict.terms()).isEqualTo(1);
        assertThat(verdict.questions()).isEqualTo(2);
        assertThat(verdict.properties()).isEqualTo(Map.of("smtp.mailfrom", "a@example.org"));
        assertThat(check("198.51.100.1", "h.example.org", "a@example.org").matched())
                .contains(new SpfVerdict.Match("example.org", "-all"));
    }

    /** Eleven records of 64 KiB kept a processor busy for a third of a second; a stranger chooses them. */
    @Test
    void readsNoMoreThan32768OctetsOfPolicies() {
        String first = "v=spf1" + " x=y".repeat(5_000) + " include:b.example.org";
        String fitting = " ".repeat(32_768 - first.length() - "v=spf1?all".length());
        zone.withTxt("example.org", first).withTxt("b.example.org", "v=spf1" + fitting + "?all");
        assertThat(check("a@example.org").result()).isEqualTo(SpfResult.NEUTRAL);

        zone.withTxt("example.com", first.replace(":b.", ":c.")).withTxt("c.example.org", "v=spf1 " + fitting + "?all");
        SpfVerdict verdict = check("a@example.com");
        assertThat(verdict.result()).isEqualTo(SpfResult.PERMERROR);
        assertThat(verdict.reason())
                .contains("the SPF records up to that of c.example.org have more than 32768 octets");
    }

    @Test
    void checksTheHeloNameWhereTheSenderIsNull() {
        zone.withTxt("mail.example.org", "v=spf1 a -all").withAddress("mail.example.org", "192.0.2.1");

        SpfVerdict verdict = check("");

        assertThat(verdict.result()).isEqualTo(SpfResult.PASS);
        assertThat(verdict.identity()).isEqualTo(SpfIdentity.HELO);
        assertThat(verdict.properties()).isEqualTo(Map.of("smtp.helo", "mail.example.org"));
    }

    @Test
    void explainsAFailInTheDomainsWords() {
        zone.withTxt("example.org", "v=spf1 -all exp=why.example.org")
                .withTxt("why.example.org", "%{i} may not send for %{s}; %{r} said so at %{t}, %{c}");

        assertThat(check("2001:db8::1", "h", "a@example.org").explanation())
                .contains("2.0.0.1.0.D.B.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1 may not send for"
                        + " a@example.org; mx.receiver.example said so at 1000, 2001:db8::1");
    }

    @Test
    void leavesOutAnExplanationThatIsTooLongOrNotPrintable() {
        zone.withTxt("long.example.org", "v=spf1 -all exp=text.long.example.org")
                .withTxt("text.long.example.org", "%{s}".repeat(200))
                .withTxt("odd.example.org", "v=spf1 -all exp=text.odd.example.org")
                .withTxt("text.odd.example.org", "a\r\n250 b");

        assertThat(check("aaaaaaaaaa@long.example.org").explanation()).isEmpty();
        assertThat(check("a@odd.example.org").explanation()).isEmpty();
        assertThat(check("a@odd.example.org").result()).isEqualTo(SpfResult.FAIL);
    }

    @Test
    void takesDomainsInUnicode() {
        zone.withTxt("xn--bcher-kva.example", "v=spf1 exists:%{l}.%{d} ip4:192.0.2.1 -all");

        SpfVerdict verdict = check("jürgen@Bücher.example");

        assertThat(verdict.result()).isEqualTo(SpfResult.PASS);
        assertThat(verdict.domain()).isEqualTo("xn--bcher-kva.example");
        // RFC 8616 4: a local part that is not ASCII matches nothing, and nothing is asked.
        assertThat(dns.questions()).containsExactly("TXT xn--bcher-kva.example");
    }

    @Test
    void tellsATemporaryFromAPermanentError() {
        zone.withTxt("slow.example.org", "v=spf1 a:h.example.org -all")
                .withFailure("h.example.org", FailureKind.TIMEOUT)
                .withFailure("dead.example.org", FailureKind.SERVFAIL)
                .withTxt("wrong.example.org", "v=spf1 ip4:192.0.2.300 -all")
                .withTxt("two.example.org", "v=spf1 -all")
                .withTxt("two.example.org", "v=spf1 +all");

        assertThat(check("a@slow.example.org").result()).isEqualTo(SpfResult.TEMPERROR);
        assertThat(check("a@slow.example.org").reason().orElseThrow())
                .contains("A h.example.org")
                .contains("TIMEOUT");
        assertThat(check("a@dead.example.org").result()).isEqualTo(SpfResult.TEMPERROR);
        assertThat(check("a@wrong.example.org").result()).isEqualTo(SpfResult.PERMERROR);
        assertThat(check("a@wrong.example.org").reason())
                .contains("the SPF record of wrong.example.org is wrong: \"ip4:192.0.2.300\": not an IPv4 network");
        assertThat(check("a@two.example.org").result()).isEqualTo(SpfResult.PERMERROR);
        assertThat(check("a@none.example.org").result()).isEqualTo(SpfResult.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "ip4:192.0.2.1/33",
        "ip4:192.0.2.1/024",
        "ip4:192.0.2.01",
        "ip4:192.0.2",
        "ip6:192.0.2.1",
        "ip6:2001:db8::/129",
        "ip6:2001:db8:::1",
        "a:",
        "a/33",
        "a//129",
        "a:example",
        "all:x",
        "include",
        "include:",
        "exists",
        "mx/",
        "ptr:",
        "exists:%{x}.org",
        "exists:%{c}.org",
        "exists:%{d0}.org",
        "exists:%{d.org",
        "exists:%d.org",
        "exists:%",
        "redirect=",
        "exp=",
        "x",
        "-",
        "--all",
        "all.",
        "moo.all",
        "redirect=a.b redirect=a.b",
        "exp=a.b exp=c.d",
        "x=%{"
    })
    void aMistakeAnywhereSpoilsTheRecord(String term) {
        zone.withTxt("example.org", "v=spf1 +all " + term);

        assertThat(check("a@example.org").result()).isEqualTo(SpfResult.PERMERROR);
    }

    @Test
    void stopsAtAnIncludeBomb() {
        for (int i = 0; i < 30; i++) {
            zone.withTxt(
                    "n" + i + ".example.org",
                    "v=spf1 include:n" + (i + 1) + ".example.org include:n" + (i + 2) + ".example.org -all");
        }
        zone.withTxt("n30.example.org", "v=spf1 -all").withTxt("n31.example.org", "v=spf1 -all");

        assertThat(check("a@n0.example.org").result()).isEqualTo(SpfResult.PERMERROR);
        assertThat(dns.questions()).hasSize(11);
    }

    @Test
    void stopsAtLoops() {
        zone.withTxt("a.example.org", "v=spf1 redirect=b.example.org")
                .withTxt("b.example.org", "v=spf1 redirect=a.example.org")
                .withTxt("self.example.org", "v=spf1 include:self.example.org -all");

        assertThat(check("a@a.example.org").result()).isEqualTo(SpfResult.PERMERROR);
        assertThat(check("a@self.example.org").result()).isEqualTo(SpfResult.PERMERROR);
        assertThat(dns.questions()).hasSize(22);
    }

    @Test
    void asksNoMoreThanItSays() {
        StringBuilder dearest = new StringBuilder("v=spf1 exists:%{p}.example.org");
        for (int i = 0; i < 10; i++) {
            dearest.append(" mx:m").append(i).append(".example.org");
            for (int j = 0; j < 10; j++) {
                zone.withMx("m" + i + ".example.org", j, "h" + i + "-" + j + ".example.org")
                        .withAddress("h" + i + "-" + j + ".example.org", "198.51.100.1");
            }
        }
        for (int i = 0; i < 500; i++) {
            zone.withPtr("192.0.2.1", "p" + i + ".example.org").withAddress("p" + i + ".example.org", "198.51.100.2");
        }
        zone.withTxt("example.org", dearest + " -all").withAddress("unknown.example.org", "127.0.0.2");
        zone.withTxt(
                "other.example.org",
                dearest.substring(0, dearest.indexOf(" exists")) + dearest.substring(dearest.indexOf(" mx"))
                        + " -all exp=%{p}.example.org");

        assertThat(check("a@example.org").result()).isEqualTo(SpfResult.PASS);
        assertThat(check("a@other.example.org").result()).isEqualTo(SpfResult.FAIL);
        assertThat(check("a@other.example.org").questions()).isBetween(110, SpfChecker.MAX_QUESTIONS);
    }

    @Test
    void anMxOfMoreThanTenHostsIsAnError() {
        for (int i = 0; i < 11; i++) {
            zone.withMx("example.org", i, "h" + i + ".example.org")
                    .withAddress("h" + i + ".example.org", "198.51.100.1");
        }
        zone.withTxt("example.org", "v=spf1 mx -all");

        assertThat(check("a@example.org").result()).isEqualTo(SpfResult.PERMERROR);
    }

    @Test
    void stopsWhereTooManyLookUpsFindNothing() {
        zone.withTxt("two.example.org", "v=spf1 a:n1.example.org a:n2.example.org -all")
                .withTxt("three.example.org", "v=spf1 a:n1.example.org a:n2.example.org a:n3.example.org -all");

        assertThat(check("a@two.example.org").result()).isEqualTo(SpfResult.FAIL);
        assertThat(check("a@two.example.org").voids()).isEqualTo(2);
        assertThat(check("a@three.example.org").result()).isEqualTo(SpfResult.PERMERROR);
    }

    /** RFC 7208 4.6.4: terms are counted, not the questions that one of them asks. */
    @Test
    void countsATermOnceHoweverManyOfItsHostsHaveNoAddress() {
        for (String term : new String[] {"one", "two", "three"}) {
            zone.withMx(term + ".example.org", 1, "n1.example.org")
                    .withMx(term + ".example.org", 2, "n2.example.org")
                    .withMx(term + ".example.org", 3, "n3.example.org");
        }
        zone.withTxt("a.example.org", "v=spf1 mx:one.example.org mx:two.example.org ip4:192.0.2.1 -all")
                .withTxt("b.example.org", "v=spf1 mx:one.example.org mx:two.example.org mx:three.example.org ?all");

        assertThat(check("a@a.example.org").result()).isEqualTo(SpfResult.PASS);
        assertThat(check("a@a.example.org").voids()).isEqualTo(2);
        assertThat(check("a@b.example.org").result()).isEqualTo(SpfResult.PERMERROR);
    }

    @Test
    void setsOfThousandsOfTextsAreNothingSpecial() {
        for (int i = 0; i < 5_000; i++) {
            zone.withTxt("example.org", "text " + i).withTxt("bomb.example.org", "v=spf1 -all");
        }
        zone.withTxt("example.org", "v=spf1 ip4:192.0.2.1 -all");

        assertThat(check("a@example.org").result()).isEqualTo(SpfResult.PASS);
        assertThat(check("a@bomb.example.org").result()).isEqualTo(SpfResult.PERMERROR);
    }

    @Test
    void aRecordOfAMegabyteIsRefused() {
        zone.withTxt("long.example.org", "v=spf1 " + "ip4:192.0.2.9 ".repeat(75_000) + "-all")
                .withTxt("term.example.org", "v=spf1 exists:" + "a".repeat(1_000_000) + ".org -all")
                .withTxt("dots.example.org", "v=spf1 exists:" + "%{d}.".repeat(6_000) + "org -all");

        assertThat(check("a@long.example.org").result()).isEqualTo(SpfResult.PERMERROR);
        assertThat(check("a@term.example.org").result()).isEqualTo(SpfResult.PERMERROR);
        assertThat(check("a@term.example.org").reason().orElseThrow()).hasSizeLessThan(300);
        assertThat(check("a@dots.example.org").result()).isEqualTo(SpfResult.FAIL);
    }

    @Test
    void refusesSendersThatSmtpCannotCarry() {
        assertThatThrownBy(() -> check("a".repeat(SpfQuery.MAX_LENGTH) + "@example.org"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aMappedAddressIsAnIpv4Address() {
        zone.withTxt("example.org", "v=spf1 ip6:::ffff:192.0.2.1 ip4:192.0.2.1 -all");

        assertThat(check("::ffff:192.0.2.1", "h", "a@example.org").matched())
                .contains(new SpfVerdict.Match("example.org", "ip4:192.0.2.1"));
    }

    @Test
    void surveysWhatARecordCosts() {
        zone.withTxt("example.org", "v=spf1 mx include:a.example.org exists:%{i}.x.example.org redirect=b.example.org")
                .withTxt("a.example.org", "v=spf1 a a:h.example.org ip4:192.0.2.1 -all")
                .withTxt("b.example.org", "v=spf1 include:gone.example.org -all redirect=never.example.org")
                .withTxt("loop.example.org", "v=spf1 include:loop.example.org -all")
                .withFailure(RecordType.TXT, "dead.example.org", FailureKind.TIMEOUT);

        SpfSurvey survey = SpfSurvey.of(zone, "Example.org");

        assertThat(survey.lookUps()).isEqualTo(7);
        assertThat(survey.terms()).contains("a.example.org a:h.example.org", "example.org redirect=b.example.org");
        assertThat(survey.faults()).containsExactly("gone.example.org has no SPF record");
        assertThat(SpfSurvey.of(zone, "loop.example.org").faults())
                .containsExactly("loop.example.org refers to itself");
        assertThat(SpfSurvey.of(zone, "dead.example.org").faults()).hasSize(1);
        assertThat(SpfSurvey.of(zone, "none.example.org").record()).isEmpty();
    }

    @Test
    void theSurveyOfABombEnds() {
        for (int i = 0; i < 30; i++) {
            zone.withTxt(
                    "n" + i + ".example.org",
                    "v=spf1" + (" include:n" + (i + 1) + ".example.org").repeat(20) + " -all");
        }

        SpfSurvey survey = SpfSurvey.of(dns, "n0.example.org");

        assertThat(survey.lookUps()).isEqualTo(SpfSurvey.MAX_COUNTED);
        assertThat(survey.faults()).anyMatch(fault -> fault.startsWith("needs 50 or more"));
        assertThat(dns.questions()).hasSizeLessThan(60);
    }

    /** RFC 7208 7.2: of the validated names the domain itself, then one below it, then any, then "unknown". */
    @Test
    void theMacroOfNamesPrefersTheDomainItself() {
        zone.withTxt("example.org", "v=spf1 exists:%{p}.names.test -all");
        String client = "192.0.2.1";
        assertThat(check("a@example.org").result()).isEqualTo(SpfResult.FAIL);
        assertThat(dns.questions()).contains("A unknown.names.test");
        for (String name : new String[] {"other.test", "sub.example.org", "Example.org"}) {
            zone.withPtr(client, name).withAddress(name, client);
            assertThat(check("a@example.org").result()).isEqualTo(SpfResult.FAIL);
            assertThat(dns.questions().getLast()).isEqualToIgnoringCase("A " + name + ".names.test");
        }
    }
}
