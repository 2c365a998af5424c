package org.posthorn.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.directory.DirectoryException;
import org.posthorn.directory.LocalDirectory;
import org.posthorn.directory.PasswordCost;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.signing.DkimKeyEntry;
import org.posthorn.signing.DkimKeyException;
import org.posthorn.signing.DkimKeyRing;
import org.posthorn.signing.DkimKeyState;

/** Domains and their keys, also where a crash has come between the two. */
class HostedDomainsTest {
    private static final InstantSource CLOCK = () -> Instant.parse("2026-03-01T10:20:30Z");
    private static final Domain HERE = Domain.parse("posthorn.test");

    /** Shared: making an RSA key takes long, and keys that are there are used again. */
    @TempDir
    private static Path keyFiles;

    @TempDir
    private Path folder;

    private LocalDirectory directory;
    private DkimKeyRing keys;
    private HostedDomains domains;

    @BeforeEach
    void open() throws Exception {
        directory = LocalDirectory.open(folder.resolve("directory.db"), PasswordCost.MINIMAL, CLOCK);
        keys = DkimKeyRing.open(folder.resolve("dkim.db"), keyFiles, directory::isLocal, CLOCK);
        domains = new HostedDomains(directory, directory, keys);
    }

    @AfterEach
    void close() {
        keys.close();
        directory.close();
    }

    private List<String> selectors() {
        return keys.keys(HERE).stream().map(DkimKeyEntry::selector).toList();
    }

    @Test
    void aDomainHasKeysThatWaitAndLosesThemWithItself() throws Exception {
        domains.add(HERE);
        assertThat(keys.keys(HERE))
                .extracting(DkimKeyEntry::state)
                .containsExactly(DkimKeyState.MADE, DkimKeyState.MADE);
        List<DkimKeyEntry> first = keys.keys(HERE);
        keys.keys(HERE).forEach(keys::activate);
        domains.remove(HERE);
        assertThat(directory.domains()).isEmpty();
        assertThat(keys.keys(HERE)).isEmpty();
        try (DkimKeyRing ofAll = DkimKeyRing.open(folder.resolve("dkim.db"), keyFiles, _ -> true, CLOCK)) {
            assertThat(ofAll.keys(HERE)).as("forgotten, not only hidden").isEmpty();
        }
        assertThat(first).allMatch(key -> Files.exists(key.privateKey()));
        domains.add(HERE);
        assertThat(keys.keys(HERE)).as("in the same month the same ones").isEqualTo(first);
    }

    @Test
    void isAddedAfterACrashBetweenKeysAndDomain() {
        keys.makeFirst(HERE);
        assertThat(keys.keys(HERE)).as("it is not ours").isEmpty();
        domains.add(HERE);
        assertThat(selectors()).containsExactly("rsa202603", "ed202603");
    }

    @Test
    void doesNotSignAfterACrashBetweenTheDomainsRemovalAndItsKeys() {
        domains.add(HERE);
        keys.keys(HERE).forEach(keys::activate);
        directory.removeDomain(HERE);
        assertThat(keys.signing(HERE)).isEmpty();
        domains.add(HERE);
        assertThat(keys.signing(HERE)).isEmpty();
        assertThat(selectors()).containsExactly("rsa202603", "ed202603");
    }

    @Test
    void whatIsRefusedChangesNoKeys() {
        domains.add(HERE);
        keys.keys(HERE).forEach(keys::activate);
        assertThatThrownBy(() -> domains.add(HERE))
                .isInstanceOf(DirectoryException.class)
                .hasMessageContaining("is here already");
        directory.addAccount(Address.parse("bob@posthorn.test"), "bobs secret");
        assertThatThrownBy(() -> domains.remove(HERE)).hasMessageContaining("has accounts");
        assertThat(keys.signing(HERE)).hasSize(2);
        assertThatThrownBy(() -> domains.add(Domain.parse("[192.0.2.1]"))).hasMessageContaining("address literal");
        assertThat(keyFiles.resolve("[192.0.2.1]")).doesNotExist();
    }

    @Test
    void isNotAddedWhereItsKeysCannotBeMade() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        try (DkimKeyRing unwritable = DkimKeyRing.open(folder.resolve("other.db"), file, directory::isLocal, CLOCK)) {
            assertThatThrownBy(() -> new HostedDomains(directory, directory, unwritable).add(HERE))
                    .isInstanceOf(DkimKeyException.class)
                    .hasMessageContaining("cannot write the DKIM keys of posthorn.test");
        }
        assertThat(directory.domains()).isEmpty();
    }
}
