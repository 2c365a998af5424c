package org.posthorn.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.directory.DkimKeyFile;
import org.posthorn.directory.LocalDirectory;
import org.posthorn.directory.PasswordCost;
import org.posthorn.mail.Domain;

class KeysOfDomainsTest {
    private static final Domain ABOVE = Domain.parse("example.org");
    private static final Domain BELOW = Domain.parse("news.example.org");

    @TempDir
    private Path folder;

    private LocalDirectory directory;

    @BeforeEach
    void open() {
        directory = LocalDirectory.open(
                folder.resolve("directory.db"), folder.resolve("dkim"), PasswordCost.MINIMAL, InstantSource.system());
        directory.addDomain(ABOVE);
    }

    @AfterEach
    void close() {
        directory.close();
    }

    private List<Domain> signers(Domain domain, Map<Domain, Map<String, Path>> configured) {
        return new KeysOfDomains(() -> configured, directory)
                .apply(domain).stream().map(DkimKeyFile::domain).distinct().toList();
    }

    @Test
    void aDomainWithoutASigningKeySignsAsTheOneAbove() {
        directory.addDomain(BELOW);
        assertThat(signers(BELOW, Map.of())).as("no key signs yet").isEmpty();
        directory.keyRing().keys(ABOVE).forEach(directory.keyRing()::activate);
        assertThat(signers(BELOW, Map.of())).containsExactly(ABOVE);
        directory.keyRing().keys(BELOW).forEach(directory.keyRing()::activate);
        assertThat(signers(BELOW, Map.of())).containsExactly(BELOW);
    }

    @Test
    void aNameBelowThatIsNotOursIsNotSigned() {
        directory.keyRing().keys(ABOVE).forEach(directory.keyRing()::activate);
        assertThat(signers(BELOW, Map.of())).isEmpty();
    }

    @Test
    void keysOfTheConfigurationComeFirst() {
        directory.addDomain(BELOW);
        directory.keyRing().keys(BELOW).forEach(directory.keyRing()::activate);
        Map<Domain, Map<String, Path>> configured = Map.of(ABOVE, Map.of("s1", Path.of("s1.pem")));
        assertThat(signers(BELOW, configured)).containsExactly(BELOW);
        assertThat(new KeysOfDomains(() -> configured, directory).apply(ABOVE))
                .containsExactly(new DkimKeyFile(ABOVE, "s1", Path.of("s1.pem")));
    }
}
