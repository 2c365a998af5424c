package org.posthorn.config.opendkim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OpenDkimReaderTest {
    private static OpenDkimPlan plan(String conf, Map<String, String> files) {
        return OpenDkimReader.plan(conf, path -> Optional.ofNullable(files.get(path)));
    }

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
                        "SigningTable boss@example.org: only whole domains have keys with Posthorn",
                        "SigningTable *@*.example.org: only whole domains have keys with Posthorn",
                        "SigningTable example.com: only whole domains have keys with Posthorn",
                        "KeyTable line: the key stands in the table itself; put it into a file",
                        "KeyTable bad: not DOMAIN:SELECTOR:FILE",
                        "SigningTable *@none.example: KeyTable has no none",
                        "SigningTable *@EXAMPLE.org: an earlier line serves the domain",
                        "KeyTable lone: no line of SigningTable uses it")
                .anyMatch(remark -> remark.startsWith("KeyTable other: signs for elsewhere.example as mail.example"));
    }

    @Test
    void takesBareDomainsOfAPlainTable() {
        OpenDkimPlan plan = plan(
                "KeyTable file:/keys\nSigningTable file:/signing\n",
                Map.of("/keys", "k example.org:s:/k.pem", "/signing", "example.org k\n.example.net k\n"));
        assertThat(plan.keys()).containsExactly(new OpenDkimPlan.Key("example.org", "s", "/k.pem"));
        assertThat(plan.remarks()).contains("SigningTable .example.net: only whole domains have keys with Posthorn");
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
        String conf = "Selector s\nKeyFile /k.pem\nDomain " + "x".repeat(Lines.MAX_LENGTH) + "\n";
        assertThat(plan(conf, Map.of()).keys()).isEmpty();
        String late = "x y\n".repeat(Lines.MAX_LINES) + "Domain example.org\n";
        assertThat(plan("Selector s\nKeyFile /k.pem\n" + late, Map.of()).keys()).isEmpty();
    }
}
