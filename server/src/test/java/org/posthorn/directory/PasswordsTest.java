package org.posthorn.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.mail.Address;

class PasswordsTest {
    private static final Address ALICE = Address.parse("alice@posthorn.test");
    private static final Address BOB = Address.parse("bob@posthorn.test");

    /** Made by {@code echo -n password | argon2 somesalt -id -t 2 -k 256 -p 1} of the reference implementation. */
    @Test
    void readsHashOfTheReferenceImplementation() {
        PasswordHash hash = new PasswordHash(
                "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$" + "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4");
        assertThat(hash.matches("password")).isTrue();
        assertThat(hash.matches("Password")).isFalse();
        assertThat(hash.toString()).doesNotContain("nf65");
    }

    @Test
    void saltsEachHash() {
        Random random = new Random(1);
        PasswordHash one = PasswordHash.of("password", PasswordCost.MINIMAL, random);
        PasswordHash two = PasswordHash.of("password", PasswordCost.MINIMAL, random);
        assertThat(one).isNotEqualTo(two);
        assertThat(one.matches("password")).isTrue();
        assertThat(two.matches("password")).isTrue();
        assertThat(PasswordHash.unknown(PasswordCost.MINIMAL, random).matches("password"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "password",
                "$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "$argon2id$v=19$m=9999999,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "$argon2id$v=19$m=64,t=1,p=99$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
            })
    void acceptsNothingForHashOutOfForm(String text) {
        assertThat(new PasswordHash(text).matches("password")).isFalse();
    }

    @Test
    void remembersRightPasswordsUntilTheHashChanges() {
        VerifiedPasswords verified = new VerifiedPasswords(10, new Random(1));
        PasswordHash hash = new PasswordHash("one");
        verified.add(ALICE, hash, "geheim");
        assertThat(verified.contains(ALICE, hash, "geheim")).isTrue();
        assertThat(verified.contains(ALICE, hash, "other")).isFalse();
        assertThat(verified.contains(BOB, hash, "geheim")).isFalse();
        assertThat(verified.contains(ALICE, new PasswordHash("two"), "geheim")).isFalse();
    }

    @Test
    void remembersBoundedNumber() {
        VerifiedPasswords verified = new VerifiedPasswords(2, new Random(1));
        PasswordHash hash = new PasswordHash("one");
        for (int i = 0; i < 3; i++) {
            verified.add(Address.parse("user" + i + "@posthorn.test"), hash, "x");
        }
        assertThat(verified.contains(Address.parse("user0@posthorn.test"), hash, "x"))
                .isFalse();
        assertThat(verified.contains(Address.parse("user2@posthorn.test"), hash, "x"))
                .isTrue();
    }

    @Test
    void costHasBounds() {
        assertThatThrownBy(() -> new PasswordCost(7, 1, 4096)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PasswordCost(64, 0, 4096)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PasswordCost(64, 1, 4095)).isInstanceOf(IllegalArgumentException.class);
    }
}
