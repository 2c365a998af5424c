package org.posthorn.server.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.directory.LocalDirectory;
import org.posthorn.directory.PasswordCost;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.mail.MessageContent;
import org.posthorn.mailbox.AccountMail;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.maildir.MaildirConfig;
import org.posthorn.mailbox.maildir.MaildirStore;
import org.posthorn.signing.DkimKeyRing;

/** What becomes of an account's mail when its name is given to somebody else. */
class DirectoryCommandsTest {
    private static final InstantSource CLOCK = () -> Instant.parse("2026-03-01T10:20:30Z");
    private static final Address BOB = Address.parse("bob@posthorn.test");

    @TempDir
    private static Path keyFiles;

    @TempDir
    private Path folder;

    private LocalDirectory directory;
    private DkimKeyRing keys;
    private MaildirStore store;
    private final CommandTable table = new CommandTable();

    @BeforeEach
    void open() throws Exception {
        directory = LocalDirectory.open(folder.resolve("directory.db"), PasswordCost.MINIMAL, CLOCK);
        directory.addDomain(Domain.parse("posthorn.test"));
        keys = DkimKeyRing.open(folder.resolve("dkim.db"), keyFiles, directory::isLocal, CLOCK);
        store = new MaildirStore(MaildirConfig.of(folder.resolve("mail"), "mx.posthorn.test"), MailLog.none(), CLOCK);
        DirectoryCommands.addTo(table, directory, directory, keys, store::setAside);
    }

    @AfterEach
    void close() throws Exception {
        store.close();
        keys.close();
        directory.close();
    }

    private String run(String... words) {
        return table.run(List.of(words)).toString();
    }

    private void deliver(String key) throws Exception {
        byte[] text = "Subject: secret\r\n\r\nx\r\n".getBytes(US_ASCII);
        store.deliver(BOB, MailboxName.INBOX, key, new byte[0], MessageContent.of(text), 0, Flags.NONE, false);
    }

    private long messages() throws Exception {
        try (AccountMail mail = store.open(BOB)) {
            return mail.status(MailboxName.INBOX).messages();
        }
    }

