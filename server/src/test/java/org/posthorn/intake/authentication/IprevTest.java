package org.posthorn.intake.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.dns.FailureKind;
import org.posthorn.dns.RecordType;
import org.posthorn.dns.RecordingResolver;
import org.posthorn.dns.ZoneResolver;

/** RFC 8601 3 and 2.7.3. */
class IprevTest {
    private final ZoneResolver zone = new ZoneResolver();

    private String check(String literal) {
        Iprev iprev = Iprev.check(zone, InetAddress.ofLiteral(literal));
        return iprev.result() + iprev.name().map(name -> " " + name).orElse("");
    }

    @Test
    void aNameThatLeadsBackPasses() {
        zone.withPtr("192.0.2.1", "mail.example.org").withAddress("mail.example.org", "192.0.2.1");
        zone.withPtr("2001:db8::1", "six.example.org").withAddress("six.example.org", "2001:db8::1");
        assertThat(check("192.0.2.1")).isEqualTo("PASS mail.example.org");
        assertThat(check("2001:db8::1")).isEqualTo("PASS six.example.org");
    }

    @Test
    void oneOfSeveralNamesIsEnough() {
        zone.withPtr("192.0.2.1", "other.example.org")
                .withPtr("192.0.2.1", "mail.example.org")
                .withAddress("other.example.org", "192.0.2.9")
                .withAddress("mail.example.org", "192.0.2.1");
        assertThat(check("192.0.2.1")).isEqualTo("PASS mail.example.org");
    }

    @Test
    void aNameThatLeadsElsewhereOrNowhereFails() {
        zone.withPtr("192.0.2.1", "mail.example.org").withAddress("mail.example.org", "192.0.2.2");
        assertThat(check("192.0.2.1")).isEqualTo("FAIL");
        zone.withPtr("192.0.2.3", "nothing.example.org");
        assertThat(check("192.0.2.3")).isEqualTo("FAIL");
    }

    @Test
    void noNameIsAPermanentErrorAndNoAnswerATemporaryOne() {
        assertThat(check("192.0.2.1")).isEqualTo("PERMERROR");
        zone.withFailure(RecordType.PTR, "2.2.0.192.in-addr.arpa", FailureKind.SERVFAIL);
        assertThat(check("192.0.2.2")).isEqualTo("TEMPERROR");
        zone.withPtr("192.0.2.3", "mail.example.org")
                .withFailure(RecordType.A, "mail.example.org", FailureKind.SERVFAIL);
        assertThat(check("192.0.2.3")).isEqualTo("TEMPERROR");
    }

    /** What a stranger's reverse zone says goes into the log and into the header only if it is a name. */
    @ParameterizedTest
    @ValueSource(strings = {"[192.0.2.1]", "a b.example.org", "x\"y.example.org"})
    void whatIsNoHostNameIsPassedOver(String name) {
        zone.with(RecordType.PTR, "1.2.0.192.in-addr.arpa", name);
        RecordingResolver asked = new RecordingResolver(zone);
        assertThat(Iprev.check(asked, InetAddress.ofLiteral("192.0.2.1")).result())
                .isEqualTo(Iprev.Result.FAIL);
        assertThat(asked.questions()).hasSize(1);
    }

    @Test
    void looksAtTenNamesAndNoMore() {
        for (int i = 1; i <= 11; i++) {
            zone.withPtr("192.0.2.1", "n" + i + ".example.org");
        }
        zone.withAddress("n11.example.org", "192.0.2.1");
        RecordingResolver asked = new RecordingResolver(zone);
        assertThat(Iprev.check(asked, InetAddress.ofLiteral("192.0.2.1")).result())
                .isEqualTo(Iprev.Result.FAIL);
        assertThat(asked.questions()).hasSize(1 + 10);
        zone.withAddress("n10.example.org", "192.0.2.1");
        assertThat(check("192.0.2.1")).isEqualTo("PASS n10.example.org");
    }
}
