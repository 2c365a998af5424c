package org.posthorn.signing.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.config.ConfigFile;
import org.posthorn.config.pem.PrivateKeys;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Domain;
import org.posthorn.signing.DkimKeyEntry;
import org.posthorn.signing.DkimKeyFile;
import org.posthorn.signing.DkimKeyRing;
import org.posthorn.signing.DkimKeyState;
import org.posthorn.testing.RecordedLog;

/** The rotation of a domain's keys on a clock that the test moves, with a DNS that is a map. */
class KeyRotationTest {
    private static final Domain HERE = Domain.parse("posthorn.test");

    /** What has been published, by name; the world sees it when the name is in {@code seen}. */
    private final Map<String, String> dns = new HashMap<>();

    private final Set<String> seen = new HashSet<>();
    private final Publisher publisher = new Publisher();

    /** Shared: making an RSA key takes long, and keys that are there are used again. */
    @TempDir
    private static Path keyFiles;

    @TempDir
    private Path folder;

    private Instant now = Instant.parse("2026-11-23T20:00:00Z");
    private final Set<Domain> domains = new LinkedHashSet<>(Set.of(HERE));
    private DkimKeyRing keys;
    private KeyRotation rotation;

    private final class Publisher implements KeyPublisher {
        boolean works = true;
        boolean broken;

        @Override
        public boolean canPublish(Domain domain) {
            return works;
        }

        @Override
        public void publish(Domain domain, String name, String text) throws IOException {
            if (broken) {
                throw new IOException("SERVFAIL");
            }
            dns.put(name, text);
        }
    }

    @BeforeEach
    void open() throws IOException {
        keys = DkimKeyRing.open(folder.resolve("dkim.db"), keyFiles, domains::contains, () -> now);
        if (keys.keys(HERE).isEmpty()) {
            keys.makeFirst(HERE);
        }
        use(config(""));
    }

    private void use(RotationConfig config) {
        rotation = new KeyRotation(
                () -> config, keys, () -> List.copyOf(domains), publisher, this::look, () -> now, MailLog.none());
    }

    private PropagationCheck.Sighting look(DkimKeyEntry key) {
        return seen.contains(key.recordName()) && key.record().equals(dns.get(key.recordName()))
                ? new PropagationCheck.Sighting.Seen()
                : new PropagationCheck.Sighting.Missing(List.of("ns1.posthorn.test: no TXT record"));
    }

    private static RotationConfig config(String toml) {
        return RotationConfig.read(ConfigFile.parse("test.toml", toml).root().section("dkim-keys"));
    }

    private static RotationConfig revealing() {
        return config("dkim-keys.publish-retired = true");
    }

    /** One that sees what the test says. */
    private KeyRotation seeing(AtomicReference<PropagationCheck.Sighting> sighting, MailLog log) {
        return new KeyRotation(
                () -> config(""), keys, () -> List.copyOf(domains), publisher, _ -> sighting.get(), () -> now, log);
    }

    @AfterEach
    void close() {
        keys.close();
    }

    private List<String> signing() {
        return keys.signing(HERE).stream().map(DkimKeyFile::selector).toList();
    }

    private DkimKeyState state(String selector) {
        return key(selector).state();
    }

    private DkimKeyEntry key(String selector) {
        return keys.keys(HERE).stream()
                .filter(key -> key.selector().equals(selector))
                .findFirst()
                .orElseThrow();
    }

    /** The world sees all that has been published. */
    private void propagate() {
        seen.addAll(dns.keySet());
    }

    private void settle() {
        rotation.round();
        propagate();
        rotation.round();
    }

