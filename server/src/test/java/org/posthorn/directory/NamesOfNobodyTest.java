package org.posthorn.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.protocol.sasl.ChannelBindings;
import org.posthorn.protocol.sasl.SaslMechanisms;
import org.posthorn.protocol.sasl.SaslServer;
import org.posthorn.protocol.sasl.SaslStep;

/** Whether a stranger can tell from SCRAM (RFC 5802 9) who has an account. */
class NamesOfNobodyTest {
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

    /** What a stranger could compare: SCRAM salts of spellings of a name. */
    @Test
    void namesLookAlikeWhetherThereIsAnAccountOrNot() {
        people();
        directory.addDomain(Domain.parse("second.test"));
        directory.addAccount(Address.parse("alice@second.test"), "sehr geheim");
        SaslMechanisms sasl = new SaslMechanisms(directory, new SecureRandom(), directory.saslSecret());
        // Bob is one account, Alice are two, there is no Carol.
        for (String name : List.of("bob", "alice", "carol")) {
            String first = salt(sasl, name + "@posthorn.test");
            String second = salt(sasl, name + "@second.test");
            assertThat(salt(sasl, name.toUpperCase(Locale.ROOT) + "@Posthorn.TEST"))
                    .as(name)
                    .isEqualTo(first);
            assertThat(second).as(name).isNotEqualTo(first);
            assertThat(List.of(first, second))
                    .as(name)
                    .contains(salt(sasl, name))
                    .contains(salt(sasl, name.toUpperCase(Locale.ROOT)));
            // MINIMAL accounts have 4,096 iterations, and so has everybody.
            assertThat(first).endsWith(",i=4096");
            assertThat(second).endsWith(",i=4096");
        }
    }

    /** One account of three has another iteration count, from a time with another cost. */
    @Test
    void anUnusualIterationCountTellsNothing() {
        people();
        directory.close();
        directory = LocalDirectory.open(folder.resolve("directory.db"), new PasswordCost(64, 1, 5000), CLOCK);
        directory.addAccount(Address.parse("carol@posthorn.test"), "sehr geheim");
        SaslMechanisms sasl = new SaslMechanisms(directory, new SecureRandom(), directory.saslSecret());

        List<String> first = saltsOfNobody(sasl);
        assertThat(first).allMatch(salt -> salt.endsWith(",i=4096") || salt.endsWith(",i=5000"));
        // 300 of 900 on average; a chance of less than one in a million for what is outside.
        assertThat(first.stream().filter(salt -> salt.endsWith(",i=5000")).count())
                .isBetween(230L, 370L);
        assertThat(saltsOfNobody(sasl)).isEqualTo(first);

        // Some names take the new account's count, and then their salt is new as well; the others stay as they were.
        directory.addAccount(Address.parse("dave@posthorn.test"), "sehr geheim");
        List<String> second = saltsOfNobody(sasl);
        int changed = 0;
        for (int i = 0; i < first.size(); i++) {
            if (!first.get(i).equals(second.get(i))) {
                changed++;
                assertThat(first.get(i)).endsWith(",i=4096");
                assertThat(second.get(i)).endsWith(",i=5000");
                assertThat(withoutCount(second.get(i))).isNotEqualTo(withoutCount(first.get(i)));
            }
        }
        // From a third to a half: one in six.
        assertThat(changed).isBetween(90, 210);
    }

    private static String withoutCount(String salt) {
        return salt.substring(0, salt.indexOf(",i="));
    }

    private static List<String> saltsOfNobody(SaslMechanisms sasl) {
        return IntStream.range(0, 900)
                .mapToObj(i -> salt(sasl, "nobody" + i + "@posthorn.test"))
                .toList();
    }

    private static String salt(SaslMechanisms sasl, String name) {
        SaslServer server = sasl.start("SCRAM-SHA-256", ChannelBindings.NONE).orElseThrow();
        SaslStep step = server.step(("n,,n=" + name + ",r=abc").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        String text = ((SaslStep.Challenge) step).text();
        return text.substring(text.indexOf(",s="));
    }
}