    @Test
    void theNewOwnerOfANameSeesNothingOfTheFormer() throws Exception {
        run("account", "add", "bob@posthorn.test", "first password");
        deliver("A1");
        assertThat(messages()).isEqualTo(1);
        Path aside = folder.resolve("mail/.removed/bob@posthorn.test-20260301T102030Z");
        assertThat(run("account", "remove", "bob@posthorn.test"))
                .contains("its sessions end")
                .contains("its mail was moved to " + aside);
        try (Stream<Path> files = Files.walk(aside)) {
            assertThat(files.filter(file ->
                            file.getParent().endsWith("cur") || file.getParent().endsWith("new")))
                    .hasSize(1);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(aside.getParent())))
                .isEqualTo("rwx------");
        assertThat(run("account", "add", "Bob@posthorn.test", "second password"))
                .contains("account bob@posthorn.test added")
                .doesNotContain("former");
        assertThat(messages()).isZero();
        deliver("A2");
        run("account", "remove", "bob@posthorn.test");
        assertThat(Path.of(aside + "-2")).isDirectory();
    }

    /** As releases before this left it, and as a delivery leaves it that overtakes the removal. */
    @Test
    void mailThatLiesUnderANewNameIsMovedAside() throws Exception {
        deliver("A1");
        assertThat(run("account", "add", "bob@posthorn.test", "first password"))
                .contains("mail of a former account of that name was moved to ")
                .contains(".removed/bob@posthorn.test-");
        assertThat(messages()).isZero();
        deliver("A2");
        assertThat(run("account", "add", "bob@posthorn.test", "first password")).contains("here already");
        assertThat(messages()).isEqualTo(1);
    }

    @Test
    void aNameIsNotGivenWhileItsMailCannotBeMoved() {
        CommandTable stuck = new CommandTable();
        DirectoryCommands.addTo(stuck, directory, directory, keys, _ -> {
            throw new IOException("read-only");
        });
        assertThat(stuck.run(List.of("account", "add", "bob@posthorn.test", "first password"))
                        .toString())
                .contains("nothing changed")
                .contains("read-only");
        assertThat(directory.accounts()).isEmpty();
    }

    @Test
    void saysHowToMakeAPasswordThatIsLongEnough() {
        assertThat(run("account", "add", "bob@posthorn.test", "short"))
                .contains("needs at least 8 characters")
                .contains("four words");
        run("account", "add", "bob@posthorn.test", "first password");
        assertThat(run("account", "password", "bob@posthorn.test", "x")).contains("needs at least 8 characters");
        assertThat(run("account", "password", "bob@posthorn.test", "longer password"))
                .contains("sessions logged in with the former one end");
    }

    @Test
    void showsDomainsAccountsAndAliases() {
        assertThat(run("domain", "add", "other.test"))
                .contains("domain other.test added; publish its DKIM keys")
                .contains("._domainkey.other.test.")
                .contains("v=DKIM1");
        run("account", "add", "bob@posthorn.test", "first password");
        run("account", "add", "eve@other.test", "other password");
        assertThat(run("alias", "add", "info@posthorn.test", "bob@posthorn.test", "eve@other.test"))
                .contains("alias info@posthorn.test added");
        run("alias", "add", "info@other.test", "eve@other.test");
        keys.keys(Domain.parse("other.test")).forEach(keys::activate);
        String selectors = String.join(
                ",",
                keys.signing(Domain.parse("other.test")).stream()
                        .map(key -> key.selector())
                        .toList());
        assertThat(table.run(List.of("domain", "list")))
                .isEqualTo(AdminReply.table(
                        List.of("domain", "accounts", "dkim selectors"),
                        List.of(List.of("other.test", "1", selectors), List.of("posthorn.test", "1", ""))));
        assertThat(table.run(List.of("account", "list")).rows())
                .containsExactly(
                        List.of("bob@posthorn.test", "bob@posthorn.test,info@posthorn.test"),
                        List.of("eve@other.test", "eve@other.test,info@other.test,info@posthorn.test"));
        assertThat(table.run(List.of("account", "list", "other.test")).rows())
                .extracting(List::getFirst)
                .containsExactly("eve@other.test");
        assertThat(table.run(List.of("alias", "list")).rows())
                .containsExactlyInAnyOrder(
                        List.of("info@other.test", "eve@other.test"),
                        List.of("info@posthorn.test", "bob@posthorn.test eve@other.test"));
        assertThat(table.run(List.of("alias", "list", "other.test")).rows())
                .containsExactly(List.of("info@other.test", "eve@other.test"));
        assertThat(table.run(List.of("account", "list")).columns()).containsExactly("account", "sends as");
        assertThat(table.run(List.of("alias", "list")).columns()).containsExactly("alias", "targets");
    }

    @Test
    void removesDomainsAccountsAndAliases() {
        run("account", "add", "bob@posthorn.test", "first password");
        run("alias", "add", "info@posthorn.test", "bob@posthorn.test");
        assertThat(run("alias", "remove", "info@posthorn.test")).contains("alias info@posthorn.test removed");
        assertThat(directory.aliases()).isEmpty();
        assertThat(run("account", "remove", "bob@posthorn.test"))
                .contains("account bob@posthorn.test removed, its sessions end; it had no mail");
        assertThat(directory.accounts()).isEmpty();
        assertThat(run("domain", "remove", "posthorn.test")).contains("domain posthorn.test removed");
        assertThat(directory.domains()).isEmpty();
    }

    @Test
    void anAccountGoesEvenWhereItsMailCannotBeMoved() {
        run("account", "add", "bob@posthorn.test", "first password");
        CommandTable stuck = new CommandTable();
        DirectoryCommands.addTo(stuck, directory, directory, keys, _ -> {
            throw new IOException("read-only");
        });
        AdminReply reply = stuck.run(List.of("account", "remove", "bob@posthorn.test"));
        assertThat(reply.ok()).isTrue();
        assertThat(reply.message())
                .isEqualTo("account bob@posthorn.test removed, its sessions end; its mail could not be moved aside"
                        + " (java.io.IOException: read-only) and will be before the name is given again");
        assertThat(directory.accounts()).isEmpty();
    }

    /** The name of the alias and 59 targets. */
    @Test
    void anAliasHas59TargetsAtMost() {
        List<String> words = new ArrayList<>(List.of("alias", "add", "all@posthorn.test"));
        for (int i = 0; i < 59; i++) {
            words.add("u" + i + "@example.org");
        }
        assertThat(table.run(words).ok()).isTrue();
        words.add("more@example.org");
        assertThat(table.run(words)).isEqualTo(AdminReply.failed("wrong number of arguments"));
    }
}
