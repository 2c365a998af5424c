package org.posthorn.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.config.pem.PrivateKeys;
import org.posthorn.mail.Domain;
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.protocol.dkim.DkimKey;
import org.posthorn.protocol.dkim.DkimKeyRecord;
import org.posthorn.storage.UnknownFormatException;
import org.posthorn.testing.OldData;

class DkimKeyRingTest {
    private static final Domain HERE = Domain.parse("posthorn.test");

    @TempDir
    private Path folder;

    private Instant now = Instant.parse("2026-11-23T20:00:00Z");
    private final Set<Domain> ours = new HashSet<>(Set.of(HERE));
    private DkimKeyRing ring;

    @BeforeEach
    void open() throws Exception {
        ring = DkimKeyRing.open(folder.resolve("dkim.db"), folder.resolve("dkim"), ours::contains, () -> now);
        ring.makeFirst(HERE);
    }

    @AfterEach
    void close() {
        ring.close();
    }

    private DkimKeyEntry key(String selector) {
        return ring.keys(HERE).stream()
                .filter(key -> key.selector().equals(selector))
                .findFirst()
                .orElseThrow();
    }

    private List<String> signing() {
        return ring.signing(HERE).stream().map(DkimKeyFile::selector).toList();
    }

    @Test
    void aNewDomainsKeysWaitUntilTheyAreActivated() {
        assertThat(ring.keys(HERE)).extracting(DkimKeyEntry::state).containsOnly(DkimKeyState.MADE);
        assertThat(signing()).isEmpty();
        ring.published(key("rsa202611"));
        ring.activate(key("rsa202611"));
        ring.activate(key("ed202611"));
        assertThat(signing()).containsExactly("rsa202611", "ed202611");
    }

    @Test
    void aKeyTakenOverSignsAtOnce() throws Exception {
        KeyPair pair = DkimKeyRecord.generate(DkimAlgorithm.RSA_SHA256);
        DkimKeyEntry taken = ring.takeOver(HERE, "Mail.2024", pair.getPrivate());
        assertThat(signing()).containsExactly("Mail.2024");
        assertThat(taken.record()).isEqualTo(DkimKeyRecord.text(DkimAlgorithm.RSA_SHA256, pair.getPublic()));
        assertThat(PrivateKeys.parse(Files.readString(taken.privateKey()))).isEqualTo(pair.getPrivate());
        assertThat(Files.getPosixFilePermissions(taken.privateKey()))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(ring.takeOver(HERE, "Mail.2024", pair.getPrivate()))
                .as("a second import changes nothing")
                .isEqualTo(key("Mail.2024"));
        PrivateKey other = DkimKeyRecord.generate(DkimAlgorithm.ED25519_SHA256).getPrivate();
        assertThatThrownBy(() -> ring.takeOver(HERE, "Mail.2024", other))
                .isInstanceOf(DkimKeyException.class)
                .hasMessageContaining("already");
    }

    @Test
    void takesOverAnEd25519KeyWithItsRecord() {
        KeyPair pair = DkimKeyRecord.generate(DkimAlgorithm.ED25519_SHA256);
        DkimKeyEntry taken = ring.takeOver(HERE, "ed", pair.getPrivate());
        assertThat(taken.algorithm()).isEqualTo(DkimAlgorithm.ED25519_SHA256);
        assertThat(taken.record()).isEqualTo(DkimKeyRecord.text(DkimAlgorithm.ED25519_SHA256, pair.getPublic()));
        assertThat(signing()).containsExactly("ed");
    }

    @Test
    void takesOverNoKeyItCannotPublishOrPlace() throws Exception {
        PrivateKey rsa = DkimKeyRecord.generate(DkimAlgorithm.RSA_SHA256).getPrivate();
        KeyPairGenerator curves = KeyPairGenerator.getInstance("EC");
        PrivateKey curve = curves.generateKeyPair().getPrivate();
        assertThatThrownBy(() -> ring.takeOver(HERE, "ec", curve)).hasMessageContaining("only RSA and Ed25519");
        for (String selector : List.of("../up", "a/b", "", "a..b")) {
            assertThatThrownBy(() -> ring.takeOver(HERE, selector, rsa))
                    .as(selector)
                    .hasMessageContaining("not a selector");
        }
        assertThatThrownBy(() -> ring.takeOver(Domain.parse("elsewhere.test"), "s", rsa))
                .hasMessageContaining("not ours");
        assertThat(signing()).isEmpty();
    }

    @Test
    void aKeyTakesThePlaceOfThatOfItsAlgorithm() {
        ring.keys(HERE).forEach(ring::activate);
        now = now.plus(Duration.ofDays(1));
        List<DkimKeyEntry> next = ring.make(HERE, Set.of(DkimAlgorithm.ED25519_SHA256));
        assertThat(next).extracting(DkimKeyEntry::selector).containsExactly("ed202611b");
        assertThat(signing()).containsExactly("rsa202611", "ed202611");
        ring.activate(next.getFirst());
        assertThat(signing()).containsExactly("rsa202611", "ed202611b");
        assertThat(key("ed202611").state()).isEqualTo(DkimKeyState.RETIRED);
        assertThat(key("ed202611").since()).isEqualTo(now);
    }

