package org.posthorn.protocol.authres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.posthorn.mail.HeaderField;
import org.posthorn.testing.Conformance;
import org.posthorn.testing.Json;

class AuthenticationResultsTest {
    private static final AuthenticationResults OURS = new AuthenticationResults(
            "mx.example.org",
            List.of(
                    Methods.iprev("pass", InetAddress.ofLiteral("2001:db8::25"), Optional.of("mail.example.net")),
                    Methods.spfOfMailFrom("pass", "alice@example.net"),
                    Methods.spfOfHelo("none", "mail.example.net"),
                    Methods.dkim(
                            "fail",
                            "example.net",
                            Optional.of("@example.net"),
                            Optional.of("s1"),
                            Optional.of("rsa-sha256"),
                            "Qgi/FoC0aaaa"),
                    Methods.arc("none"),
                    Methods.dmarc("fail", "a.example.net", Optional.of("reject"), Optional.of("example.net"))
                            .because("no \"aligned\" identifier")
                            .remark("see (docs)"),
                    Methods.auth("pass", "alice@example.org")));

    @Test
    void writesEveryMethodFoldedAndQuoted() {
        assertThat(OURS.text()).isEqualTo("""
                Authentication-Results: mx.example.org;
                \tiprev=pass (mail.example.net) policy.iprev="2001:db8:0:0:0:0:0:25";
                \tspf=pass smtp.mailfrom=alice@example.net;
                \tspf=none smtp.helo=mail.example.net;
                \tdkim=fail header.d=example.net header.i=@example.net header.s=s1
                \theader.a=rsa-sha256 header.b="Qgi/FoC0";
                \tarc=none;
                \tdmarc=fail (see \\(docs\\)) reason="no \\"aligned\\" identifier"
                \theader.from=a.example.net polrec.p=reject polrec.domain=example.net;
                \tauth=pass smtp.auth=alice@example.org
                """.replace("\n", "\r\n"));
    }

    @Test
    void readsWhatItWrites() {
        assertThat(AuthenticationResults.parse(OURS.payload())).contains(OURS);
    }

    @Test
    void saysNoneWhereNothingWasChecked() {
        AuthenticationResults none = new AuthenticationResults("mx.example.org", List.of());
        assertThat(none.payload()).isEqualTo("mx.example.org; none");
        assertThat(AuthenticationResults.parse(" mx.example.org 1; (nothing) none "))
                .contains(none);
    }

    @Test
    void writesNothingThatEndsLineCommentOrString() {
        MethodResult hostile = MethodResult.of("spf", "fail")
                .remark("a)\r\nX: y (\\")
                .because("b\"; spf=pass\r\n")
                .with("smtp", "mailfrom", "\"x\r\n\"@a; dkim=pass");
        String text = new AuthenticationResults("mx\r\n.example.org", List.of(hostile)).text();
        assertThat(text.replace("\r\n\t", "").replaceFirst("\r\n$", "")).doesNotContain("\r", "\n");
        AuthenticationResults read = AuthenticationResults.parse(
                        text.substring(text.indexOf(':') + 1).strip())
                .orElseThrow();
        assertThat(read.results()).hasSize(1);
        assertThat(read.results().getFirst().result()).isEqualTo("fail");
    }

    /** Numbers 5 and 7 have properties without a type, number 8 has a domain in the place of a result: RFC 8601 2.2 has neither. */
    @Test
    void readsHeadersOfPythonAuthresAndRefusesMalformedOnes() throws IOException {
        String json = Files.readString(Conformance.require("authres").resolve("headers.json"));
        List<Boolean> wellFormed = Json.array(Json.read(json)).stream()
                .map(header ->
                        new HeaderField(String.valueOf(Json.object(header).get("header"))))
                .map(field -> AuthenticationResults.parse(field.value()).isPresent())
                .toList();
        assertThat(wellFormed).containsExactly(true, true, true, true, false, true, false, false);
    }

    @Test
    void readsPropertiesReasonAndComment() {
        AuthenticationResults read = AuthenticationResults.parse("""
                 example.com (MTA) 1; auth/1 = pass (cram-md5) reason="all (is) well" (x)
                  smtp . auth = "a b"@example.net policy.ip=2001:db8::1 header.b=Qgi/FoC0 ;
                 dkim=PASS header.i=@example.net\
                """).orElseThrow();
        MethodResult auth = read.results().getFirst();
        assertThat(read.authservId()).isEqualTo("example.com");
        assertThat(auth.comment()).contains("cram-md5");
        assertThat(auth.reason()).contains("all (is) well");
        assertThat(auth.property("smtp.auth")).contains("a b@example.net");
        assertThat(auth.property("POLICY.IP")).contains("2001:db8::1");
        assertThat(auth.property("header.b")).contains("Qgi/FoC0");
        assertThat(read.results().get(1).result()).isEqualTo("pass");
    }

    @Test
    void refusesMalformedFields() {
        for (String value : List.of(
                "",
                ";",
                "example.com",
                "example.com;",
                "example.com; spf",
                "example.com; spf=",
                "example.com; spf=pass; none",
                "example.com; spf=pass smtp.mailfrom",
                "example.com; spf=pass smtp.mailfrom=",
                "example.com; spf=pass smtp.mailfrom=\"open",
                "example.com; spf=pass smtp.mailfrom=\"open\\\"",
                "example.com 2; spf=pass",
                "exa mple.com; spf=pass",
                "example.com; spf=pa\"s\"s",
                "example.com; =pass")) {
            assertThat(AuthenticationResults.parse(value)).as(value).isEmpty();
        }
    }

    @Test
    void refusesMoreThanItsLimits() {
        String many = "a" + "; spf=pass".repeat(AuthenticationResults.MAX_RESULTS);
        assertThat(AuthenticationResults.parse(many)).isPresent();
        assertThat(AuthenticationResults.parse(many + "; spf=pass")).isEmpty();
        String wide = "a; spf=pass" + " smtp.helo=b".repeat(MethodResult.MAX_PROPERTIES);
        assertThat(AuthenticationResults.parse(wide)).isPresent();
        assertThat(AuthenticationResults.parse(wide + " smtp.helo=b")).isEmpty();
        String deep = "(".repeat(AuthenticationResults.MAX_LENGTH);
        assertThat(AuthenticationResults.parse(deep)).isEmpty();
        assertThat(AuthenticationResults.parse("a; spf=pass" + deep)).isEmpty();
    }

    @Test
    void knowsFieldsThatClaimToBeOurs() {
        for (String forged : List.of(
                "Authentication-Results: mx.example.org; spf=pass",
                "authentication-results :\r\n (we say) MX.Example.ORG;dkim=pass",
                "Authentication-Results: \"mx.example.org\" 1; spf=pass",
                "Authentication-Results: mx.example.org; not well formed",
                "Authentication-Results: mx.example.org",
                "Authentication-Results: other.example 7; spf=pass")) {
            assertThat(AuthenticationResults.claims(new HeaderField(forged), "mx.example.org"))
                    .as(forged)
                    .isTrue();
        }
        for (String foreign : List.of(
                "Authentication-Results: other.example; spf=pass",
                "Authentication-Results: other.example 1; spf=pass",
                "Authentication-Results: notmx.example.org; spf=pass",
                "Authentication-Results:",
                "X-Authentication-Results: mx.example.org; spf=pass",
                "ARC-Authentication-Results: i=1; mx.example.org; spf=pass")) {
            assertThat(AuthenticationResults.claims(new HeaderField(foreign), "mx.example.org"))
                    .as(foreign)
                    .isFalse();
        }
    }
}