    @Test
    void signsOnlyOnceTheRecordIsSeen() {
        rotation.round();
        assertThat(dns).containsOnlyKeys("rsa202611._domainkey.posthorn.test", "ed202611._domainkey.posthorn.test");
        assertThat(state("rsa202611")).isEqualTo(DkimKeyState.PUBLISHED);
        rotation.round();
        assertThat(signing()).isEmpty();
        seen.add("ed202611._domainkey.posthorn.test");
        rotation.round();
        assertThat(signing()).containsExactly("ed202611");
        propagate();
        rotation.round();
        assertThat(signing()).containsExactly("rsa202611", "ed202611");
    }

    @Test
    void waitsForWhatAPersonPublishes() {
        publisher.works = false;
        rotation.round();
        assertThat(dns).isEmpty();
        assertThat(signing()).isEmpty();
        DkimKeyEntry rsa = key("rsa202611");
        dns.put(rsa.recordName(), rsa.record());
        propagate();
        rotation.round();
        assertThat(signing()).containsExactly("rsa202611");
    }

    @Test
    void rotatesWithoutAMomentUnsigned() {
        settle();
        now = now.plus(Duration.ofDays(179));
        rotation.round();
        assertThat(keys.keys(HERE)).hasSize(2);
        now = now.plus(Duration.ofDays(1));
        for (int i = 0; i < 3; i++) {
            rotation.round();
            assertThat(signing()).as("until the new ones are seen").containsExactly("rsa202611", "ed202611");
        }
        propagate();
        rotation.round();
        assertThat(signing()).containsExactly("rsa202705", "ed202705");
    }

    @Test
    void theOldKeyRestsBeforeItIsWithdrawn() {
        settle();
        now = now.plus(Duration.ofDays(180));
        rotation.round();
        settle();
        assertThat(signing()).containsExactly("rsa202705", "ed202705");
        assertThat(state("rsa202611")).isEqualTo(DkimKeyState.RETIRED);
        assertThat(dns.get("rsa202611._domainkey.posthorn.test")).contains("p=MII");
        now = now.plus(Duration.ofDays(14));
        rotation.round();
        assertThat(state("rsa202611")).isEqualTo(DkimKeyState.WITHDRAWN);
        assertThat(dns.get("rsa202611._domainkey.posthorn.test")).isEqualTo("v=DKIM1; k=rsa; p=");
        assertThat(signing()).containsExactly("rsa202705", "ed202705");
    }

    @Test
    void aBrokenDnsLeavesTheOldKeySigning() {
        settle();
        now = now.plus(Duration.ofDays(200));
        publisher.broken = true;
        for (int i = 0; i < 5; i++) {
            rotation.round();
        }
        assertThat(signing()).containsExactly("rsa202611", "ed202611");
        assertThat(keys.keys(HERE)).as("one successor each").hasSize(4);
        publisher.broken = false;
        settle();
        assertThat(signing()).doesNotContain("rsa202611", "ed202611").hasSize(2);
    }

    @Test
    void goesOnWhereARestartInterruptedIt() throws IOException {
        rotation.round();
        keys.close();
        open();
        propagate();
        rotation.round();
        assertThat(signing()).hasSize(2);
    }

    @Test
    void revealsTheOldPrivateKeyWhereTheOwnerWantsIt() throws Exception {
        use(revealing());
        settle();
        DkimKeyEntry old = key("ed202611");
        byte[] secret = PrivateKeys.parse(Files.readString(old.privateKey())).getEncoded();
        now = now.plus(Duration.ofDays(180));
        rotation.round();
        settle();
        now = now.plus(Duration.ofDays(14));
        rotation.round();
        String record = dns.get(old.recordName());
        assertThat(record).startsWith("v=DKIM1; k=ed25519; p=; n=");
        String note = record.substring(record.lastIndexOf(' ') + 1).replace("=3D", "=");
        assertThat(Base64.getDecoder().decode(note)).isEqualTo(secret);
        assertThat(old.privateKey()).doesNotExist();
    }

    @Test
    void neverRotatesWhereNobodyCouldPublish() {
        publisher.works = false;
        keys.keys(HERE).forEach(keys::activate);
        now = now.plus(Duration.ofDays(1000));
        rotation.round();
        assertThat(keys.keys(HERE)).hasSize(2);
    }

