package org.posthorn.flow.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.mail.Address;
import org.posthorn.protocol.authres.AuthenticationResults;
import org.posthorn.protocol.dkim.DkimResult;
import org.posthorn.protocol.dkim.DkimVerdict;
import org.posthorn.protocol.dmarc.AuthorDomain;
import org.posthorn.protocol.dmarc.DmarcChecker;

class AuthenticationTest {
    private static String field(DkimVerdict signature) {
        return new AuthenticationResults("mx.example.net", judged(signature).results())
                .text()
                .replaceAll("\\s+", " ");
    }

    private static Authentication judged(DkimVerdict signature) {
        AuthorDomain author = AuthorDomain.of("a@example.org");
        return new Authentication(
                InetAddress.ofLiteral("192.0.2.1"),
                Iprev.UNKNOWN,
                Optional.empty(),
                Optional.empty(),
                List.of(signature),
                Optional.empty(),
                author,
                new DmarcChecker(new ZoneResolver()).check(author, List.of()),
                Optional.empty());
    }

    /** Of SPF see InboundAuthenticationTest. */
    @Test
    void aSignatureProvesSendersOfItsDomainAndBelow() {
        Authentication signed = judged(signature(DkimResult.PASS, ""));
        assertThat(signed.proves(Address.parse("x@example.org"))).isTrue();
        assertThat(signed.proves(Address.parse("x@bounces.example.org"))).isTrue();
        assertThat(signed.proves(Address.parse("x@org"))).isFalse();
        assertThat(signed.proves(Address.parse("x@notexample.org"))).isFalse();
        assertThat(signed.proves(Address.parse("x@example.org.evil.example"))).isFalse();
        assertThat(judged(signature(DkimResult.FAIL, "")).proves(Address.parse("x@example.org")))
                .isFalse();
    }

    private static DkimVerdict signature(DkimResult result, String reason) {
        return new DkimVerdict(
                result,
                "example.org",
                "s",
                "@example.org",
                "rsa-sha256",
                reason,
                2048,
                false,
                OptionalLong.of(5),
                "abcd");
    }

    /** RFC 6376 8.2: whoever reads the field should know that the rest of the body may be anybody's. */
    @Test
    void saysHowMuchOfTheBodyASignatureCovers() {
        assertThat(field(signature(DkimResult.PASS, "covers only 5 of 90 octets of the body")))
                .contains("dkim=pass (covers only 5 of 90 octets of the body) header.d=example.org");
        assertThat(field(signature(DkimResult.PASS, ""))).contains("dkim=pass header.d=example.org");
    }

    @Test
    void saysWhyASignatureDoesNotPass() {
        assertThat(field(signature(DkimResult.PERMERROR, "the key is revoked")))
                .contains("dkim=permerror reason=\"the key is revoked\" header.d=example.org");
    }
}
