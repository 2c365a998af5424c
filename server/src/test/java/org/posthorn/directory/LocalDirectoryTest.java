package org.posthorn.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.protocol.sasl.Authenticator;
import org.posthorn.protocol.sasl.Grant;

class LocalDirectoryTest {
    private static final Domain HERE = Domain.parse("posthorn.test");
    private static final Address ALICE = Address.parse("alice@posthorn.test");
    private static final Address BOB = Address.parse("bob@posthorn.test");
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T20:00:00Z"));

    @TempDir
    private Path folder;

    private LocalDirectory directory;

    @BeforeEach
    void open() {
        directory = reopened();
    }

    private LocalDirectory reopened() {
        return LocalDirectory.open(folder.resolve("directory.db"), PasswordCost.MINIMAL, CLOCK);
    }

    @AfterEach
    void close() {
        directory.close();
    }

    private void people() {
        directory.addDomain(HERE);
        Map<Address, String> passwords = new LinkedHashMap<>();
        passwords.put(ALICE, "sehr geheim");
        passwords.put(BOB, "bobs secret");
        directory.addAccounts(passwords);
    }

    private static void assertValid(Authenticator.Outcome outcome, Address account) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Authenticator.Outcome.Valid.class,
                        valid -> assertThat(valid.account()).isEqualTo(account));
    }

    private Resolution resolve(String address) {
        return directory.resolve(Address.parse(address));
    }

    private static Alias alias(String name, String... targets) {
        return Alias.of(name, List.of(targets).stream().map(Address::parse).toList());
    }

    @Test
    void knowsItsPeople() {
        people();
        assertThat(directory.isLocal(HERE)).isTrue();
        assertThat(directory.isLocal(Domain.parse("example.org"))).isFalse();
        assertThat(resolve("alice@posthorn.test")).isEqualTo(new Resolution.Mailbox(ALICE));
        assertThat(resolve("ALICE@Posthorn.Test")).isEqualTo(new Resolution.Mailbox(ALICE));
        assertThat(resolve("carol@posthorn.test")).isEqualTo(new Resolution.UnknownUser());
        assertThat(resolve("carol@example.org")).isEqualTo(new Resolution.NotLocal());
        assertThat(directory.accounts()).containsExactly(ALICE, BOB);
        assertThat(directory.domains()).containsExactly(HERE);
    }

    @Test
    void findsSubAddresses() {
        people();
        assertThat(resolve("alice+lists@posthorn.test")).isEqualTo(new Resolution.Mailbox(ALICE));
        assertThat(resolve("carol+lists@posthorn.test")).isEqualTo(new Resolution.UnknownUser());
        assertThat(resolve("+alice@posthorn.test")).isEqualTo(new Resolution.UnknownUser());
        directory.putAlias(alias("alice+bob@posthorn.test", "bob@posthorn.test"));
        assertThat(resolve("alice+bob@posthorn.test")).isEqualTo(new Resolution.Forward(List.of(BOB)));
    }

    @Test
    void forwardsAliasesAndTheRest() {
        people();
        directory.putAlias(alias("info@posthorn.test", "alice@posthorn.test", "carol@example.org"));
        assertThat(resolve("Info+x@posthorn.test"))
                .isEqualTo(new Resolution.Forward(List.of(ALICE, Address.parse("carol@example.org"))));
        directory.putAlias(alias("@posthorn.test", "bob@posthorn.test"));
        assertThat(resolve("whoever@posthorn.test")).isEqualTo(new Resolution.Forward(List.of(BOB)));
        assertThat(resolve("alice@posthorn.test")).isEqualTo(new Resolution.Mailbox(ALICE));
        directory.removeAlias("@POSTHORN.test");
        assertThat(resolve("whoever@posthorn.test")).isEqualTo(new Resolution.UnknownUser());
        assertThat(directory.aliases()).extracting(Alias::name).containsExactly("info@posthorn.test");
    }

    @Test
    void alwaysHasPostmasterAndAbuse() {
        people();
        directory.addDomain(Domain.parse("second.test"));
        assertThat(resolve("Postmaster@posthorn.test")).isEqualTo(new Resolution.Mailbox(ALICE));
        assertThat(resolve("abuse@second.test")).isEqualTo(new Resolution.Mailbox(ALICE));
        assertThat(resolve("MAILER-DAEMON@second.test")).isEqualTo(new Resolution.Mailbox(ALICE));
        directory.putAlias(alias("abuse@posthorn.test", "bob@posthorn.test"));
        assertThat(resolve("abuse@posthorn.test")).isEqualTo(new Resolution.Forward(List.of(BOB)));
    }

    @Test
    void refusesAliasesThatLeadBack() {
        people();
        directory.putAlias(alias("a@posthorn.test", "b@posthorn.test"));
        directory.putAlias(alias("b@posthorn.test", "c@posthorn.test", "alice@posthorn.test"));
        assertThatThrownBy(() -> directory.putAlias(alias("c@posthorn.test", "a+x@posthorn.test")))
                .isInstanceOf(DirectoryException.class)
                .hasMessageContaining("lead back to itself");
        assertThatThrownBy(() -> directory.putAlias(alias("d@posthorn.test", "d@posthorn.test")))
                .isInstanceOf(DirectoryException.class);
        assertThatThrownBy(() -> directory.putAlias(alias("@posthorn.test", "nobody@posthorn.test")))
                .isInstanceOf(DirectoryException.class);
        assertThatThrownBy(() -> directory.putAlias(alias("alice@posthorn.test", "bob@posthorn.test")))
                .hasMessageContaining("is an account");
        assertThatThrownBy(() -> directory.putAlias(alias("x@example.org", "bob@posthorn.test")))
                .hasMessageContaining("is not ours");
        assertThat(directory.aliases()).hasSize(2);
    }

    @Test
    void saysWhoMaySendAsWhom() {
        people();
        directory.putAlias(alias("info@posthorn.test", "team@posthorn.test"));
        directory.putAlias(alias("team@posthorn.test", "alice@posthorn.test"));
        assertThat(directory.maySendAs(ALICE, Address.parse("Alice@POSTHORN.test")))
                .isTrue();
        assertThat(directory.maySendAs(ALICE, Address.parse("alice+shop@posthorn.test")))
                .isTrue();
        assertThat(directory.maySendAs(ALICE, Address.parse("info@posthorn.test")))
                .isTrue();
        assertThat(directory.maySendAs(BOB, Address.parse("info@posthorn.test")))
                .isFalse();
        assertThat(directory.maySendAs(BOB, ALICE)).isFalse();
        assertThat(directory.maySendAs(BOB, Address.parse("bob@example.org"))).isFalse();
        assertThat(directory.senders(ALICE))
                .extracting(Address::toString)
                .containsExactly("alice@posthorn.test", "info@posthorn.test", "team@posthorn.test");
    }

    @Test
    void checksPasswords() {
        people();
        assertValid(directory.verify("alice@posthorn.test", "sehr geheim"), ALICE);
        assertValid(directory.verify("ALICE", "sehr geheim"), ALICE);
        assertThat(directory.verify("alice", "sehr Geheim")).isEqualTo(new Authenticator.Outcome.Invalid());
        assertThat(directory.verify("carol", "sehr geheim")).isEqualTo(new Authenticator.Outcome.Invalid());
        assertThat(directory.verify("alice@", "sehr geheim")).isEqualTo(new Authenticator.Outcome.Invalid());
        directory.changePassword(ALICE, "ganz neues");
        assertThat(directory.verify("alice", "sehr geheim")).isEqualTo(new Authenticator.Outcome.Invalid());
        assertValid(directory.verify("alice", "ganz neues"), ALICE);
    }

    @Test
    void aPasswordTakesATurnUnlessItWasRightLately() {
        people();
        Authenticator.Turn none = check -> Optional.empty();
        assertThat(directory.verify("alice", "sehr geheim", none))
                .isEqualTo(new Authenticator.Outcome.Unavailable("too many logins at once"));
        assertThat(directory.verify("carol", "sehr geheim", none))
                .isEqualTo(new Authenticator.Outcome.Unavailable("too many logins at once"));
        assertValid(directory.verify("alice", "sehr geheim", check -> Optional.of(check.get())), ALICE);
        assertValid(directory.verify("alice", "sehr geheim", none), ALICE);
    }

    @Test
    void ambiguousShortNameLogsNobodyIn() {
        people();
        directory.addDomain(Domain.parse("second.test"));
        directory.addAccount(Address.parse("alice@second.test"), "sehr geheim");
        assertThat(directory.verify("alice", "sehr geheim")).isEqualTo(new Authenticator.Outcome.Invalid());
        assertValid(directory.verify("alice@second.test", "sehr geheim"), Address.parse("alice@second.test"));
    }

    @Test
    void preparesPasswordsTheSameWayForStorage() {
        directory.addDomain(HERE);
        directory.addAccount(ALICE, "pa\u0308ss\u00a0word");
        assertValid(directory.verify("alice", "p\u00e4ss word"), ALICE);
        assertThatThrownBy(() -> directory.changePassword(ALICE, "\u0007")).isInstanceOf(DirectoryException.class);
        assertThatThrownBy(() -> directory.changePassword(ALICE, "")).isInstanceOf(DirectoryException.class);
        assertThatThrownBy(() -> directory.changePassword(ALICE, "x".repeat(1001)))
                .isInstanceOf(DirectoryException.class);
    }

    @Test
    void endsLoginsWithTheirPassword() {
        people();
        List<String> ended = new ArrayList<>();
        Grant alice = grant("alice", "sehr geheim");
        Grant.Hold left = grant("alice", "sehr geheim").whenOver(() -> ended.add("left"));
        alice.whenOver(() -> ended.add("alice"));
        ((Authenticator.Lookup.Found) directory.scramKeys("alice")).grant().whenOver(() -> ended.add("alice by SCRAM"));
        grant("bob", "bobs secret").whenOver(() -> ended.add("bob"));
        left.close();
        directory.addAccount(Address.parse("carol@posthorn.test"), "carols secret");
        assertThat(ended).isEmpty();
        // Even where the password is the same again.
        directory.changePassword(ALICE, "sehr geheim");
        assertThat(ended).containsExactlyInAnyOrder("alice", "alice by SCRAM");
        alice.whenOver(() -> ended.add("too late"));
        assertThat(ended).hasSize(3).contains("too late");
        Grant removed = grant("bob", "bobs secret");
        directory.removeAccount(BOB);
        assertThat(ended).hasSize(4).contains("bob");
        directory.addAccount(BOB, "bobs secret");
        removed.whenOver(() -> ended.add("former bob"));
        assertThat(ended).hasSize(5).contains("former bob");
    }

    private Grant grant(String name, String password) {
        return ((Authenticator.Outcome.Valid) directory.verify(name, password)).grant();
    }

    @Test
    void endsLoginsWhenAnotherProcessChangedThePassword() {
        people();
        List<String> ended = new ArrayList<>();
        grant("alice", "sehr geheim").whenOver(() -> ended.add("alice"));
        try (LocalDirectory other = reopened()) {
            other.changePassword(ALICE, "another password");
        }
        directory.reload();
        assertThat(ended).containsExactly("alice");
    }

    @Test
    void remembersWhenAnAccountWasRemoved() {
        people();
        assertThat(directory.hasChangedHands(BOB, Instant.EPOCH)).isFalse();
        directory.removeAccount(BOB);
        directory.addAccount(BOB, "another bobs");
        directory.close();
        directory = reopened();
        assertThat(directory.hasChangedHands(Address.parse("Bob@posthorn.test"), CLOCK.instant()))
                .isTrue();
        assertThat(directory.hasChangedHands(BOB, CLOCK.instant().plusMillis(1)))
                .isFalse();
        assertThat(directory.hasChangedHands(ALICE, Instant.EPOCH)).isFalse();
    }

    @Test
    void takesMailForTheRolesOfItsHost() {
        Domain host = Domain.parse("mx.example.net");
        Address postmaster = new Address("PostMaster", host);
        directory.answersFor(() -> host);
        assertThat(directory.resolve(postmaster)).isEqualTo(new Resolution.NotLocal());
        people();
        for (String role : List.of("postmaster", "abuse", "mailer-daemon")) {
            assertThat(directory.resolve(new Address(role, host)))
                    .isEqualTo(new Resolution.Forward(List.of(new Address(role, HERE))));
        }
        assertThat(directory.resolve(postmaster))
                .isEqualTo(directory.resolve(new Address("postmaster+x", host)))
                .isEqualTo(new Resolution.Forward(List.of(new Address("postmaster", HERE))));
        assertThat(directory.resolve(new Address("alice", host))).isEqualTo(new Resolution.NotLocal());
        assertThat(directory.resolve(Address.parse("postmaster@example.net"))).isEqualTo(new Resolution.NotLocal());
        assertThat(directory.isLocal(host)).isFalse();
        directory.addDomain(host);
        assertThat(directory.resolve(postmaster)).isEqualTo(new Resolution.Mailbox(ALICE));
    }

    /** An account that was removed and added while the clock was ahead must not be without mail until that time comes again. */
    @Test
    void takesNoMailForOldWhereTheClockWasSetBack() {
        people();
        directory.removeAccount(BOB);
        directory.addAccount(BOB, "another bobs");
        directory.close();
        InstantSource earlier = InstantSource.fixed(CLOCK.instant().minusSeconds(3600));
        directory = LocalDirectory.open(folder.resolve("directory.db"), PasswordCost.MINIMAL, earlier);
        assertThat(directory.hasChangedHands(BOB, earlier.instant())).isFalse();
        assertThat(directory.hasChangedHands(BOB, CLOCK.instant())).isTrue();
        assertThat(directory.hasChangedHands(BOB, CLOCK.instant().plusMillis(1)))
                .isFalse();
    }

    @Test
    void refusesShortPasswords() {
        people();
        for (String password : List.of("", "x", "1234567", "      1      ", "p\u00e4ssw\u00f6r")) {
            assertThatThrownBy(() -> directory.changePassword(ALICE, password))
                    .as(password)
                    .isInstanceOf(DirectoryException.class)
                    .hasMessageContaining("at least 8 characters");
            assertThatThrownBy(() -> directory.addAccount(Address.parse("carol@posthorn.test"), password))
                    .isInstanceOf(DirectoryException.class);
        }
        directory.changePassword(ALICE, "12345678");
        directory.changePassword(ALICE, "x".repeat(1000));
    }

    @Test
    void refusesAccountsThatCannotBe() {
        people();
        assertThatThrownBy(() -> directory.addAccount(ALICE, "xxxxxxxx")).hasMessageContaining("here already");
        assertThatThrownBy(() -> directory.addAccount(Address.parse("x@example.org"), "xxxxxxxx"))
                .hasMessageContaining("not ours");
        for (String name : List.of("\"a b\"@posthorn.test", "a/b@posthorn.test", "\".a\"@posthorn.test")) {
            assertThatThrownBy(() -> directory.addAccount(Address.parse(name), "xxxxxxxx"))
                    .as(name)
                    .isInstanceOf(DirectoryException.class)
                    .hasMessageContaining("must not");
        }
        directory.putAlias(alias("info@posthorn.test", "bob@posthorn.test"));
        assertThatThrownBy(() -> directory.addAccount(Address.parse("info@posthorn.test"), "xxxxxxxx"))
                .hasMessageContaining("is an alias");
        assertThatThrownBy(() -> directory.addAccounts(
                        Map.of(ALICE, "xxxxxxxx", Address.parse("new@posthorn.test"), "xxxxxxxx")))
                .isInstanceOf(DirectoryException.class);
        assertThat(directory.isAccount(Address.parse("new@posthorn.test"))).isFalse();
    }

    @Test
    void removesOnlyWhatNothingDependsOn() {
        people();
        directory.putAlias(alias("info@posthorn.test", "bob+info@posthorn.test"));
        assertThatThrownBy(() -> directory.removeAccount(BOB))
                .hasMessageContaining("alias info@posthorn.test leads to");
        assertThatThrownBy(() -> directory.removeDomain(HERE)).hasMessageContaining("has accounts");
        directory.removeAlias("info@posthorn.test");
        directory.removeAccount(BOB);
        directory.removeAccount(ALICE);
        directory.removeDomain(HERE);
        assertThat(directory.domains()).isEmpty();
        assertThatThrownBy(() -> directory.removeDomain(HERE)).isInstanceOf(DirectoryException.class);
        assertThatThrownBy(() -> directory.removeAccount(BOB)).isInstanceOf(DirectoryException.class);
        assertThatThrownBy(() -> directory.removeAlias("info@posthorn.test")).isInstanceOf(DirectoryException.class);
        assertThatThrownBy(() -> directory.changePassword(BOB, "xxxxxxxx")).isInstanceOf(DirectoryException.class);
    }

    @Test
    void keepsEverythingOverRestart() throws Exception {
        people();
        directory.putAlias(alias("info@posthorn.test", "alice@posthorn.test", "carol@example.org"));
        byte[] secret = directory.saslSecret();
        directory.close();
        directory = reopened();
        assertThat(directory.saslSecret()).hasSize(32).isEqualTo(secret);
        assertThat(directory.accounts()).containsExactly(ALICE, BOB);
        assertThat(directory.aliases()).hasSize(1);
        assertValid(directory.verify("bob", "bobs secret"), BOB);
        assertThat(directory.scramKeys("bob")).isInstanceOf(Authenticator.Lookup.Found.class);
        assertThat(directory.scramKeys("carol")).isEqualTo(new Authenticator.Lookup.Unknown());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("directory.db"))))
                .isEqualTo("rw-------");
        assertThat(Files.readString(folder.resolve("directory.db"), java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain("sehr geheim");
    }

    @Test
    void seesChangesOfAnotherProcessAfterReload() {
        people();
        try (LocalDirectory other = reopened()) {
            other.addAccount(Address.parse("carol@posthorn.test"), "xxxxxxxx");
            assertThat(directory.isAccount(Address.parse("carol@posthorn.test")))
                    .isFalse();
            directory.reload();
            assertThat(directory.isAccount(Address.parse("carol@posthorn.test")))
                    .isTrue();
            other.removeAccount(Address.parse("carol@posthorn.test"));
            directory.addAccount(Address.parse("carol@posthorn.test"), "yyyyyyyy");
        }
    }

    @Test
    void refusesFileOfNewerVersion() throws Exception {
        directory.close();
        try (var connection = java.sql.DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("directory.db"));
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = 99");
        }
        assertThatThrownBy(this::reopened).hasMessageContaining("newer version");
        assertThatThrownBy(() -> LocalDirectory.open(folder.resolve("no/such.db"), PasswordCost.MINIMAL, CLOCK))
                .isInstanceOf(DirectoryException.class);
    }
}