    @Test
    void aWithdrawnKeyLeavesNoPrivateKeyBehind() {
        ring.keys(HERE).forEach(ring::activate);
        ring.activate(ring.make(HERE, Set.of(DkimAlgorithm.ED25519_SHA256)).getFirst());
        DkimKeyEntry old = key("ed202611");
        assertThat(old.privateKey()).exists();
        ring.withdrawn(old, "v=DKIM1; k=ed25519; p=");
        assertThat(old.privateKey()).doesNotExist();
        assertThat(key("ed202611").record()).endsWith("p=");
        assertThat(ring.toPublish(HERE))
                .extracting(DkimKeyEntry::selector)
                .containsExactlyInAnyOrder("rsa202611", "ed202611b");
    }

    @Test
    void statesAreNotSkippedOrTurnedBack() {
        DkimKeyEntry rsa = key("rsa202611");
        assertThatThrownBy(() -> ring.withdrawn(rsa, "")).isInstanceOf(DkimKeyException.class);
        ring.activate(rsa);
        assertThatThrownBy(() -> ring.published(rsa)).hasMessageContaining("is active");
        assertThatThrownBy(() -> ring.activate(rsa)).isInstanceOf(DkimKeyException.class);
        assertThatThrownBy(() -> ring.retire(rsa)).hasMessageContaining("last key");
        ring.activate(key("ed202611"));
        ring.retire(rsa);
        assertThat(signing()).containsExactly("ed202611");
    }

    @Test
    void keysWithoutEndAreRefused() {
        assertThatThrownBy(() -> {
                    for (int i = 0; i < DkimKeyRing.MAX_KEYS; i++) {
                        ring.make(HERE, Set.of(DkimAlgorithm.ED25519_SHA256));
                    }
                })
                .isInstanceOf(DkimKeyException.class)
                .hasMessageContaining("has 20 DKIM keys");
    }

    @Test
    void makesAKeyOfEachAlgorithmAndItsRecord() throws Exception {
        ring.keys(HERE).forEach(ring::activate);
        List<DkimKeyFile> files = ring.signing(HERE);
        assertThat(files).extracting(DkimKeyFile::selector).containsExactly("rsa202611", "ed202611");
        assertThat(files)
                .extracting(
                        k -> new DkimKey(k.selector(), PrivateKeys.parse(Files.readString(k.privateKey()))).algorithm())
                .containsExactly(DkimAlgorithm.RSA_SHA256, DkimAlgorithm.ED25519_SHA256);
        for (DkimKeyFile key : files) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key.privateKey())))
                    .isEqualTo("rw-------");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("dkim.db"))))
                .isEqualTo("rw-------");
        assertThat(ring.toPublish(HERE))
                .satisfiesExactly(
                        rsa -> assertThat(rsa.zoneLine())
                                .matches(
                                        "rsa202611\\._domainkey\\.posthorn\\.test\\. IN TXT \\( \"v=DKIM1; k=rsa; p=[^\"]{230,}\""
                                                + " \"[^\"]+\" \\)"),
                        ed -> assertThat(ed.zoneLine())
                                .matches(
                                        "ed202611\\._domainkey\\.posthorn\\.test\\. IN TXT \"v=DKIM1; k=ed25519; p=[^\"]{44}\""));
    }

    @Test
    void keysOfADomainThatIsNotOursHaveNoEffect() {
        ring.keys(HERE).forEach(ring::activate);
        ours.clear();
        assertThat(signing()).isEmpty();
        assertThat(ring.keys(HERE)).isEmpty();
        assertThatThrownBy(() -> ring.make(HERE, Set.of(DkimAlgorithm.ED25519_SHA256)))
                .hasMessageContaining("not ours");
    }

    /** As where the domain was added only after a crash, or again while its former keys are still known. */
    @Test
    void firstKeysAreMadeAgainFromTheSameFiles() {
        List<DkimKeyEntry> first = ring.keys(HERE);
        ring.keys(HERE).forEach(ring::activate);
        ring.makeFirst(HERE);
        assertThat(ring.keys(HERE)).isEqualTo(first);
        ring.forget(HERE);
        assertThat(ring.keys(HERE)).isEmpty();
        assertThat(first).allMatch(key -> Files.exists(key.privateKey()));
        ring.makeFirst(HERE);
        assertThat(ring.keys(HERE)).isEqualTo(first);
    }

    @Test
    void keepsStatesOverARestart() throws Exception {
        ring.activate(key("rsa202611"));
        List<DkimKeyEntry> before = ring.keys(HERE);
        ring.close();
        ring = DkimKeyRing.open(folder.resolve("dkim.db"), folder.resolve("dkim"), ours::contains, () -> now);
        assertThat(ring.keys(HERE)).isEqualTo(before);
        assertThat(signing()).containsExactly("rsa202611");
    }

    @Test
    void refusesStatesOfALaterRelease() throws Exception {
        ring.close();
        OldData.change(folder.resolve("dkim.db"), "PRAGMA user_version = 2");
        assertThatThrownBy(() ->
                        DkimKeyRing.open(folder.resolve("dkim.db"), folder.resolve("dkim"), ours::contains, () -> now))
                .isInstanceOf(UnknownFormatException.class)
                .hasMessageContaining("dkim.db, version 2");
    }
}
