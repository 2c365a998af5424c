package org.posthorn.intake.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.config.ConfigException;
import org.posthorn.config.ConfigFile;
import org.posthorn.mail.Network;
import org.posthorn.protocol.dmarc.Policy;

class AuthenticationConfigTest {
    private static AuthenticationConfig read(String text) throws ConfigException {
        ConfigFile file = ConfigFile.parse("test.toml", text);
        AuthenticationConfig config =
                AuthenticationConfig.read(file.root().section("inbound").section("authentication"));
        file.finish();
        return config;
    }

    private static List<String> complaints(String text) {
        return catchThrowableOfType(ConfigException.class, () -> read(text)).complaints();
    }

    private static InetAddress address(String literal) {
        return InetAddress.ofLiteral(literal);
    }

    @Test
    void enforcesUnlessToldOtherwise() throws ConfigException {
        AuthenticationConfig config = read("");
        assertThat(config.enforce()).isTrue();
        assertThat(config.patience()).isEqualTo(Duration.ofSeconds(20));
        assertThat(config.deferUnknown()).isTrue();
        assertThat(config.publicSuffixList()).isFalse();
        assertThat(config.malformedFrom()).isEqualTo(Policy.QUARANTINE);
        assertThat(config.overrides()).isEmpty();
        assertThat(config.spfFail()).isEmpty();
        assertThat(config.trustedSealers()).isEmpty();
        assertThat(config.concerns(address("127.8.8.8"))).isFalse();
        assertThat(config.concerns(address("::1"))).isFalse();
        assertThat(config.concerns(address("::ffff:127.0.0.1"))).isFalse();
        assertThat(config.concerns(address("192.0.2.1"))).isTrue();
        assertThat(config.concerns(address("::2"))).isTrue();
    }

    @Test
    void readsEveryKey() throws ConfigException {
        AuthenticationConfig config = read("""
                [inbound.authentication]
                enforce = false
                exempt = ["192.0.2.0/25", "2001:db8::/32", "198.51.100.7"]
                timeout = "3s"
                defer-unknown = false
                malformed-from = "reject"
                organizational-domain = "public-suffix-list"
                trusted-sealers = ["Lists.Example", "bücher.example"]
                overrides."Partner.example" = "accept"
                overrides.".bank.example" = "reject"
                spf-fail."strict.example" = "quarantine"
                """);
        assertThat(config.enforce()).isFalse();
        assertThat(config.patience()).isEqualTo(Duration.ofSeconds(3));
        assertThat(config.deferUnknown()).isFalse();
        assertThat(config.malformedFrom()).isEqualTo(Policy.REJECT);
        assertThat(config.publicSuffixList()).isTrue();
        assertThat(config.trustedSealers()).containsExactlyInAnyOrder("lists.example", "xn--bcher-kva.example");
        assertThat(config.overrides())
                .isEqualTo(Map.of("partner.example", Policy.NONE, ".bank.example", Policy.REJECT));
        assertThat(config.spfFail()).isEqualTo(Map.of("strict.example", Policy.QUARANTINE));
        for (String exempt : List.of("192.0.2.127", "2001:db8:ffff::1", "198.51.100.7")) {
            assertThat(config.concerns(address(exempt))).as(exempt).isFalse();
        }
        // Who names networks names all of them.
        for (String judged : List.of("192.0.2.128", "2001:db9::1", "198.51.100.8", "127.0.0.1", "::1")) {
            assertThat(config.concerns(address(judged))).as(judged).isTrue();
        }
    }

    @Test
    void oneNetworkNeedsNoBrackets() throws ConfigException {
        AuthenticationConfig config = read("inbound.authentication.exempt = \"192.0.2.1\"\n");
        assertThat(config.exempt()).containsExactly(Network.parse("192.0.2.1/32"));
    }

    @Test
    void nobodyNeedBeExempt() throws ConfigException {
        AuthenticationConfig config = read("inbound.authentication.exempt = []\n");
        assertThat(config.concerns(address("127.0.0.1"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            enforce = "yes"                      | inbound.authentication.enforce: must be true or false
            exempt = ["10.1"]                    | "10.1" is not a network
            exempt = ["192.0.2.0/33"]            | "192.0.2.0/33" is not a network
            exempt = ["2001:db8::/129"]          | "2001:db8::/129" is not a network
            exempt = ["192.0.2.0/x"]             | "192.0.2.0/x" is not a network
            exempt = ["192.0.2.0/-1"]            | "192.0.2.0/-1" is not a network
            exempt = ["mail.example.org"]        | "mail.example.org" is not a network
            exempt = 192                         | inbound.authentication.exempt
            timeout = "0s"                       | inbound.authentication.timeout: must be from
            timeout = "6m"                       | inbound.authentication.timeout: must be from
            timeout = "soon"                     | inbound.authentication.timeout
            defer-unknown = 1                    | inbound.authentication.defer-unknown: must be true or false
            malformed-from = "drop"              | must be "accept", "quarantine" or "reject"
            organizational-domain = "psl"        | must be "tree-walk" or "public-suffix-list"
            trusted-sealers = ["not a domain"]   | "not a domain" is not a domain
            overrides."a.example" = "maybe"      | must be "accept", "quarantine" or "reject"
            overrides."a b" = "accept"           | inbound.authentication.overrides
            spf-fail."a..b" = "accept"           | inbound.authentication.spf-fail
            spf-fail = "accept"                  | inbound.authentication.spf-fail
            exmpt = ["192.0.2.1"]                | unknown key; did you mean "exempt"?
            """)
    void saysWhatIsWrong(String line, String complaint) {
        assertThat(complaints("[inbound.authentication]\n" + line + "\n"))
                .singleElement()
                .asString()
                .startsWith("test.toml:2: ")
                .contains(complaint);
    }

    @Test
    void theNearestRuleIsForADomain() {
        Map<String, Policy> rules =
                Map.of("a.example", Policy.NONE, ".a.example", Policy.REJECT, ".b.a.example", Policy.QUARANTINE);
        assertThat(AuthenticationConfig.ruleFor(rules, "a.example")).contains(Policy.NONE);
        assertThat(AuthenticationConfig.ruleFor(rules, "x.a.example")).contains(Policy.REJECT);
        assertThat(AuthenticationConfig.ruleFor(rules, "x.y.b.a.example")).contains(Policy.QUARANTINE);
        assertThat(AuthenticationConfig.ruleFor(rules, "b.a.example")).contains(Policy.REJECT);
        assertThat(AuthenticationConfig.ruleFor(rules, "example")).isEmpty();
        assertThat(AuthenticationConfig.ruleFor(rules, "xa.example")).isEmpty();
    }
}
