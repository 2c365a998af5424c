package org.posthorn.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Keys that OpenDKIM's own tool has made are taken over with tables as they are found; what we sign with them dkimpy verifies against
 * the records that the tool printed.
 */
@ExtendWith(Peers.class)
class DkimImportTest {
    @TempDir
    static Path dir;

    private static PosthornServer posthorn;
    private static Tool imported;

    @BeforeAll
    static void start() throws Exception {
        Tool.require("opendkim-genkey");
        Tool.require("python3");
        writeKeys();
        Files.writeString(dir.resolve("opendkim.conf"), """
                # as Debian has it
                Syslog              yes
                UMask               007
                Mode                sv
                SubDomains          no
                MultipleSignatures  yes
                OversignHeaders     From
                KeyTable            file:%1$s/key.table
                SigningTable        refile:%1$s/signing.table
                Socket              inet:8891@localhost
                """.formatted(dir));
        Files.writeString(dir.resolve("key.table"), """
                rsa       import.test:s1:%1$s/s1.private
                ed        import.test:ed:%1$s/ed.private
                wild      %%:s1:%1$s/s1.private
                stranger  other.test:s1:%1$s/s1.private
                """.formatted(dir));
        Files.writeString(dir.resolve("signing.table"), """
                boss@import.test      rsa
                *@import.test         rsa
                *@import.test         ed
                *@news.import.test    rsa
                *@strange.test        stranger
                *@*.elsewhere.test    wild
                """);
        posthorn = PosthornServer.start(dir.resolve("posthorn"));
        imported = posthorn.command(
                "dkim", "import", "--from", dir.resolve("opendkim.conf").toString(), "--add-domains");
        for (String account : List.of("alice@import.test", "alice@news.import.test")) {
            posthorn.commandWithInput(PosthornServer.PASSWORD + "\n", "account", "add", account, "--password-stdin")
                    .succeeded();
        }
    }

    /** RSA by OpenDKIM's tool, which makes no Ed25519 keys; that one by OpenSSL. The records as lines for dkimpy. */
    private static void writeKeys() throws Exception {
        Tool.run("opendkim-genkey", "-b", "2048", "-h", "sha256", "-d", "import.test", "-s", "s1", "-D", dir.toString())
                .succeeded();
        String rsa = Pattern.compile("\"([^\"]*)\"")
                .matcher(Files.readString(dir.resolve("s1.txt")))
                .results()
                .map(quoted -> quoted.group(1))
                .collect(Collectors.joining());
        Path pem = dir.resolve("ed.private");
        Tool.run("openssl", "genpkey", "-algorithm", "ed25519", "-out", pem.toString())
                .succeeded();
        Path der = dir.resolve("ed.der");
        Tool.run("openssl", "pkey", "-in", pem.toString(), "-pubout", "-outform", "DER", "-out", der.toString())
                .succeeded();
        byte[] info = Files.readAllBytes(der);
        String edwards = Base64.getEncoder().encodeToString(Arrays.copyOfRange(info, info.length - 32, info.length));
        Files.writeString(
                dir.resolve("keys.txt"),
                "s1._domainkey.import.test " + rsa + "\ned._domainkey.import.test v=DKIM1; k=ed25519; p=" + edwards
                        + "\n");
    }

    @AfterAll
    static void stop() {
        if (posthorn != null) {
            posthorn.close();
        }
    }

    private static String signed(String from, int user) throws Exception {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--ssl-reqd"));
        command.addAll(List.of("--cacert", posthorn.ca().toString()));
        command.addAll(List.of("--url", "smtp://localhost:" + PosthornServer.SUBMISSION));
        command.addAll(List.of("--user", from + ":" + PosthornServer.PASSWORD, "--mail-from", from));
        command.addAll(List.of("--mail-rcpt", "user" + user + "@peer.test", "--upload-file", "-"));
        String message = "From: " + from + "\r\nTo: user" + user + "@peer.test\r\nSubject: imported of " + from
                + "\r\n\r\nhello\r\n";
        Tool.run(Map.of(), message.getBytes(StandardCharsets.UTF_8), command).succeeded();
        return Peers.awaitMessage(Peers.maildir(user), "Subject: imported of " + from);
    }

    @Test
    void signsWithBothKeysOfOpenDkim() throws Exception {
        String received = signed("alice@import.test", 16);
        assertThat(received).contains("d=import.test").contains("s=s1").contains("s=ed");
        assertThat(Dkimpy.signatures(received, dir.resolve("keys.txt")))
                .isEqualTo("rsa-sha256 pass\ned25519-sha256 pass\n");
    }

    @Test
    void aSubdomainSignsAsItsParentAsBefore() throws Exception {
        String received = signed("alice@news.import.test", 17);
        assertThat(received).contains("d=import.test").doesNotContain("d=news.import.test");
        assertThat(Dkimpy.signatures(received, dir.resolve("keys.txt")))
                .isEqualTo("rsa-sha256 pass\ned25519-sha256 pass\n");
    }

    @Test
    void saysWhatItDidAndWhatItDidNot() {
        assertThat(imported.exit()).as(imported.output()).isZero();
        assertThat(imported.output())
                .contains("domain import.test added")
                .contains("key s1 of import.test (" + dir + "/s1.private): taken over, and signs")
                .contains("key ed of import.test (" + dir + "/ed.private): taken over, and signs")
                .contains("domain news.import.test: signs as import.test while it has no key of its own that signs")
                .contains("not taken over: KeyTable stranger: signs for strange.test as other.test")
                .contains("not taken over: SigningTable *@*.elsewhere.test: no domain of Posthorn matches it");
        Tool again = posthorn.command(
                "dkim", "import", "--from", dir.resolve("opendkim.conf").toString());
        assertThat(again.exit())
                .as("a second import finds all there: " + again.output())
                .isZero();
    }
}
