package org.posthorn.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.admin.AdminException.Kind;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.protocol.sasl.Authenticator;

/** What holds for each way to administer: domains, accounts, aliases. */
@ParameterizedClass
@ValueSource(booleans = {false, true})
class DirectoryContractTest extends AdminContract {
    private static final Domain OTHER = Domain.parse("xn--bcher-kva.test");
    private static final Address BOB = Address.parse("bob@posthorn.test");
    private static final String PASSWORD = "pässword \" with \\ signs";

    private static Address address(String text) {
        return Address.parse(text);
    }

    private List<DomainAdmin.DomainEntry> domains() throws Exception {
        List<DomainAdmin.DomainEntry> listed = new ArrayList<>();
        assertThat(admin.domains().list(listed::add)).isEqualTo(listed.size());
        return listed;
    }

    @Test
    void addsShowsAndRemovesDomains() throws Exception {
        assertThat(domains()).isEmpty();
        List<DkimAdmin.Key> made = admin.domains().add(HERE);
        assertThat(made).isEqualTo(admin.dkim().keys(HERE)).hasSize(2);
        assertThat(made).extracting(DkimAdmin.Key::state).containsOnly("made");
        assertRefused(Kind.EXISTS, "is here already", () -> admin.domains().add(HERE));
        assertRefused(Kind.INVALID, "address literal", () -> admin.domains().add(Domain.parse("[192.0.2.1]")));
        admin.domains().add(OTHER);
        admin.accounts().add(BOB, PASSWORD);
        List<String> signing = admin.dkim().activate(HERE, Optional.empty());
        DomainAdmin.DomainEntry here = new DomainAdmin.DomainEntry(HERE, 1, signing);
        assertThat(domains()).containsExactly(here, new DomainAdmin.DomainEntry(OTHER, 0, List.of()));
        assertThat(admin.domains().show(HERE)).isEqualTo(here);
        assertRefused(
                Kind.NOT_FOUND,
                "nowhere.test is not ours",
                () -> admin.domains().show(NOWHERE));
        assertRefused(
                Kind.NOT_FOUND,
                "nowhere.test is not ours",
                () -> admin.domains().remove(NOWHERE));
        assertRefused(Kind.IN_USE, "has accounts", () -> admin.domains().remove(HERE));
        admin.accounts().remove(BOB);
        admin.aliases().put(new AliasAdmin.AliasEntry("@posthorn.test", List.of(address("x@example.org"))));
        assertRefused(Kind.IN_USE, "has aliases", () -> admin.domains().remove(HERE));
        admin.aliases().remove("@posthorn.test");
        admin.domains().remove(HERE);
        assertThat(domains()).extracting(DomainAdmin.DomainEntry::domain).containsExactly(OTHER);
    }

    private List<AccountAdmin.AccountEntry> accounts(Optional<Domain> domain) throws Exception {
        List<AccountAdmin.AccountEntry> listed = new ArrayList<>();
        assertThat(admin.accounts().list(domain, listed::add)).isEqualTo(listed.size());
        return listed;
    }

    private boolean logsIn(String password) {
        return parts.directory.verify(BOB.toString(), password) instanceof Authenticator.Outcome.Valid;
    }

