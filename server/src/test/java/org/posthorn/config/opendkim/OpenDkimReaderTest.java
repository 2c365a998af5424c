package org.posthorn.config.opendkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OpenDkimReaderTest {
    private static OpenDkimPlan plan(String conf, Map<String, String> files, String... ours) {
        return OpenDkimReader.plan(conf, path -> Optional.ofNullable(files.get(path)), Set.of(ours));
    }

    /** Tables as they are found: a KeyTable and a SigningTable by patterns. */
    private static OpenDkimPlan tables(String keyTable, String signingTable, String... ours) {
        return plan(
                "KeyTable file:/etc/dkim/keys\nSigningTable refile:/etc/dkim/signing\n",
                Map.of("/etc/dkim/keys", keyTable, "/etc/dkim/signing", signingTable),
                ours);
    }

    private static OpenDkimPlan.Key key(String domain, String selector) {
        return new OpenDkimPlan.Key(domain, selector, "/keys/" + domain + ".pem");
    }

    private static final String ORG = "org example.org:s1:/keys/example.org.pem\n";

    @Test
    void takesTheOneKeyOfAllDomains() {
        OpenDkimPlan plan = plan("""
                # a comment
                Domain      example.org, example.net   # two
                SELECTOR    s1
                KeyFile     /etc/dkimkeys/s1.pem
                Mode        s
                """, Map.of());
        assertThat(plan.keys())
                .containsExactly(
                        new OpenDkimPlan.Key("example.org", "s1", "/etc/dkimkeys/s1.pem"),
                        new OpenDkimPlan.Key("example.net", "s1", "/etc/dkimkeys/s1.pem"));
        assertThat(plan.settings()).containsExactly("milter.modes = [\"sign\"]");
        assertThat(plan.remarks()).isEmpty();
    }

    @Test
    void takesWholeDomainsOfARefileTable() {
        OpenDkimPlan plan = plan("""
                KeyTable      /etc/dkim/keys
                SigningTable  refile:/etc/dkim/signing
                """, Map.of("/etc/dkim/keys", """
                        org   example.org:2024:/keys/org.pem
                        any   %:2025:/keys/%.pem
                        other mail.example:s:/keys/other.pem
                        lone  lone.example:s:/keys/lone.pem
                        line  inline.example:s:MIICXAIBAAKBgQ
                        bad   nonsense
                        """, "/etc/dkim/signing", """
                        *@example.org        org
                        *@example.net        any
                        boss@example.org     org
                        *@*.example.org      org
                        *@elsewhere.example  other
                        *@inline.example     line
                        *@bad.example        bad
                        *@none.example       none
                        *@EXAMPLE.org        any
                        example.com          any
                        """));
        assertThat(plan.keys())
                .containsExactly(
                        new OpenDkimPlan.Key("example.org", "2024", "/keys/org.pem"),
                        new OpenDkimPlan.Key("example.net", "2025", "/keys/example.net.pem"));
        assertThat(plan.remarks())
                .contains(
                        "SigningTable *@*.example.org: no domain of Posthorn matches it: add those that send (posthorn domain add),"
                                + " then import again",
                        "SigningTable example.com: in a refile this matches no address; OpenDKIM does not sign by it either",
                        "KeyTable line: the key stands in the table itself; write it into a PEM file, name that there, then import"
                                + " again",
                        "KeyTable bad: not DOMAIN:SELECTOR:FILE",
                        "SigningTable *@none.example: KeyTable has no none",
                        "SigningTable *@EXAMPLE.org: an earlier line serves the domain",
                        "KeyTable lone: no line of SigningTable uses it")
                .anyMatch(remark -> remark.startsWith("KeyTable other: signs for elsewhere.example as mail.example"))
                .noneMatch(remark -> remark.contains("boss"));
    }

    @Test
    void aWildcardStandsForOurDomains() {
        OpenDkimPlan plan = tables(
                "any %:s2:/keys/%.pem\n" + ORG,
                "*@example.org org\n* any\n",
                "example.org",
                "example.net",
                "a.example.net");
        assertThat(plan.keys())
                .containsExactlyInAnyOrder(
                        key("example.org", "s1"), key("example.net", "s2"), key("a.example.net", "s2"));
        assertThat(plan.remarks()).isEmpty();
    }

    @Test
    void aSubdomainSignsAsItsParent() {
        OpenDkimPlan plan =
                tables(ORG, "*@news.example.org org\n*@*.example.org org\n", "shop.example.org", "notexample.org");
        assertThat(plan.keys()).containsExactly(key("example.org", "s1"));
        assertThat(plan.subdomains())
                .containsExactlyInAnyOrder(
                        new OpenDkimPlan.Subdomain("news.example.org", "example.org"),
                        new OpenDkimPlan.Subdomain("shop.example.org", "example.org"));
        assertThat(plan.remarks()).isEmpty();
    }

    @Test
    void aSubdomainWithAnotherKeyOfItsParentIsRemarked() {
        OpenDkimPlan plan =
                tables(ORG + "news example.org:s2:/keys/news.pem\n", "*@news.example.org news\n*@example.org org\n");
        assertThat(plan.keys()).containsExactly(key("example.org", "s1"));
        assertThat(plan.remarks())
                .singleElement()
                .asString()
                .contains("selector s2")
                .contains("selector s1");
    }

    @Test
    void theKeyOfSomeAddressesIsTakenWhereItIsTheOnlyOne() {
        OpenDkimPlan plan = tables(ORG, "boss@example.org org\nsales-*@example.org org\n");
        assertThat(plan.keys()).containsExactly(key("example.org", "s1"));
        assertThat(plan.remarks())
                .containsExactly(
                        "SigningTable boss@example.org: OpenDKIM signed for some addresses of example.org only; with"
                                + " Posthorn all of them sign with that key");
    }

    @Test
    void differentKeysOfAddressesAreRefused() {
        String keys = ORG + "boss example.org:b:/keys/boss.pem\n";
        OpenDkimPlan none = tables(keys, "boss@example.org boss\nsales@example.org org\n");
        assertThat(none.keys()).isEmpty();
        assertThat(none.remarks())
                .hasSize(2)
                .allMatch(
                        remark -> remark.contains("have different keys") && remark.contains("line for *@example.org"));
        OpenDkimPlan rest = tables(keys, "boss@example.org boss\n*@example.org org\n");
        assertThat(rest.keys()).containsExactly(key("example.org", "s1"));
        assertThat(rest.remarks())
                .singleElement()
                .asString()
                .startsWith("SigningTable boss@example.org: has a key of its own");
    }

    @Test
    void severalLinesSignWithMultipleSignatures() {
        OpenDkimPlan plan = plan(
                "KeyTable /k\nSigningTable refile:/s\nMultipleSignatures yes\n",
                Map.of(
                        "/k",
                        "rsa example.org:r:/keys/r.pem\ned example.org:e:/keys/e.pem",
                        "/s",
                        "*@example.org rsa\n*@example.org ed"));
        assertThat(plan.keys()).extracting(OpenDkimPlan.Key::selector).containsExactly("r", "e");
    }

    @Test
    void subDomainsSignAsTheDomain() {
        OpenDkimPlan plan = plan(
                "Domain example.org\nSelector s\nKeyFile /k.pem\nSubDomains yes\n",
                Map.of(),
                "example.org",
                "a.example.org",
                "example.net");
        assertThat(plan.subdomains()).containsExactly(new OpenDkimPlan.Subdomain("a.example.org", "example.org"));
    }

    @Test
    void globsGoBackToTheirLastStarOnly() {
        assertThat(SigningTable.matches("*@*.example.org", "x@a.b.example.org")).isTrue();
        assertThat(SigningTable.matches("*@*.example.org", "x@example.org")).isFalse();
        assertThat(SigningTable.matches("*a*b*", "xxaxxbxx")).isTrue();
        assertThat(SigningTable.matches("*a".repeat(4000), "a".repeat(3999))).isFalse();
    }

    @Test
    void takesBareDomainsOfAPlainTable() {
        OpenDkimPlan plan = plan(
                "KeyTable file:/keys\nSigningTable file:/signing\n",
                Map.of("/keys", "k example.org:s:/k.pem", "/signing", "example.org k\n.example.net k\n"));
        assertThat(plan.keys()).containsExactly(new OpenDkimPlan.Key("example.org", "s", "/k.pem"));
        assertThat(plan.remarks())
                .contains(
                        "SigningTable .example.net: no domain of Posthorn matches it: add those that send (posthorn domain add),"
                                + " then import again");
        assertThat(plan(
                                "KeyTable /keys\nSigningTable /signing\n",
                                Map.of("/keys", "k %:s:/k.pem", "/signing", ".example.net k"),
                                "a.example.net",
                                "example.net")
                        .keys())
                .containsExactly(new OpenDkimPlan.Key("a.example.net", "s", "/k.pem"));
    }

    @Test
    void findsOurSettingsForThoseOfOpenDkim() {
        OpenDkimPlan plan =
                plan("""
                Domain example.org
                Selector s
                KeyFile /k.pem
                Socket inet:8891@localhost
                AuthservID mx.example.org
                InternalHosts /hosts
                Canonicalization relaxed/simple
                """, Map.of("/hosts", "127.0.0.1\n10.0.0.0/8\n2001:db8::/32\n!10.1.0.0/16\n.example.org\n"));
        assertThat(plan.settings())
                .containsExactly(
                        "milter.authserv-id = \"mx.example.org\"",
                        "milter.internal-hosts = [\"127.0.0.1\", \"10.0.0.0/8\", \"2001:db8::/32\"]",
                        "listen.milter = \"127.0.0.1:8891\"");
        assertThat(plan.remarks())
                .containsExactly(
                        "InternalHosts !10.1.0.0/16: only addresses and networks are taken",
                        "InternalHosts .example.org: only addresses and networks are taken",
                        "canonicalization relaxed/simple: Posthorn signs relaxed/relaxed");
    }

    @Test
    void takesAUnixSocketOverWithItsMode() {
        for (String socket :
                List.of("local:/run/opendkim/o.sock", "unix:/run/opendkim/o.sock", "/run/opendkim/o.sock")) {
            OpenDkimPlan plan = plan("Socket " + socket + "\nUMask 007\n", Map.of());
            assertThat(plan.settings())
                    .containsExactly("listen.milter = \"unix:/run/opendkim/o.sock\"", "listen.socket-mode = \"0660\"");
            assertThat(plan.remarks()).anyMatch(remark -> remark.startsWith("Socket /run/opendkim/o.sock: its folder"));
        }
        assertThat(plan("Socket smtp://x", Map.of()).settings()).containsExactly("listen.milter = \"127.0.0.1:8891\"");
    }

    @Test
    void saysWhatCannotBeRead() {
        assertThat(plan("", Map.of()).remarks()).contains("no keys: neither KeyTable nor Selector and KeyFile");
        assertThat(plan("KeyTable /gone\nSigningTable mysql://x\n", Map.of()).remarks())
                .contains("KeyTable /gone cannot be read", "SigningTable mysql://x: only files are read");
    }

    @Test
    void boundsLinesAndTheirLength() {
        String conf = "Selector s\nKeyFile /k.pem\nDomain " + "x".repeat(OpenDkimLines.MAX_LENGTH) + "\n";
        assertThat(plan(conf, Map.of()).keys()).isEmpty();
        String late = "x y\n".repeat(OpenDkimLines.MAX_LINES) + "Domain example.org\n";
        assertThat(plan("Selector s\nKeyFile /k.pem\n" + late, Map.of()).keys()).isEmpty();
    }
}
