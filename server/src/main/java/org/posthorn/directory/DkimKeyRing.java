package org.posthorn.directory;

import java.io.IOException;
import java.nio.file.Files;
import java.security.PrivateKey;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.posthorn.mail.Domain;
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.protocol.dkim.DkimKeyRecord;

/**
 * The signing keys of all domains with their states. Only {@link DkimKeyState#ACTIVE} keys sign. Each change is on stable
 * storage and in effect when its method returns. Thread-safe.
 */
public final class DkimKeyRing {
    /** Keys of a domain that are not withdrawn; more means that something turns in circles. */
    static final int MAX_KEYS = 20;

    private final LocalDirectory directory;
    private final DirectoryDatabase database;
    private final DkimKeyFolder folder;
    private final InstantSource clock;

    DkimKeyRing(LocalDirectory directory, DirectoryDatabase database, DkimKeyFolder folder, InstantSource clock) {
        this.directory = directory;
        this.database = database;
        this.folder = folder;
        this.clock = clock;
    }

    /** The keys of a domain, the youngest first. */
    public List<DkimKeyEntry> keys(Domain domain) {
        return directory.read(() -> database.keys(domain));
    }

    /**
     * Makes a key for each algorithm under a new selector.
     *
     * @return the keys, {@link DkimKeyState#MADE}
     */
    public List<DkimKeyEntry> make(Domain domain, Set<DkimAlgorithm> algorithms) {
        List<DkimKeyEntry> made = new ArrayList<>();
        directory.change(() -> directory.requireLocal(domain), () -> {
            made.clear();
            made.addAll(insertNew(domain, algorithms));
        });
        return List.copyOf(made);
    }

    /** Within a change of the directory. */
    List<DkimKeyEntry> insertNew(Domain domain, Set<DkimAlgorithm> algorithms) throws SQLException {
        List<DkimKeyEntry> known = database.keys(domain);
        long living = known.stream()
                .filter(key -> key.state() != DkimKeyState.WITHDRAWN)
                .count();
        if (living + algorithms.size() > MAX_KEYS) {
            throw new DirectoryException("domain " + domain + " has " + living + " DKIM keys that are not withdrawn");
        }
        List<DkimKeyEntry> made = new ArrayList<>();
        for (DkimAlgorithm algorithm : algorithms) {
            made.add(folder.make(
                    domain,
                    algorithm,
                    known.stream().map(DkimKeyEntry::selector).toList()));
        }
        for (DkimKeyEntry key : made) {
            database.insert(key);
        }
        return made;
    }

    /** Takes over a key that lies in the domain's folder already, in a state that its owner knows. */
    public void adopt(DkimKeyEntry key) {
        directory.change(
                () -> {
                    directory.requireLocal(key.domain());
                    if (database.keys(key.domain()).stream()
                            .anyMatch(known -> known.selector().equals(key.selector()))) {
                        throw new DirectoryException(
                                "domain " + key.domain() + " has a key with selector " + key.selector() + " already");
                    }
                },
                () -> database.insert(key));
    }

    /**
     * Takes over a key that has been signing elsewhere, so that its record is in DNS; it signs from now on, in place of those of
     * its algorithm. One that signs already stays as it is.
     *
     * @throws DirectoryException for a key that is neither RSA nor Ed25519, a selector that is none or in use, a domain that is not ours
     */
    public DkimKeyEntry takeOver(Domain domain, String selector, PrivateKey key) {
        directory.requireLocal(domain);
        Optional<DkimKeyEntry> known = keys(domain).stream()
                .filter(other -> other.selector().equals(selector))
                .findFirst();
        if (known.isPresent()) {
            if (known.get().state() == DkimKeyState.ACTIVE
                    && DkimKeyRecord.text(key).equals(Optional.of(known.get().record()))) {
                return known.get();
            }
            throw new DirectoryException("domain " + domain + " has a key with selector " + selector + " already");
        }
        DkimKeyEntry entry = folder.store(domain, selector, key);
        adopt(entry);
        activate(entry);
        return entry;
    }

    /** A key's record has been handed to DNS. */
    public void published(DkimKeyEntry key) {
        move(key, DkimKeyState.MADE, DkimKeyState.PUBLISHED, key.record());
    }

    /** Lets a key sign, in place of those of its algorithm that signed so far, which retire. */
    public void activate(DkimKeyEntry key) {
        directory.change(() -> requireState(key, Set.of(DkimKeyState.MADE, DkimKeyState.PUBLISHED)), () -> {
            for (DkimKeyEntry other : database.keys(key.domain())) {
                if (other.state() == DkimKeyState.ACTIVE && other.algorithm() == key.algorithm()) {
                    database.update(other, DkimKeyState.RETIRED, other.record(), clock.instant());
                }
            }
            database.update(key, DkimKeyState.ACTIVE, key.record(), clock.instant());
        });
    }

    /** Lets a key sign no more; the last key of a domain cannot be retired, since its mail would go out unsigned. */
    public void retire(DkimKeyEntry key) {
        directory.change(
                () -> {
                    requireState(key, Set.of(DkimKeyState.ACTIVE));
                    if (directory.dkimKeys(key.domain()).size() < 2) {
                        throw new DirectoryException("it is the last key that signs for " + key.domain());
                    }
                },
                () -> database.update(key, DkimKeyState.RETIRED, key.record(), clock.instant()));
    }

    /**
     * Ends a key's life and deletes its private key from this machine.
     *
     * @param record what DNS says of it from now on
     */
    public void withdrawn(DkimKeyEntry key, String record) {
        move(key, DkimKeyState.RETIRED, DkimKeyState.WITHDRAWN, record);
        try {
            Files.deleteIfExists(key.privateKey());
        } catch (IOException e) {
            throw new DirectoryException("cannot delete the withdrawn key " + key.privateKey() + ": " + e, e);
        }
    }

    private void move(DkimKeyEntry key, DkimKeyState from, DkimKeyState to, String record) {
        directory.change(
                () -> requireState(key, Set.of(from)), () -> database.update(key, to, record, clock.instant()));
    }

    private void requireState(DkimKeyEntry key, Set<DkimKeyState> allowed) {
        DkimKeyState present = database.keys(key.domain()).stream()
                .filter(known -> known.selector().equals(key.selector()))
                .findFirst()
                .orElseThrow(() -> new DirectoryException("there is no key " + key.selector() + " of " + key.domain()))
                .state();
        if (!allowed.contains(present)) {
            throw new DirectoryException("key " + key.selector() + " of " + key.domain() + " is " + present.text());
        }
    }
}
