package org.posthorn.signing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.posthorn.mail.Domain;
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.protocol.dkim.DkimKeyRecord;
import org.posthorn.storage.DataFormat;

/**
 * The signing keys of all domains with their states: files in a folder, and a SQLite file of their states. Only {@link
 * DkimKeyState#ACTIVE} keys sign. Each change is on stable storage and in effect when its method returns; what is asked for each message
 * is answered from memory. Which domains are ours somebody else knows; keys of others have no effect. Thread-safe.
 */
public final class DkimKeyRing implements AutoCloseable {
    /** Of the states. */
    public static final DataFormat FORMAT = new DataFormat("key-states", 1, DkimKeyDatabase.VERSION);

    /** Of the folder of key files. */
    public static final DataFormat FILES = new DataFormat("keys", 1, 1);

    /** Keys of a domain that are not withdrawn; more means that something turns in circles. */
    static final int MAX_KEYS = 20;

    private final DkimKeyDatabase database;
    private final DkimKeyFolder folder;
    private final Predicate<Domain> ours;
    private final InstantSource clock;
    private final ReentrantLock changing = new ReentrantLock();
    private volatile Map<Domain, List<DkimKeyFile>> signing;

    private DkimKeyRing(DkimKeyDatabase database, DkimKeyFolder folder, Predicate<Domain> ours, InstantSource clock) {
        this.database = database;
        this.folder = folder;
        this.ours = ours;
        this.clock = clock;
        this.signing = database.signing();
    }

    /**
     * Opens the states, or makes an empty file of them.
     *
     * @param file of the states; its directory exists
     * @param folder of key files, made when it is needed
     * @param ours asked anew each time
     */
    public static DkimKeyRing open(Path file, Path folder, Predicate<Domain> ours, InstantSource clock)
            throws IOException {
        DkimKeyDatabase database = DkimKeyDatabase.open(file, folder);
        return new DkimKeyRing(database, new DkimKeyFolder(folder, clock), ours, clock);
    }

    /**
     * Takes over the states that earlier releases kept in {@code directory.db}. They are durable here before they are removed there, and
     * doing it again after a crash changes nothing; the caller is the only one who uses both.
     */
    public void takeOverFrom(Path directory) throws IOException {
        changing.lock();
        try {
            FormerKeyTable.takeOver(directory, database, clock.instant());
            signing = database.signing();
        } finally {
            changing.unlock();
        }
    }

    /** The keys of a domain, the youngest first; none where it is not ours. */
    public List<DkimKeyEntry> keys(Domain domain) {
        if (!ours.test(domain)) {
            return List.of();
        }
        changing.lock();
        try {
            return database.keys(domain);
        } finally {
            changing.unlock();
        }
    }

    /** The keys whose records belong into DNS: all but those that are withdrawn. */
    public List<DkimKeyEntry> toPublish(Domain domain) {
        return keys(domain).stream()
                .filter(key -> key.state() != DkimKeyState.WITHDRAWN)
                .toList();
    }

    /** The keys that sign the mail of a domain; empty where it has none, or is not ours. */
    public List<DkimKeyFile> signing(Domain domain) {
        List<DkimKeyFile> keys = signing.getOrDefault(domain, List.of());
        return keys.isEmpty() || !ours.test(domain) ? List.of() : keys;
    }

    private <T> T change(DkimKeyDatabase.Work<T> work) {
        changing.lock();
        try {
            T result = database.change(work);
            signing = database.signing();
            return result;
        } finally {
            changing.unlock();
        }
    }

    /**
     * Makes the first keys of a domain that is about to become ours, one for RSA-2048 and one for Ed25519, which do not sign before they
     * are activated. What was known of its keys before is forgotten, so that doing it again after a crash makes no more of them.
     */
    public void makeFirst(Domain domain) {
        change(() -> {
            database.delete(domain);
            return insertNew(domain, EnumSet.allOf(DkimAlgorithm.class));
        });
    }

    /** Forgets the keys of a domain that is not ours any more. Their files stay: mail signed by them is under way. */
    public void forget(Domain domain) {
        change(() -> {
            database.delete(domain);
            return true;
        });
    }

    /**
     * Makes a key for each algorithm under a new selector.
     *
     * @return the keys, {@link DkimKeyState#MADE}
     */
    public List<DkimKeyEntry> make(Domain domain, Set<DkimAlgorithm> algorithms) {
        requireOurs(domain);
        return change(() -> insertNew(domain, algorithms));
    }