    @Test
    void addsShowsAndRemovesAccounts() throws Exception {
        parts.directory.addDomain(HERE);
        parts.directory.addDomain(OTHER);
        assertThat(admin.accounts().add(address("Bob@POSTHORN.test"), PASSWORD))
                .isEqualTo(new AccountAdmin.Added(BOB, Optional.empty()));
        assertThat(logsIn(PASSWORD)).isTrue();
        admin.accounts().add(address("eve@xn--bcher-kva.test"), PASSWORD);
        Address info = address("info@posthorn.test");
        admin.aliases().put(new AliasAdmin.AliasEntry(info.toString(), List.of(BOB)));
        AccountAdmin.AccountEntry bob = new AccountAdmin.AccountEntry(BOB, List.of(BOB, info));
        assertThat(accounts(Optional.of(HERE))).containsExactly(bob);
        assertThat(accounts(Optional.empty()))
                .extracting(AccountAdmin.AccountEntry::address)
                .containsExactly(BOB, address("eve@xn--bcher-kva.test"));
        assertThat(accounts(Optional.of(NOWHERE))).isEmpty();
        assertThat(admin.accounts().show(address("BOB@posthorn.test"))).isEqualTo(bob);
        admin.accounts().changePassword(BOB, "another pässword");
        assertThat(logsIn(PASSWORD)).isFalse();
        assertThat(logsIn("another pässword")).isTrue();
        assertRefused(
                Kind.IN_USE,
                "alias info@posthorn.test leads to",
                () -> admin.accounts().remove(BOB));
        admin.aliases().remove("info@posthorn.test");
        assertThat(admin.accounts().remove(BOB)).isEqualTo(new AccountAdmin.Removed.WithoutMail());
        assertRefused(
                Kind.NOT_FOUND,
                "no account bob@posthorn.test",
                () -> admin.accounts().remove(BOB));
        assertRefused(
                Kind.NOT_FOUND,
                "no account bob@posthorn.test",
                () -> admin.accounts().show(BOB));
        assertRefused(
                Kind.NOT_FOUND,
                "no account bob@posthorn.test",
                () -> admin.accounts().changePassword(BOB, PASSWORD));
    }

    /** 7 and 8, 1000 and 1001 characters. */
    @Test
    void refusesAccountsThatCannotBe() throws Exception {
        parts.directory.addDomain(HERE);
        assertRefused(
                Kind.INVALID, "at least 8 characters", () -> admin.accounts().add(BOB, "1234567"));
        assertRefused(
                Kind.INVALID, "at most 1000 characters", () -> admin.accounts().add(BOB, "x".repeat(1001)));
        admin.accounts().add(BOB, "12345678");
        admin.accounts().changePassword(BOB, "x".repeat(1000));
        assertRefused(
                Kind.INVALID, "at least 8 characters", () -> admin.accounts().changePassword(BOB, "1234567"));
        assertRefused(Kind.EXISTS, "is here already", () -> admin.accounts().add(BOB, PASSWORD));
        assertRefused(
                Kind.NOT_FOUND,
                "nowhere.test is not ours",
                () -> admin.accounts().add(address("bob@nowhere.test"), PASSWORD));
        assertRefused(Kind.INVALID, "must not", () -> admin.accounts().add(address("a/b@posthorn.test"), PASSWORD));
        admin.aliases().put(new AliasAdmin.AliasEntry("info@posthorn.test", List.of(BOB)));
        assertRefused(Kind.EXISTS, "is an alias", () -> admin.accounts().add(address("info@posthorn.test"), PASSWORD));
    }

    @Test
    void theNewOwnerOfANameSeesNothingOfTheFormer() throws Exception {
        parts.directory.addDomain(HERE);
        admin.accounts().add(BOB, PASSWORD);
        parts.deliver(BOB, "A1");
        assertThat(parts.messages(BOB)).isEqualTo(1);
        String aside = folder.resolve("mail/.removed/bob@posthorn.test-20260303T102030Z")
                .toString();
        assertThat(admin.accounts().remove(BOB)).isEqualTo(new AccountAdmin.Removed.MailMoved(aside));
        // As a delivery leaves it that overtakes the removal.
        parts.deliver(BOB, "A2");
        assertThat(admin.accounts().add(BOB, PASSWORD))
                .isEqualTo(new AccountAdmin.Added(BOB, Optional.of(aside + "-2")));
        assertThat(parts.messages(BOB)).isZero();
        parts.deliver(BOB, "A3");
        assertRefused(Kind.EXISTS, "is here already", () -> admin.accounts().add(BOB, PASSWORD));
        assertThat(parts.messages(BOB)).isEqualTo(1);
    }

    @Test
    void whereMailCannotBeMovedAnAccountGoesButNoneComes() throws Exception {
        parts.directory.addDomain(HERE);
        admin.accounts().add(BOB, PASSWORD);
        parts.stuck = Optional.of("read-only");
        assertThat(admin.accounts().remove(BOB))
                .isEqualTo(new AccountAdmin.Removed.MailStuck("java.io.IOException: read-only"));
        assertRefused(
                Kind.FAILED,
                "nothing changed: mail of a former account bob@posthorn.test is there and cannot be moved aside: "
                        + "java.io.IOException: read-only",
                () -> admin.accounts().add(BOB, PASSWORD));
        assertThat(accounts(Optional.empty())).isEmpty();
    }

