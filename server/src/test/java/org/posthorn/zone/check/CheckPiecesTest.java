package org.posthorn.zone.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.posthorn.dns.CaaRecord;
import org.posthorn.dns.FailureKind;
import org.posthorn.dns.RecordType;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.mail.Domain;

/** The parts of the check that need no name server; the whole is shown by the interop test with real ones. */
class CheckPiecesTest {
    private static final InetAddress OURS = InetAddress.ofLiteral("192.0.2.1");

    private static String one(ZoneResolver zone) {
        Finding finding = new BlocklistCheck(zone, List.of("zen.spamhaus.org"))
                .check(List.of(OURS))
                .getFirst();
        return finding.state() + " " + finding.text();
    }

    @Test
    void namesAddressesInBlocklistsByTheirReverse() {
        assertThat(BlocklistCheck.name(OURS, "bl.example")).isEqualTo("1.2.0.192.bl.example");
        assertThat(BlocklistCheck.name(InetAddress.ofLiteral("2001:db8::1"), "bl.example"))
                .isEqualTo("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.bl.example");
    }

    @Test
    void tellsListingsFromListsThatDoNotAnswer() {
        String name = "1.2.0.192.zen.spamhaus.org";
        assertThat(one(new ZoneResolver())).isEqualTo("FOUND not listed by zen.spamhaus.org");
        assertThat(one(new ZoneResolver().withAddress(name, "127.0.0.10")))
                .startsWith("WRONG listed by zen.spamhaus.org: PBL:");
        assertThat(one(new ZoneResolver().withAddress(name, "127.0.0.99")))
                .isEqualTo("WRONG listed by zen.spamhaus.org: 127.0.0.99");
        assertThat(one(new ZoneResolver().withAddress(name, "127.255.255.254"))).startsWith("UNKNOWN ");
        // A resolver that leads every name to a page with advertisements.
        assertThat(one(new ZoneResolver().withAddress(name, "203.0.113.80")))
                .isEqualTo("UNKNOWN zen.spamhaus.org answers [203.0.113.80], which is no listing");
        assertThat(one(new ZoneResolver().withFailure(RecordType.A, name, FailureKind.TIMEOUT)))
                .startsWith("UNKNOWN ");
    }

    @Test
    void wantsOfThePolicysHostWhatSendersWant() {
        String good = "HTTP/1.0 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nversion: STSv1\r\n";
        assertThat(PolicyFetch.response(good)).isEqualTo(new PolicyFetch.Outcome.Policy("version: STSv1\r\n"));
        for (String bad : List.of(
                "",
                "\r\n\r\n",
                "HTTP/1.1\r\n\r\n",
                "HTTP/1.1 301 Moved\r\nContent-Type: text/plain\r\nLocation: /x\r\n\r\n",
                good.replace("200", "2000"),
                good.replace("text/plain", "text/html"),
                good + "x".repeat(PolicyFetch.MAX_OCTETS))) {
            assertThat(PolicyFetch.response(bad)).isInstanceOf(PolicyFetch.Outcome.Refused.class);
        }
    }

    @Test
    void aStarInAPolicyStandsForOneLabel() {
        assertThat(PolicyCheck.matches("*.example.org", "mx.example.org")).isTrue();
        assertThat(PolicyCheck.matches("*.example.org", "a.mx.example.org")).isFalse();
        assertThat(PolicyCheck.matches("*.example.org", "example.org")).isFalse();
        assertThat(PolicyCheck.matches("MX.example.org", "mx.example.org")).isTrue();
    }

    @Test
    void onlyTheAuthorityOfOurCertificateNeedsPermission() {
        HostCheck check = new HostCheck(
                new ZoneResolver()
                        .with(RecordType.CAA, "example.org", new CaaRecord(false, "issue", "letsencrypt.org; x=y")),
                "mx.example.org");
        assertThat(check.authority("CN=R11,O=Let's Encrypt,C=US", List.of())
                        .getFirst()
                        .state())
                .isEqualTo(State.FOUND);
        assertThat(check.authority("CN=G2,O=\"DigiCert, Inc.\",C=US", List.of()).getFirst())
                .isEqualTo(new Finding(
                        State.WRONG,
                        "caa",
                        "example.org",
                        "digicert.com, whose certificate we use, may not issue the next one",
                        List.of("example.org. 3600 IN CAA 0 issue \"digicert.com\"")));
        assertThat(check.authority("CN=Unheard Of CA", List.of()))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.state()).isEqualTo(State.NOTE);
                    assertThat(finding.toString()).contains("CN=Unheard Of CA").contains("dns.publish.caa-issuers");
                });
        assertThat(check.authority("CN=Unheard Of CA", List.of("ca.example.net", "letsencrypt.org")))
                .extracting(Finding::state)
                .containsExactly(State.WRONG, State.FOUND);
        assertThat(new HostCheck(new ZoneResolver(), "mx.example.org").authority("CN=Unheard Of CA", List.of()))
                .as("without CAA records anybody may")
                .isEmpty();
    }

    @Test
    void exitStatusPutsMistakesBeforeIgnorance() {
        assertThat(report(State.FOUND, State.NOTE).exitStatus()).isZero();
        assertThat(report(State.FOUND, State.UNKNOWN).exitStatus()).isEqualTo(2);
        assertThat(report(State.UNKNOWN, State.WRONG).exitStatus()).isEqualTo(1);
        assertThat(report(State.UNKNOWN, State.MISSING).exitStatus()).isEqualTo(1);
    }

    private static CheckReport report(State... states) {
        return new CheckReport(
                Domain.parse("example.org"),
                List.of(states).stream()
                        .map(state -> Finding.of(state, "mx", "example.org", "text"))
                        .toList());
    }

    @Test
    void whatStrangersPublishDoesNotReachTheTerminalAsItIs() {
        Finding finding = Finding.of(State.FOUND, "spf", "example.org", "\u001b[2J\n" + "x".repeat(5000));
        assertThat(finding.text()).startsWith("?[2J?xxx").hasSizeLessThan(1000);
    }
}
