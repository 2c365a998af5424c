package org.posthorn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.admin.AdminParts;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;

/** What the commands for domains, accounts and aliases print: on the files, and through HTTP on the Unix socket. */
@ParameterizedClass
@ValueSource(booleans = {false, true})
class DirectoryCommandsTest {
    private static final Domain OTHER = Domain.parse("other.test");

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
        parts.directory.addDomain(Domain.parse("posthorn.test"));
    }

    @AfterEach
    void close() throws IOException {
        parts.close();
    }

    private CommandRun run(String... words) {
        return CommandRun.of(parts.program(), words);
    }

    private CommandRun withPassword(String password, String... words) {
        return CommandRun.withInput(parts.program(), password + "\n", words);
    }

    private CommandRun add(String account) {
        return withPassword("first password", "account", "add", "--password-stdin", account);
    }

    @Test
    void addsADomainAndSaysWhatToPublish() {
        List<String> lines = new ArrayList<>();
        CommandRun added = run("domain", "add", "Other.test");
        lines.add("domain other.test added; publish its DKIM keys, which sign once they are seen in DNS:");
        parts.keys.keys(OTHER).forEach(key -> lines.add(key.zoneLine()));
        assertThat(lines).hasSize(3);
        assertThat(added).isEqualTo(CommandRun.done(lines.toArray(String[]::new)));
        assertThat(run("domain", "add", "other.test"))
                .isEqualTo(CommandRun.failed("domain other.test is here already"));
        assertThat(run("domain", "add", "a..b").status()).isEqualTo(1);
        assertThat(run("domain", "add").status()).isEqualTo(2);
    }

    @Test
    void listsInColumns() {
        run("domain", "add", "other.test");
        parts.keys.keys(OTHER).forEach(parts.keys::activate);
        add("bob@posthorn.test");
        add("eve@other.test");
        run("alias", "add", "info@posthorn.test", "bob@posthorn.test", "eve@other.test");
        run("alias", "add", "info@other.test", "eve@other.test");
        assertThat(run("domain", "list"))
                .isEqualTo(CommandRun.done(
                        "domain         accounts  dkim selectors",
                        "other.test     1         rsa202603,ed202603",
                        "posthorn.test  1         "));
        assertThat(run("account", "list"))
                .isEqualTo(CommandRun.done(
                        "account            sends as",
                        "bob@posthorn.test  bob@posthorn.test,info@posthorn.test",
                        "eve@other.test     eve@other.test,info@other.test,info@posthorn.test"));
        assertThat(run("account", "list", "other.test").out()).contains("eve@").doesNotContain("bob@");
        assertThat(run("alias", "list", "posthorn.test"))
                .isEqualTo(CommandRun.done(
                        "alias               targets", "info@posthorn.test  bob@posthorn.test eve@other.test"));
        assertThat(run("alias", "list").out().lines()).hasSize(3);
        assertThat(run("alias", "list", "nowhere.test")).isEqualTo(CommandRun.done("alias  targets"));
    }

    @Test
    void addsChangesAndRemoves() {
        assertThat(add("Bob@posthorn.test")).isEqualTo(CommandRun.done("account bob@posthorn.test added"));
        assertThat(withPassword("another password", "account", "password", "--password-stdin", "Bob@posthorn.test"))
                .isEqualTo(CommandRun.done(
                        "password of Bob@posthorn.test changed; sessions logged in with the former one end"));
        assertThat(run("alias", "add", "Info@posthorn.test", "bob@posthorn.test"))
                .isEqualTo(CommandRun.done("alias info@posthorn.test added"));
        assertThat(run("account", "remove", "bob@posthorn.test"))
                .isEqualTo(CommandRun.failed("alias info@posthorn.test leads to bob@posthorn.test; change it first"));
        assertThat(run("alias", "remove", "info@posthorn.test"))
                .isEqualTo(CommandRun.done("alias info@posthorn.test removed"));
        assertThat(run("alias", "remove", "info@posthorn.test"))
                .isEqualTo(CommandRun.failed("there is no alias info@posthorn.test"));
        assertThat(run("account", "remove", "bob@posthorn.test"))
                .isEqualTo(CommandRun.done("account bob@posthorn.test removed, its sessions end; it had no mail"));
        assertThat(run("domain", "remove", "posthorn.test")).isEqualTo(CommandRun.done("domain posthorn.test removed"));
        assertThat(parts.directory.domains()).isEmpty();
        assertThat(run("alias", "add", "a@posthorn.test", "no address").status())
                .isEqualTo(1);
        assertThat(run("alias", "add", "a@posthorn.test").status()).isEqualTo(2);
    }

    @Test
    void saysHowToMakeAPasswordThatIsLongEnough() {
        CommandRun refused = withPassword("short", "account", "add", "--password-stdin", "bob@posthorn.test");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err())
                .startsWith("posthorn: the password is too short: it needs at least 8 characters")
                .contains("four words");
        assertThat(withPassword("", "account", "add", "--password-stdin", "bob@posthorn.test"))
                .isEqualTo(CommandRun.failed("no password on standard input"));
    }

    @Test
    void saysWhereMailOfARemovedAccountIs() throws Exception {
        Address bob = Address.parse("bob@posthorn.test");
        add("bob@posthorn.test");
        parts.deliver(bob, "A1");
        Path aside = folder.resolve("mail/.removed/bob@posthorn.test-20260303T102030Z");
        assertThat(run("account", "remove", "bob@posthorn.test"))
                .isEqualTo(CommandRun.done("account bob@posthorn.test removed, its sessions end; its mail was moved to "
                        + aside + ", delete it when nobody needs it any more"));
        try (Stream<Path> files = Files.walk(aside)) {
            assertThat(files.filter(file ->
                            file.getParent().endsWith("cur") || file.getParent().endsWith("new")))
                    .hasSize(1);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(aside.getParent())))
                .isEqualTo("rwx------");
        parts.deliver(bob, "A2");
        assertThat(add("bob@posthorn.test"))
                .isEqualTo(CommandRun.done("account bob@posthorn.test added; mail of a former account of that name"
                        + " was moved to " + aside + "-2"));
        parts.stuck = Optional.of("read-only");
        assertThat(run("account", "remove", "bob@posthorn.test"))
                .isEqualTo(CommandRun.done("account bob@posthorn.test removed, its sessions end; its mail could not be"
                        + " moved aside (java.io.IOException: read-only) and will be before the name is given again"));
        assertThat(add("bob@posthorn.test"))
                .isEqualTo(CommandRun.failed("nothing changed: mail of a former account bob@posthorn.test is there and"
                        + " cannot be moved aside: java.io.IOException: read-only"));
    }
}