    @Test
    void silentServersAreWaitedForOnlySoLong() {
        AtomicReference<PropagationCheck.Sighting> sighting =
                new AtomicReference<>(new PropagationCheck.Sighting.Silent(List.of("ns2.posthorn.test: timed out")));
        RecordedLog log = new RecordedLog();
        KeyRotation patient = seeing(sighting, log);
        patient.round();
        now = now.plus(Duration.ofHours(23));
        patient.round();
        assertThat(signing()).isEmpty();
        assertThat(patient.waitsFor(key("rsa202611")))
                .contains("ns2.posthorn.test: timed out")
                .contains("signs without them from 2026-11-24T20:00:00Z");
        now = now.plus(Duration.ofHours(1));
        patient.round();
        assertThat(signing()).hasSize(2);
        assertThat(log.lines())
                .anyMatch(line ->
                        line.contains("key-signs-without-silent-servers") && line.contains("ns2.posthorn.test"));
    }

    @Test
    void aServerThatDeniesTheKeyIsWaitedForWithoutEndAndNamed() {
        AtomicReference<PropagationCheck.Sighting> sighting = new AtomicReference<>(
                new PropagationCheck.Sighting.Missing(List.of("ns2.posthorn.test: no TXT record")));
        RecordedLog log = new RecordedLog();
        KeyRotation patient = seeing(sighting, log);
        for (int day = 0; day < 5; day++) {
            patient.round();
            now = now.plus(Duration.ofDays(1));
        }
        assertThat(signing()).isEmpty();
        assertThat(log.lines().stream().filter(line -> line.contains("key-not-seen")))
                .as("once for each key")
                .hasSize(2);
        assertThat(log.lines().stream().filter(line -> line.contains("key-still-not-seen")))
                .as("once for each key, when patience was over")
                .hasSize(2)
                .allMatch(line -> line.contains("ns2.posthorn.test") && line.contains("dkim activate"));
    }

    /** Else a server that lags and is then restarted would be passed over. */
    @Test
    void patienceBeginsAnewWhenAServerDeniesTheKey() {
        AtomicReference<PropagationCheck.Sighting> sighting = new AtomicReference<>(
                new PropagationCheck.Sighting.Missing(List.of("ns2.posthorn.test: no TXT record")));
        KeyRotation patient = seeing(sighting, MailLog.none());
        patient.round();
        now = now.plus(Duration.ofDays(2));
        sighting.set(new PropagationCheck.Sighting.Silent(List.of("ns2.posthorn.test: timed out")));
        patient.round();
        assertThat(signing()).isEmpty();
        now = now.plus(Duration.ofDays(1));
        patient.round();
        assertThat(signing()).hasSize(2);
    }

    @Test
    void saysThatARecordCouldNotBePublished() {
        publisher.broken = true;
        assertThat(rotation.waitsFor(key("rsa202611"))).isEqualTo("the first look into DNS");
        rotation.round();
        assertThat(rotation.waitsFor(key("rsa202611")))
                .contains("could not be published: SERVFAIL -- see to what the DNS provider says");
    }

    @Test
    void oneDomainsTroubleIsNotAnothers() {
        Domain there = Domain.parse("example.org");
        domains.add(there);
        keys.makeFirst(there);
        List<Domain> asked = new ArrayList<>();
        KeyRotation both = new KeyRotation(
                () -> config(""),
                keys,
                () -> List.copyOf(domains),
                publisher,
                key -> {
                    asked.add(key.domain());
                    if (key.domain().equals(there)) {
                        throw new IllegalStateException("its DNS is on fire");
                    }
                    return new PropagationCheck.Sighting.Seen();
                },
                () -> now,
                MailLog.none());
        both.round();
        assertThat(asked).contains(there);
        assertThat(signing()).hasSize(2);
    }
}
