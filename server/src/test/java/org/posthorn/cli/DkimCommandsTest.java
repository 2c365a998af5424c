package org.posthorn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.admin.AdminParts;
import org.posthorn.mail.Domain;
import org.posthorn.testing.Keys;

/** What the commands for signing keys print: on the files, and through HTTP on the Unix socket. */
@ParameterizedClass
@ValueSource(booleans = {false, true})
class DkimCommandsTest {
    @TempDir
    private static Path keyFiles;

    @Parameter
    private boolean overHttp;

    @TempDir
    private Path folder;

    private AdminParts parts;

    @BeforeEach
    void open() throws IOException {
        parts = new AdminParts(folder, keyFiles, overHttp);
        parts.keys.makeFirst(Domain.parse("posthorn.test"));
        parts.directory.addDomain(Domain.parse("posthorn.test"));
    }

    @AfterEach
    void close() throws IOException {
        parts.close();
    }

    private CommandRun run(String... words) {
        return CommandRun.of(parts.program(), words);
    }

    @Test
    void showsKeysAndWhatTheyWaitFor() {
        assertThat(run("dkim", "activate", "posthorn.test", "rsa202603"))
                .isEqualTo(CommandRun.done("signing for posthorn.test with rsa202603"));
        CommandRun shown = run("dkim", "keys", "posthorn.test");
        assertThat(shown.status()).isZero();
        assertThat(shown.out().lines().map(line -> line.replaceAll(" {2,}", "|")))
                .hasSize(3)
                .contains("selector|algorithm|state|since|waits for|record")
                .anyMatch(line -> line.startsWith("rsa202603|rsa-sha256|active|2026-03-03T10:20:30Z|v=DKIM1; k=rsa; "))
                .anyMatch(line -> line.startsWith(
                        "ed202603|ed25519-sha256|made|2026-03-03T10:20:30Z|DNS for ed202603|v=DKIM1; k=ed25519; "));
        assertThat(run("dkim", "keys", "nowhere.test"))
                .isEqualTo(CommandRun.done("selector  algorithm  state  since  waits for  record"));
    }

    @Test
    void rotatesActivatesAndRetires() {
        assertThat(run("dkim", "activate", "posthorn.test"))
                .isEqualTo(CommandRun.done("signing for posthorn.test with rsa202603, ed202603"));
        assertThat(run("dkim", "activate", "posthorn.test"))
                .isEqualTo(CommandRun.failed("no key of posthorn.test waits"));
        assertThat(run("dkim", "rotate", "posthorn.test"))
                .isEqualTo(
                        CommandRun.done(
                                "new keys of posthorn.test: rsa202603b, ed202603b; they sign once their records are seen in DNS"));
        assertThat(run("dkim", "retire", "posthorn.test", "rsa202603"))
                .isEqualTo(CommandRun.done(
                        "rsa202603 of posthorn.test signs no more; leave its record in DNS for a week"));
        assertThat(run("dkim", "retire", "posthorn.test", "nosuch"))
                .isEqualTo(CommandRun.failed("there is no key nosuch of posthorn.test"));
        assertThat(run("dkim", "rotate", "nowhere.test"))
                .isEqualTo(CommandRun.failed("domain nowhere.test is not ours; add it first"));
    }

    @Test
    void importsTheKeysOfOpenDkim() throws Exception {
        Path pem = Files.writeString(
                folder.resolve("mail2020.private"),
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(Keys.ED25519.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        Path config = Files.writeString(
                folder.resolve("opendkim.conf"), "Domain example.org\nSelector mail2020\nKeyFile " + pem + "\n");
        CommandRun missing = run("dkim", "import", "--from", config.toString());
        assertThat(missing.status()).isEqualTo(1);
        assertThat(missing.out()).contains("domain example.org is not there: posthorn domain add example.org");
        CommandRun dry = run("dkim", "import", "--dry-run", "--add-domains", "--from", config.toString());
        assertThat(dry.out()).contains("domain example.org would be added", "would be taken over");
        CommandRun done = run("dkim", "import", "--add-domains", "--from", config.toString());
        assertThat(done.status()).as(done.out() + done.err()).isZero();
        assertThat(done.out())
                .contains(
                        "domain example.org added", "key mail2020 of example.org (" + pem + "): taken over, and signs");
        assertThat(parts.keys.signing(Domain.parse("example.org")))
                .extracting(key -> key.selector())
                .containsExactly("mail2020");
    }
}
