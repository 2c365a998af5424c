package org.posthorn.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.config.pem.PrivateKeys;
import org.posthorn.mail.Domain;
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.protocol.dkim.DkimKeyRecord;
import org.posthorn.storage.Sqlite;

class DkimKeyRingTest {
    private static final Domain HERE = Domain.parse("posthorn.test");

    @TempDir
    private Path folder;

    private Instant now = Instant.parse("2026-11-23T20:00:00Z");
    private LocalDirectory directory;
    private DkimKeyRing ring;

    @BeforeEach
    void open() {
        directory = LocalDirectory.open(
                folder.resolve("directory.db"), folder.resolve("dkim"), PasswordCost.MINIMAL, () -> now);
        ring = directory.keyRing();
    }

    @AfterEach
    void close() {
        directory.close();
    }

    private DkimKeyEntry key(String selector) {
        return ring.keys(HERE).stream()
                .filter(key -> key.selector().equals(selector))
                .findFirst()
                .orElseThrow();
    }

    private List<String> signing() {
        return directory.dkimKeys(HERE).stream().map(DkimKeyFile::selector).toList();
    }

    @Test
    void aNewDomainsKeysWaitUntilTheyAreActivated() {
        directory.addDomain(HERE);
        assertThat(ring.keys(HERE)).extracting(DkimKeyEntry::state).containsOnly(DkimKeyState.MADE);
        assertThat(signing()).isEmpty();
        ring.published(key("rsa202611"));
        ring.activate(key("rsa202611"));
        ring.activate(key("ed202611"));
        assertThat(signing()).containsExactly("rsa202611", "ed202611");
    }

    @Test
    void aKeyTakenOverSignsAtOnce() throws Exception {
        directory.addDomain(HERE);
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
                .isInstanceOf(DirectoryException.class)
                .hasMessageContaining("already");
    }

    @Test
    void takesOverAnEd25519KeyWithItsRecord() {
        directory.addDomain(HERE);
        KeyPair pair = DkimKeyRecord.generate(DkimAlgorithm.ED25519_SHA256);
        DkimKeyEntry taken = ring.takeOver(HERE, "ed", pair.getPrivate());
        assertThat(taken.algorithm()).isEqualTo(DkimAlgorithm.ED25519_SHA256);
        assertThat(taken.record()).isEqualTo(DkimKeyRecord.text(DkimAlgorithm.ED25519_SHA256, pair.getPublic()));
        assertThat(signing()).containsExactly("ed");
    }

    @Test
    void takesOverNoKeyItCannotPublishOrPlace() throws Exception {
        directory.addDomain(HERE);
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
        directory.addDomain(HERE);
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
        directory.addDomain(HERE);
        ring.keys(HERE).forEach(ring::activate);
        ring.activate(ring.make(HERE, Set.of(DkimAlgorithm.ED25519_SHA256)).getFirst());
        DkimKeyEntry old = key("ed202611");
        assertThat(old.privateKey()).exists();
        ring.withdrawn(old, "v=DKIM1; k=ed25519; p=");
        assertThat(old.privateKey()).doesNotExist();
        assertThat(key("ed202611").record()).endsWith("p=");
        assertThat(directory.dkimRecords(HERE))
                .extracting(DirectoryEditor.DnsRecord::name)
                .doesNotContain("ed202611._domainkey.posthorn.test");
    }

    @Test
    void statesAreNotSkippedOrTurnedBack() {
        directory.addDomain(HERE);
        DkimKeyEntry rsa = key("rsa202611");
        assertThatThrownBy(() -> ring.withdrawn(rsa, "")).isInstanceOf(DirectoryException.class);
        ring.activate(rsa);
        assertThatThrownBy(() -> ring.published(rsa)).hasMessageContaining("is active");
        assertThatThrownBy(() -> ring.activate(rsa)).isInstanceOf(DirectoryException.class);
        assertThatThrownBy(() -> ring.retire(rsa)).hasMessageContaining("last key");
        ring.activate(key("ed202611"));
        ring.retire(rsa);
        assertThat(signing()).containsExactly("ed202611");
    }

    @Test
    void keysWithoutEndAreRefused() {
        directory.addDomain(HERE);
        assertThatThrownBy(() -> {
                    for (int i = 0; i < DkimKeyRing.MAX_KEYS; i++) {
                        ring.make(HERE, Set.of(DkimAlgorithm.ED25519_SHA256));
                    }
                })
                .isInstanceOf(DirectoryException.class)
                .hasMessageContaining("has 20 DKIM keys");
    }

    @Test
    void aDirectoryOfTheFirstVersionGoesOnSigning() throws Exception {
        directory.addDomain(HERE);
        directory.close();
        try (Connection old = Sqlite.open(folder.resolve("directory.db"), Sqlite.Durability.FULL);
                Statement statement = old.createStatement()) {
            for (String column : List.of("algorithm", "state", "made", "since")) {
                statement.execute("ALTER TABLE dkim_key DROP COLUMN " + column);
            }
            statement.execute("DROP TABLE published");
            statement.execute("PRAGMA user_version = 1");
        }
        open();
        assertThat(signing()).containsExactly("rsa202611", "ed202611");
        assertThat(ring.keys(HERE))
                .extracting(DkimKeyEntry::algorithm)
                .containsExactlyInAnyOrderElementsOf(EnumSet.allOf(DkimAlgorithm.class));
        assertThat(Files.exists(key("rsa202611").privateKey())).isTrue();
    }
}
