package org.posthorn.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.mail.Domain;

class SigningTableTest {
    private static final Domain ABOVE = Domain.parse("example.org");
    private static final Domain BELOW = Domain.parse("news.example.org");

    @TempDir
    private Path folder;

    private final Set<Domain> ours = new HashSet<>(Set.of(ABOVE));
    private DkimKeyRing keys;

    @BeforeEach
    void open() throws Exception {
        keys = DkimKeyRing.open(
                folder.resolve("dkim.db"), folder.resolve("dkim"), ours::contains, InstantSource.system());
        keys.makeFirst(ABOVE);
    }

    @AfterEach
    void close() {
        keys.close();
    }

    private SigningTable table(Map<Domain, List<DkimKeyFile>> configured) {
        return new SigningTable(() -> new SigningConfig(configured), keys, ours::contains);
    }

    private static List<DkimKeyFile> named(Domain domain) {
        return List.of(new DkimKeyFile(domain, "s1", Path.of("s1.pem")));
    }

    private List<Domain> signers(Domain domain, Map<Domain, List<DkimKeyFile>> configured) {
        return table(configured).apply(domain).stream()
                .map(DkimKeyFile::domain)
                .distinct()
                .toList();
    }

    private void addBelow() {
        ours.add(BELOW);
        keys.makeFirst(BELOW);
    }

    @Test
    void aDomainWithoutASigningKeySignsAsTheOneAbove() {
        addBelow();
        assertThat(signers(BELOW, Map.of())).as("no key signs yet").isEmpty();
        keys.keys(ABOVE).forEach(keys::activate);
        assertThat(signers(BELOW, Map.of())).containsExactly(ABOVE);
        keys.keys(BELOW).forEach(keys::activate);
        assertThat(signers(BELOW, Map.of())).containsExactly(BELOW);
    }

    @Test
    void aNameBelowThatIsNotOursIsNotSigned() {
        keys.keys(ABOVE).forEach(keys::activate);
        assertThat(signers(BELOW, Map.of())).isEmpty();
    }

    @Test
    void keysOfTheConfigurationComeFirst() {
        addBelow();
        keys.keys(BELOW).forEach(keys::activate);
        Map<Domain, List<DkimKeyFile>> configured = Map.of(ABOVE, named(ABOVE));
        assertThat(signers(BELOW, configured)).containsExactly(BELOW);
        assertThat(table(configured).apply(ABOVE)).isEqualTo(named(ABOVE));
    }

    @Test
    void tellsDomainsThatNoKeyIsKnownOf() {
        addBelow();
        assertThat(table(Map.of()).isWithoutKeys(BELOW)).as("its keys wait").isFalse();
        keys.forget(BELOW);
        assertThat(table(Map.of()).isWithoutKeys(BELOW)).isTrue();
        assertThat(table(Map.of(BELOW, named(BELOW))).isWithoutKeys(BELOW)).isFalse();
        keys.keys(ABOVE).forEach(keys::activate);
        assertThat(table(Map.of()).isWithoutKeys(BELOW))
                .as("the one above signs")
                .isFalse();
    }
}
