package org.posthorn.protocol.authres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
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

    /** RFC 8616 6: an authserv-id may be written in U-labels. */
    @Test
    void knowsOurNameInUnicodeToo() {
        String field = new String(
                "Authentication-Results: mx.BÜCHER.example; spf=pass".getBytes(StandardCharsets.UTF_8),
                StandardCharsets.ISO_8859_1);
        assertThat(AuthenticationResults.claims(new HeaderField(field), "mx.xn--bcher-kva.example"))
                .isTrue();
        assertThat(AuthenticationResults.claims(new HeaderField(field), "mx.xn--bchr-kva.example"))
                .isFalse();
        assertThat(AuthenticationResults.claims(
                        new HeaderField("Authentication-Results: XN--bcher-kva.example; x=y"), "bücher.example"))
                .isTrue();
    }

    @Test
    void knowsFieldsThatClaimToBeOurs() {
        for (String forged : List.of(
                "Authentication-Results: mx.example.org; spf=pass",
                "authentication-results :\r\n (we say) MX.Example.ORG;dkim=pass",
                "Authentication-Results: \"mx.example.org\" 1; spf=pass",
                "Authentication-Results: mx.example.org; not well formed",
                "Authentication-Results: mx.example.org",
                "Authentication-Results: mx.example.org.; spf=pass",
                "Authentication-Results: mx(a).example.org; spf=pass",
                "Authentication-Results: \"mx\". example.org ; spf=pass",
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

    private static String written(String property) {
        String payload =
                new AuthenticationResults("a", List.of(MethodResult.of("x", "y").with("t", "n", property))).payload();
        return payload.substring("a;\r\n\tx=y t.n=".length());
    }

    /** RFC 2045 5.1, RFC 8616 6: what is no token is quoted, controls and halves of characters are replaced. */
    @Test
    void quotesWhatIsNoToken() {
        assertThat(written("!token~")).isEqualTo("!token~");
        for (char c : "()<>@,;:\\\"/[]?= ".toCharArray()) {
            String escaped = c == '\\' || c == '"' ? "\\" + c : String.valueOf(c);
            assertThat(written("a" + c)).isEqualTo("\"a" + escaped + "\"");
        }
        assertThat(written("")).isEqualTo("\"\"");
        assertThat(written("a\u001fb")).isEqualTo("\"a?b\"");
        assertThat(written("a\u007fb")).isEqualTo("\"a?b\"");
        assertThat(written("a\u009fb")).isEqualTo("\"a?b\"");
        assertThat(written("a\ud800b")).isEqualTo("\"a?b\"");
        assertThat(written("a b\u2028")).isEqualTo("\"a b?\"");
        assertThat(written("a b\u2029")).isEqualTo("\"a b?\"");
        assertThat(written("a\u00a0b")).isEqualTo("a\u00a0b");
        assertThat(written("gr\u00fcn")).isEqualTo("gr\u00fcn");
    }

    @Test
    void addressesStandUnquotedWhereTheyMay() {
        assertThat(written("@example.net")).isEqualTo("@example.net");
        assertThat(written("a.b@example.net")).isEqualTo("a.b@example.net");
        assertThat(written("gr\u00fcn@example.net")).isEqualTo("gr\u00fcn@example.net");
        assertThat(written("a@")).isEqualTo("\"a@\"");
        assertThat(written("a@b@example.net")).isEqualTo("\"a@b@example.net\"");
        assertThat(written("a b@example.net")).isEqualTo("\"a b@example.net\"");
        assertThat(written("a\u0085@example.net")).isEqualTo("\"a?@example.net\"");
        assertThat(written("a@exam(ple.net")).isEqualTo("\"a@exam(ple.net\"");
    }

    /** RFC 5322 2.1.1: 78 characters; the tab counts as eight. */
    @Test
    void foldsAt78Characters() {
        String fits = "v".repeat(78 - 8 - "x=y t.n=".length());
        assertThat(written(fits)).isEqualTo(fits);
        String payload =
                new AuthenticationResults("a", List.of(MethodResult.of("x", "y").with("t", "n", fits + "v"))).payload();
        assertThat(payload).isEqualTo("a;\r\n\tx=y\r\n\tt.n=" + fits + "v");
    }

    @Test
    void marksParenthesesAndBackslashesInComments() {
        MethodResult result = MethodResult.of("x", "y").remark("(a)\\\u0000");
        assertThat(new AuthenticationResults("a", List.of(result)).payload()).isEqualTo("a;\r\n\tx=y (\\(a\\)\\\\?)");
    }

    @Test
    void keywordsAreLettersDigitsHyphensAndUnderscores() {
        for (String keyword : List.of("a", "z", "A", "Z", "0", "9", "a-b", "_", "-a")) {
            assertThat(MethodResult.of(keyword, keyword).method()).isEqualToIgnoringCase(keyword);
        }
        for (String other : List.of("", "a-", "`", "{", "@", "[", "/", ":", "a b", "\u00fc")) {
            assertThatIllegalArgumentException().isThrownBy(() -> MethodResult.of("spf", other));
            assertThatIllegalArgumentException().isThrownBy(() -> MethodResult.of(other, "pass"));
        }
    }

    @Test
    void readsValuesAsTheyAreWritten() {
        assertThat(AuthenticationResults.parse("\"a b\\\\\"; spf=pass")
                        .orElseThrow()
                        .authservId())
                .isEqualTo("a b\\");
        assertThat(AuthenticationResults.parse("a; spf / 1 = pass")
                        .orElseThrow()
                        .results())
                .hasSize(1);
        assertThat(AuthenticationResults.parse("gr\u00fcn\u00a0; none")
                        .orElseThrow()
                        .authservId())
                .isEqualTo("gr\u00fcn\u00a0");
        for (String value : List.of(
                "a\u007f; none",
                "a\u009f; none",
                "a\ud800; none",
                "a; none x",
                "a; none; none",
                "a; spf/x=pass",
                "\"; spf=pass",
                "a; spf=pass a.b=c\u007fd",
                "a; spf=pass a.b=\"c\\\\\\\"",
                "a; spf=pass reason=a reason=b",
                "a; spf=pass a.b=c reason=d",
                "a 0; spf=pass",
                "a 11; spf=pass")) {
            assertThat(AuthenticationResults.parse(value)).as(value).isEmpty();
        }
    }

    @Test
    void readsFieldsOf65536Characters() {
        String start = "a; spf=pass (";
        String longest = start + "x".repeat(65_536 - start.length() - 1) + ")";
        assertThat(AuthenticationResults.parse(longest)).isPresent();
        assertThat(AuthenticationResults.parse(longest + " ")).isEmpty();
        assertThat(AuthenticationResults.parse("a" + "; spf=pass".repeat(100))
                        .orElseThrow()
                        .results())
                .hasSize(100);
        assertThat(AuthenticationResults.parse("a; spf=pass" + " smtp.helo=b".repeat(50))
                        .orElseThrow()
                        .results()
                        .getFirst()
                        .properties())
                .hasSize(50);
    }

    /** RFC 6008 4: eight characters of a signature. */
    @Test
    void leavesOutWhatIsNotKnownOfASignature() {
        MethodResult bare = Methods.dkim("none", "d", Optional.empty(), Optional.empty(), Optional.empty(), "");
        assertThat(bare.properties()).containsExactly(new Property("header", "d", "d"));
        MethodResult eight =
                Methods.dkim("pass", "d", Optional.empty(), Optional.empty(), Optional.empty(), "12345678x");
        assertThat(eight.property("header.b")).contains("12345678");
        assertThat(eight.property("header.i")).isEmpty();
        assertThat(Methods.iprev("fail", InetAddress.ofLiteral("192.0.2.1"), Optional.empty())
                        .comment())
                .isEmpty();
        assertThat(Methods.dmarc("none", "a", Optional.empty(), Optional.empty())
                        .properties())
                .containsExactly(new Property("header", "from", "a"));
    }

    /** What others may read as a version is a number; a word there makes the field no claim of ours. */
    @Test
    void aVersionIsANumber() {
        assertThat(AuthenticationResults.claims(
                        new HeaderField("Authentication-Results: other.example 1x; spf=pass"), "mx.example.org"))
                .isFalse();
        for (String version : List.of("0", "9", "10", "01")) {
            assertThat(AuthenticationResults.claims(
                            new HeaderField("Authentication-Results: other.example " + version + "; spf=pass"),
                            "mx.example.org"))
                    .as(version)
                    .isTrue();
        }
    }
}
