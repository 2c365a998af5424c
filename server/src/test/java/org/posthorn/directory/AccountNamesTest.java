package org.posthorn.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.protocol.sasl.SaslMechanisms;
import org.posthorn.protocol.sasl.SaslStep;

/** Names that are not ASCII: one account for one name, and none that could never log in. */
class AccountNamesTest {
    private static final String PASSWORD = "sehr geheim";
    private static final Address JUERGEN = Address.parse("j\u00fcrgen@posthorn.test");

    @TempDir
    private Path folder;

    private LocalDirectory directory;

    @BeforeEach
    void open() {
        open(true);
    }

    private void open(boolean fresh) {
        directory = LocalDirectory.open(folder.resolve("directory.db"), PasswordCost.MINIMAL, InstantSource.system());
        if (fresh) {
            directory.addDomain(Domain.parse("posthorn.test"));
        }
    }

    @AfterEach
    void close() {
        directory.close();
    }

    private SaslStep login(String name) {
        return new SaslMechanisms(directory, new SecureRandom(), directory.saslSecret()).login(name, PASSWORD);
    }

    @Test
    void allSpellingsAreOneAccount() {
        directory.addAccount(Address.parse("ju\u0308rgen@posthorn.test"), PASSWORD);
        assertThat(directory.accounts()).containsExactly(JUERGEN);
        assertThatThrownBy(() -> directory.addAccount(JUERGEN, PASSWORD)).hasMessageContaining("here already");
        for (String name : List.of(
                "j\u00fcrgen", "JU\u0308RGEN", "\uff4a\u00fcrgen@posthorn.test", "Ju\u0308rgen@POSTHORN.test")) {
            assertThat(login(name))
                    .as(name)
                    .isInstanceOfSatisfying(
                            SaslStep.Success.class,
                            success -> assertThat(success.account()).isEqualTo(JUERGEN));
        }
        assertThat(directory.resolve(Address.parse("JU\u0308RGEN+x@posthorn.test")))
                .isEqualTo(new Resolution.Mailbox(JUERGEN));
    }

    /** As releases before this one stored it. */
    @Test
    void anAccountOfAnotherSpellingCanBeUsedAndRemoved() throws Exception {
        directory.addAccount(Address.parse("x@posthorn.test"), PASSWORD);
        directory.close();
        try (var connection = java.sql.DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("directory.db"));
                var statement = connection.createStatement()) {
            statement.execute("UPDATE account SET address = 'ju\u0308rgen@posthorn.test'");
        }
        open(false);
        assertThat(login("j\u00fcrgen")).isInstanceOf(SaslStep.Success.class);
        directory.changePassword(JUERGEN, "another password");
        assertThat(login("j\u00fcrgen")).isInstanceOf(SaslStep.Failure.class);
        directory.removeAccount(JUERGEN);
        assertThat(directory.accounts()).isEmpty();
    }

    @Test
    void fullWidthLettersAreLetters() {
        directory.addAccount(Address.parse("\uff22\uff4f\uff42@posthorn.test"), PASSWORD);
        assertThat(directory.accounts()).containsExactly(Address.parse("bob@posthorn.test"));
        assertThat(login("bob")).isInstanceOf(SaslStep.Success.class);
    }

    @Test
    void namesFromRightToLeftLogIn() {
        directory.addAccount(Address.parse("\u05e9\u05dc\u05d5\u05dd@posthorn.test"), PASSWORD);
        assertThat(login("\u05e9\u05dc\u05d5\u05dd@posthorn.test")).isInstanceOf(SaslStep.Success.class);
    }

    @Test
    void refusesNamesThatLookLikeOthers() {
        for (String name : List.of("\ufb01n", "a\u200db", "henry\u2163", "a\u05d0")) {
            assertThatThrownBy(() -> directory.addAccount(new Address(name, Domain.parse("posthorn.test")), PASSWORD))
                    .as(name)
                    .isInstanceOf(DirectoryException.class)
                    .hasMessageContaining("RFC 8265");
        }
    }
}
