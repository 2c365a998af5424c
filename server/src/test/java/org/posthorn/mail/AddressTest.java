package org.posthorn.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
    @Test
    void keepsCaseOfLocalPartAndLowersDomain() {
        Address address = Address.parse("Smith.John+Tag@Example.ORG");

        assertThat(address.localPart()).isEqualTo("Smith.John+Tag");
        assertThat(address.domain().name()).isEqualTo("example.org");
        assertThat(address).hasToString("Smith.John+Tag@example.org");
        assertThat(address.canonical()).hasToString("smith.john+tag@example.org");
    }

    @Test
    void dropsNeedlessQuotesAndKeepsNeededOnes() {
        assertThat(Address.parse("\"john\"@example.org")).isEqualTo(Address.parse("john@example.org"));
        assertThat(Address.parse("\"jo\\hn\"@example.org")).isEqualTo(Address.parse("john@example.org"));
        assertThat(Address.parse("\"john doe\"@example.org")).hasToString("\"john doe\"@example.org");
        assertThat(Address.parse("\"a@b\\\"\\\\\"@example.org")).hasToString("\"a@b\\\"\\\\\"@example.org");
        assertThat(Address.parse("\"a@b\\\"\\\\\"@example.org").localPart()).isEqualTo("a@b\"\\");
        assertThat(Address.parse("\"a..b\"@example.org")).hasToString("\"a..b\"@example.org");
    }

    @Test
    void parsesWhatItPrints() {
        for (String text : new String[] {"a@b", "\"a b\"@[192.0.2.1]", "\"\\\\\"@b.c", "用户@例え.jp"}) {
            Address address = Address.parse(text);
            assertThat(Address.parse(address.toString())).isEqualTo(address);
        }
    }

    @Test
    void needsSmtpUtf8OnlyForItsLocalPart() {
        assertThat(Address.parse("jürgen@example.org").needsSmtpUtf8()).isTrue();
        assertThat(Address.parse("juergen@bücher.example").needsSmtpUtf8()).isFalse();
        assertThat(Address.parse("juergen@Bücher.example")).hasToString("juergen@xn--bcher-kva.example");
    }

    @Test
    void limitsLocalPartTo64Octets() {
        assertThat(Address.parse("a".repeat(64) + "@example.org").localPart()).hasSize(64);
        assertThatThrownBy(() -> Address.parse("a".repeat(65) + "@example.org"))
                .isInstanceOf(MalformedAddressException.class);
        assertThatThrownBy(() -> Address.parse("ü".repeat(33) + "@example.org"))
                .isInstanceOf(MalformedAddressException.class);
        assertThatThrownBy(() -> Address.parse("\"" + "a b".repeat(21) + "\"@example.org"))
                .isInstanceOf(MalformedAddressException.class);
    }

    @Test
    void limitsAddressTo254Octets() {
        String domain = ("d".repeat(62) + ".").repeat(3) + "example.org";
        String good = "a".repeat(254 - 1 - domain.length()) + "@" + domain;
        assertThat(Address.parse(good).toString()).hasSize(254);
        assertThatThrownBy(() -> Address.parse("a" + good)).isInstanceOf(MalformedAddressException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "@",
                "a@",
                "@b",
                "a@b@c",
                "a b@c",
                ".a@b",
                "a.@b",
                "a..b@c",
                "<a@b>",
                "a@b.",
                "a@-b",
                "a@b-",
                "a@b..c",
                "\"\"@b",
                "\"a@b",
                "\"a\\\"@b",
                "\"a\"b@c",
                "a\r\n@b",
                "\"a\0\"@b",
                "\"a\\\t\"@b",
                "a\u0085b@c",
                "a@b c",
                "a@[1.2.3]",
                "a@[1.2.3.4",
                "a@[256.1.1.1]",
                "a@[::1]",
                "a@[IPv6:::1::]",
                "a@[IPv6:1:2:3:4:5:6:7]",
                "a@[]",
                "a@[x:y]",
                "a@\uD800",
                "\uD800@b"
            })
    void refusesWhatNoEnvelopeCarries(String text) {
        assertThatThrownBy(() -> Address.parse(text)).isInstanceOf(MalformedAddressException.class);
    }

    @Test
    void knowsAddressLiterals() {
        assertThat(Domain.parse("[127.0.0.1]").isAddressLiteral()).isTrue();
        assertThat(Domain.parse("[ipv6:2001:DB8::1]")).hasToString("[IPv6:2001:db8::1]");
        assertThat(Domain.parse("example.org").isAddressLiteral()).isFalse();
    }

    @Test
    void showsDomainInUnicode() {
        assertThat(Domain.parse("xn--bcher-kva.example").unicode()).isEqualTo("bücher.example");
        assertThat(Domain.parse("Bücher.example")).isEqualTo(Domain.parse("xn--bcher-kva.example"));
    }

    @Test
    void keepsDomainsApartThatDifferInUnicode() {
        assertThat(Domain.parse("faß.example")).hasToString("xn--fa-hia.example");
        assertThat(Domain.parse("ΟΔΟΣ.example")).isEqualTo(Domain.parse("οδοσ.example"));
        assertThat(Domain.parse("Ｅxample。org")).hasToString("example.org");
        assertThatThrownBy(() -> Domain.parse("a⒈example")).isInstanceOf(MalformedAddressException.class);
        assertThatThrownBy(() -> Domain.parse(".ü.example")).isInstanceOf(MalformedAddressException.class);
        assertThatThrownBy(() -> Domain.parse("xn--a.example")).isInstanceOf(MalformedAddressException.class);
        assertThatThrownBy(() -> Domain.parse("a\u2100b.example")).isInstanceOf(MalformedAddressException.class);
    }

    @Test
    void doesNotDependOnTheDefaultLocale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("tr"));
        try {
            assertThat(Address.parse("INFO@EXAMPLE.ORG.IT").canonical()).hasToString("info@example.org.it");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void hidesControlCharactersInItsComplaint() {
        assertThatThrownBy(() -> Address.parse("a\r\nb"))
                .isInstanceOf(MalformedAddressException.class)
                .hasMessageNotContaining("\n");
    }

    @Test
    void takesEveryAtomCharacter() {
        String atext = "azAZ09!#$%&'*+-/=?^_`{|}~";
        assertThat(Address.parse(atext + "@b.test")).hasToString(atext + "@b.test");
        for (char c : "()<>[]:;@\\,\" ".toCharArray()) {
            assertThatThrownBy(() -> Address.parse("a" + c + "b@b.test")).isInstanceOf(MalformedAddressException.class);
            String escaped = c == '"' || c == '\\' ? "\\" + c : String.valueOf(c);
            assertThat(new Address("a" + c, Domain.parse("b.test"))).hasToString("\"a" + escaped + "\"@b.test");
        }
        for (char c : "\u001f\u007f\u009f\u2028\u2029\ud800\udfff".toCharArray()) {
            assertThatThrownBy(() -> new Address("a" + c, Domain.parse("b.test")))
                    .isInstanceOf(MalformedAddressException.class);
        }
        assertThat(new Address("\u00a0\ud83d\ude00", Domain.parse("b.test")).needsSmtpUtf8())
                .isTrue();
        assertThat(new Address("~", Domain.parse("b.test")).needsSmtpUtf8()).isFalse();
    }

    /** RFC 1035 2.3.4: labels of 63 octets, names of 253. */
    @Test
    void limitsDomains() {
        assertThat(Domain.parse("a".repeat(63) + ".test").name()).hasSize(68);
        assertThatThrownBy(() -> Domain.parse("a".repeat(64) + ".test")).isInstanceOf(MalformedAddressException.class);
        String longest = ("d".repeat(62) + ".").repeat(4) + "e";
        assertThat(Domain.parse(longest).name()).hasSize(253);
        assertThatThrownBy(() -> Domain.parse(longest + "e")).isInstanceOf(MalformedAddressException.class);
        assertThat(Domain.parse("0z_a-9.A1")).hasToString("0z_a-9.a1");
        for (String wrong : List.of("", ".", "a.", ".a", "-a.b", "a-.b", "a.b-", "a/b", "a:b", "a`b", "a{b", "a b")) {
            assertThatThrownBy(() -> Domain.parse(wrong)).as(wrong).isInstanceOf(MalformedAddressException.class);
        }
        assertThat(Domain.parse("a.test")).isLessThan(Domain.parse("b.test"));
    }

    @Test
    void readsAddressLiterals() {
        for (String good : List.of(
                "[0.0.0.0]",
                "[255.255.255.255]",
                "[IPv6:::]",
                "[IPv6:::1]",
                "[IPv6:1::]",
                "[IPv6:1:2:3:4:5:6:7:8]",
                "[IPv6:1:2:3:4:5:6:192.0.2.1]",
                "[IPv6:::ffff:192.0.2.1]",
                "[IPv6:1:2:3:4:5:6::]",
                "[IPv6:ffff::abcd]")) {
            assertThat(Domain.parse(good)).hasToString(good);
        }
        for (String wrong : List.of(
                "[",
                "[]",
                "[]]",
                "[1.2.3.4",
                "[1.2.3.256]",
                "[1.2.3.1000]",
                "[1.2.3.]",
                "[1.2.3.4.5]",
                "[IPv6:]",
                "[IPv6:1]",
                "[IPv6:1:2:3:4:5:6:7]",
                "[IPv6:1:2:3:4:5:6:7:8:9]",
                "[IPv6:1:2:3:4:5:6:7:192.0.2.1]",
                "[IPv6:1::2::3]",
                "[IPv6:12345::]",
                "[IPv6:g::]",
                "[IPv6::1]",
                "[IPv6:1:]",
                "[IPv6:192.0.2.1::]",
                "[IPv6:::192.0.2.256]")) {
            assertThatThrownBy(() -> Domain.parse(wrong)).as(wrong).isInstanceOf(MalformedAddressException.class);
        }
    }
}