    private void requireOurs(Domain domain) {
        if (!ours.test(domain)) {
            throw new DkimKeyException(
                    DkimKeyException.Reason.NOT_FOUND, "domain " + domain + " is not ours; add it first");
        }
    }

    private List<DkimKeyEntry> insertNew(Domain domain, Set<DkimAlgorithm> algorithms) throws SQLException {
        List<DkimKeyEntry> known = database.keys(domain);
        long living = known.stream()
                .filter(key -> key.state() != DkimKeyState.WITHDRAWN)
                .count();
        if (living + algorithms.size() > MAX_KEYS) {
            throw new DkimKeyException(
                    DkimKeyException.Reason.CONFLICT,
                    "domain " + domain + " has " + living + " DKIM keys that are not withdrawn");
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
        return List.copyOf(made);
    }

    /**
     * Takes over a key that has been signing elsewhere, so that its record is in DNS; it signs from now on, in place of those of
     * its algorithm. One that signs already stays as it is.
     *
     * @throws DkimKeyException for a key that is neither RSA nor Ed25519, a selector that is none or in use, a domain that is not ours
     */
    public DkimKeyEntry takeOver(Domain domain, String selector, PrivateKey key) {
        requireOurs(domain);
        return change(() -> {
            Optional<DkimKeyEntry> known = database.keys(domain).stream()
                    .filter(other -> other.selector().equals(selector))
                    .findFirst();
            if (known.isPresent()) {
                if (known.get().state() == DkimKeyState.ACTIVE
                        && DkimKeyRecord.text(key)
                                .equals(Optional.of(known.get().record()))) {
                    return known.get();
                }
                throw new DkimKeyException(
                        DkimKeyException.Reason.EXISTS,
                        "domain " + domain + " has a key with selector " + selector + " already");
            }
            DkimKeyEntry entry = folder.store(domain, selector, key);
            database.insert(entry);
            putInPlace(entry);
            return entry;
        });
    }

    /** A key's record has been handed to DNS. */
    public void published(DkimKeyEntry key) {
        move(key, DkimKeyState.MADE, DkimKeyState.PUBLISHED, key.record());
    }

    /** Lets a key sign, in place of those of its algorithm that signed so far, which retire. */
    public void activate(DkimKeyEntry key) {
        change(() -> {
            requireState(key, Set.of(DkimKeyState.MADE, DkimKeyState.PUBLISHED));
            putInPlace(key);
            return true;
        });
    }

    private void putInPlace(DkimKeyEntry key) throws SQLException {
        for (DkimKeyEntry other : database.keys(key.domain())) {
            if (other.state() == DkimKeyState.ACTIVE && other.algorithm() == key.algorithm()) {
                database.update(other, DkimKeyState.RETIRED, other.record(), clock.instant());
            }
        }
        database.update(key, DkimKeyState.ACTIVE, key.record(), clock.instant());
    }

    /** Lets a key sign no more; the last key of a domain cannot be retired, since its mail would go out unsigned. */
    public void retire(DkimKeyEntry key) {
        change(() -> {
            requireState(key, Set.of(DkimKeyState.ACTIVE));
            long active = database.keys(key.domain()).stream()
                    .filter(other -> other.state() == DkimKeyState.ACTIVE)
                    .count();
            if (active < 2) {
                throw new DkimKeyException(
                        DkimKeyException.Reason.CONFLICT, "it is the last key that signs for " + key.domain());
            }
            database.update(key, DkimKeyState.RETIRED, key.record(), clock.instant());
            return true;
        });
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
            throw new DkimKeyException("cannot delete the withdrawn key " + key.privateKey() + ": " + e, e);
        }
    }

    private void move(DkimKeyEntry key, DkimKeyState from, DkimKeyState to, String record) {
        change(() -> {
            requireState(key, Set.of(from));
            database.update(key, to, record, clock.instant());
            return true;
        });
    }

    private void requireState(DkimKeyEntry key, Set<DkimKeyState> allowed) {
        DkimKeyState present = database.keys(key.domain()).stream()
                .filter(known -> known.selector().equals(key.selector()))
                .findFirst()
                .orElseThrow(() -> new DkimKeyException(
                        DkimKeyException.Reason.NOT_FOUND, "there is no key " + key.selector() + " of " + key.domain()))
                .state();
        if (!allowed.contains(present)) {
            throw new DkimKeyException(
                    DkimKeyException.Reason.CONFLICT,
                    "key " + key.selector() + " of " + key.domain() + " is " + present.text());
        }
    }

    @Override
    public void close() {
        changing.lock();
        try {
            database.close();
        } finally {
            changing.unlock();
        }
    }
}