    private List<AliasAdmin.AliasEntry> aliases(Optional<Domain> domain) throws Exception {
        List<AliasAdmin.AliasEntry> listed = new ArrayList<>();
        assertThat(admin.aliases().list(domain, listed::add)).isEqualTo(listed.size());
        return listed;
    }

    private static AliasAdmin.AliasEntry alias(String name, String... targets) {
        return new AliasAdmin.AliasEntry(
                name, List.of(targets).stream().map(Address::parse).toList());
    }

    @Test
    void putsShowsAndRemovesAliases() throws Exception {
        parts.directory.addDomain(HERE);
        parts.directory.addDomain(OTHER);
        AliasAdmin.AliasEntry first = alias("info@posthorn.test", "bob@posthorn.test", "Eve@example.org");
        assertThat(admin.aliases().put(alias("INFO@posthorn.test", "BOB@posthorn.test", "Eve@example.org")))
                .isEqualTo(new Put<>(first, true));
        assertThat(admin.aliases().show("Info@posthorn.test")).isEqualTo(first);
        AliasAdmin.AliasEntry second = alias("info@posthorn.test", "a@example.org");
        assertThat(admin.aliases().put(second)).isEqualTo(new Put<>(second, false));
        AliasAdmin.AliasEntry all = alias("@xn--bcher-kva.test", "a@example.org");
        admin.aliases().put(all);
        AliasAdmin.AliasEntry strange = alias("a/b%2f?#ü@posthorn.test", "\"x y\"@example.org");
        assertThat(admin.aliases().put(strange)).isEqualTo(new Put<>(strange, true));
        assertThat(admin.aliases().show("a/b%2f?#ü@posthorn.test")).isEqualTo(strange);
        assertThat(aliases(Optional.of(HERE))).containsExactlyInAnyOrder(second, strange);
        assertThat(aliases(Optional.empty())).containsExactlyInAnyOrder(second, strange, all);
        admin.aliases().remove("a/b%2f?#ü@posthorn.test");
        admin.aliases().remove("@xn--bcher-kva.test");
        assertThat(aliases(Optional.empty())).containsExactly(second);
    }

    /** 1 to 1000 targets. */
    @Test
    void refusesAliasesThatCannotBe() throws Exception {
        parts.directory.addDomain(HERE);
        admin.accounts().add(BOB, PASSWORD);
        List<Address> targets = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            targets.add(address("u" + i + "@example.org"));
        }
        String name = "all@posthorn.test";
        assertThat(admin.aliases().put(new AliasAdmin.AliasEntry(name, targets)).created())
                .isTrue();
        targets.add(address("more@example.org"));
        assertRefused(
                Kind.INVALID, "1 to 1000 targets", () -> admin.aliases().put(new AliasAdmin.AliasEntry(name, targets)));
        assertRefused(Kind.INVALID, "1 to 1000 targets", () -> admin.aliases().put(alias(name)));
        assertThat(admin.aliases().show(name).targets()).hasSize(1000);
        assertRefused(Kind.INVALID, "lead back to itself", () -> admin.aliases().put(alias(name, name)));
        assertRefused(Kind.EXISTS, "is an account", () -> admin.aliases().put(alias("bob@posthorn.test", name)));
        assertRefused(
                Kind.NOT_FOUND,
                "nowhere.test is not ours",
                () -> admin.aliases().put(alias("a@nowhere.test", name)));
        for (String wrong : List.of("no address", "@", "a@b@c d")) {
            assertRefused(Kind.INVALID, "", () -> admin.aliases().put(alias(wrong, "x@example.org")));
            assertRefused(Kind.INVALID, "", () -> admin.aliases().show(wrong));
            assertRefused(Kind.INVALID, "", () -> admin.aliases().remove(wrong));
        }
        assertRefused(
                Kind.NOT_FOUND,
                "no alias x@posthorn.test",
                () -> admin.aliases().show("X@posthorn.test"));
        assertRefused(
                Kind.NOT_FOUND,
                "no alias x@posthorn.test",
                () -> admin.aliases().remove("X@posthorn.test"));
    }
}
