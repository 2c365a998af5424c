package org.posthorn.directory;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.posthorn.directory.DirectoryException.Reason;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.mail.UserName;
import org.posthorn.protocol.sasl.ScramKeys;
import org.posthorn.storage.DataFormat;

/**
 * The directory in a SQLite file of its own, {@code directory.db}. Look-ups never touch the disk: they read an immutable {@link Snapshot}, which each change replaces. Changes that another process made are seen
 * after {@link #reload}. Thread-safe.
 */
public final class LocalDirectory implements Directory, DirectoryEditor, AutoCloseable {
    /** Of the database: accounts, domains, what was published. */
    public static final DataFormat FORMAT = new DataFormat("directory", 1, DirectoryDatabase.VERSION);

    private final DirectoryDatabase database;
    private final PasswordCost cost;
    private final SecureRandom random;
    private final PasswordCheck passwords;
    private final ReentrantLock changing = new ReentrantLock();
    private final InstantSource clock;
    private final Logins logins = new Logins(this::snapshot);
    private final byte[] secret;
    private volatile Supplier<Optional<Domain>> host = Optional::empty;
    private volatile Snapshot snapshot;

    private LocalDirectory(DirectoryDatabase database, PasswordCost cost, SecureRandom random, InstantSource clock) {
        this.database = database;
        this.cost = cost;
        this.random = random;
        this.clock = clock;
        this.passwords = new PasswordCheck(cost, random, logins);
        byte[] fresh = new byte[32];
        random.nextBytes(fresh);
        this.secret = database.secret("sasl", fresh);
        this.snapshot = database.load();
    }

    /**
     * Opens the directory, or makes an empty one.
     *
     * @param file of the database; its folder exists
     * @param cost of new passwords
     */
    public static LocalDirectory open(Path file, PasswordCost cost, InstantSource clock) {
        return new LocalDirectory(DirectoryDatabase.open(file), cost, new SecureRandom(), clock);
    }

    /** Takes mail for postmaster, abuse and mailer-daemon of this host as well, by its present name, which need not be a domain of ours. */
    public void answersFor(Supplier<Domain> name) {
        host = () -> Optional.of(name.get());
    }

    /** 32 octets that stay the same for this installation, for {@link org.posthorn.protocol.sasl.SaslMechanisms}. */
    public byte[] saslSecret() {
        return secret.clone();
    }

    private Snapshot snapshot() {
        return snapshot;
    }

    /** Reads the file again, for changes that another process made. */
    public void reload() {
        changing.lock();
        try {
            snapshot = database.load();
            logins.check();
        } finally {
            changing.unlock();
        }
    }

    @Override
    public Outcome verify(String name, String password) {
        return verify(name, password, check -> Optional.of(check.get()));
    }

    @Override
    public Outcome verify(String name, String password, Turn turn) {
        return passwords.check(snapshot.login(name), password, turn);
    }

    @Override
    public String identity(String name) {
        return snapshot.identity(name, secret);
    }

    @Override
    public int iterations(String identity) {
        return snapshot.iterations(identity, secret).orElse(cost.scramIterations());
    }

    @Override
    public Lookup scramKeys(String name) {
        Snapshot now = snapshot;
        return now.login(name)
                .<Lookup>map(one -> new Lookup.Found(one.address(), one.keys(), logins.grant(one)))
                // A name that several accounts share logs nobody in, and looks as one of them does.
                .or(() -> now.named(now.identity(name, secret))
                        .map(one -> new Lookup.Found(one.address(), one.keys().withoutProof(), logins.grant(one))))
                .orElseGet(Lookup.Unknown::new);
    }

    @Override
    public boolean isLocal(Domain domain) {
        return snapshot.isLocal(domain);
    }

    @Override
    public Resolution resolve(Address address) {
        Snapshot now = snapshot;
        Resolution found = now.resolve(address);
        return found instanceof Resolution.NotLocal && host.get().equals(Optional.of(address.domain()))
                ? now.resolveOfHost(address)
                : found;
    }

    @Override
    public boolean isAccount(Address address) {
        return snapshot.account(address).isPresent();
    }

    /**
     * Whether an account of that name was removed at that time or later: what came for it belongs to nobody, even if there is an
     * account of that name again. Where the clock was set back since the removal, what comes now is not taken for old.
     */
    public boolean hasChangedHands(Address account, Instant since) {
        return snapshot.hasChangedHands(account, since, clock.instant());
    }

    @Override
    public boolean maySendAs(Address account, Address sender) {
        return snapshot.reached(sender).contains(account.canonical());
    }

    @Override
    public Set<Address> senders(Address account) {
        return snapshot.senders(account);
    }

    @Override
    public List<Domain> domains() {
        return snapshot.domains();
    }

    @Override
    public List<Address> accounts() {
        return snapshot.accounts();
    }

    @Override
    public List<Alias> aliases() {
        return snapshot.aliases();
    }

    /** Checks against the present state, changes the file, then shows the new state to look-ups. */
    void change(Runnable check, DirectoryDatabase.Work work) {
        changing.lock();
        try {
            // Another process may have changed the file.
            snapshot = database.load();
            check.run();
            database.change(work);
            snapshot = database.load();
            logins.check();
        } finally {
            changing.unlock();
        }
    }

    /** Reads the file while nobody changes it. */
    <T> T read(Supplier<T> reader) {
        changing.lock();
        try {
            return reader.get();
        } finally {
            changing.unlock();
        }
    }

    /** What we have put into DNS. */
    public PublishedRecords published() {
        return new PublishedRecords(this, database);
    }

    private static void require(boolean condition, Reason reason, String otherwise) {
        if (!condition) {
            throw new DirectoryException(reason, otherwise);
        }
    }

    @Override
    public void addDomain(Domain domain) {
        require(!domain.isAddressLiteral(), Reason.INVALID, "an address literal cannot be a local domain");
        change(
                () -> require(!isLocal(domain), Reason.EXISTS, "domain " + domain + " is here already"),
                () -> database.update("INSERT INTO domain VALUES (?)", domain.name()));
    }

    @Override
    public void removeDomain(Domain domain) {
        change(
                () -> {
                    requireLocal(domain);
                    require(
                            accounts().stream().noneMatch(a -> a.domain().equals(domain)),
                            Reason.IN_USE,
                            "domain " + domain + " has accounts; remove them first");
                    require(
                            aliases().stream().noneMatch(a -> a.domain().equals(domain)),
                            Reason.IN_USE,
                            "domain " + domain + " has aliases; remove them first");
                },
                () -> database.update("DELETE FROM domain WHERE name = ?", domain.name()));
    }

    void requireLocal(Domain domain) {
        require(isLocal(domain), Reason.NOT_FOUND, "domain " + domain + " is not ours; add it first");
    }

    @Override
    public void addAccount(Address address, String password) {
        addAccounts(Map.of(address, password));
    }

    @Override
    public void addAccounts(Map<Address, String> added) {
        Map<Address, NewPassword> derived = new LinkedHashMap<>();
        // Before any lock is taken: it takes its time.
        added.forEach(
                (address, password) -> derived.put(accountAddress(address), NewPassword.of(password, cost, random)));
        change(
                () -> {
                    for (Address address : derived.keySet()) {
                        requireLocal(address.domain());
                        require(!isAccount(address), Reason.EXISTS, "account " + address + " is here already");
                        require(
                                aliases().stream().noneMatch(a -> a.name().equals(address.toString())),
                                Reason.EXISTS,
                                address + " is an alias; remove it first");
                    }
                },
                () -> {
                    for (Map.Entry<Address, NewPassword> account : derived.entrySet()) {
                        insert(account.getKey(), account.getValue());
                    }
                });
    }

    private void insert(Address account, NewPassword password) throws SQLException {
        ScramKeys scram = password.keys();
        database.update(
                "INSERT INTO account (address, hash, salt, iterations, stored_key, server_key) VALUES (?, ?, ?, ?, ?, ?)",
                account.toString(),
                password.hash().text(),
                scram.salt(),
                scram.iterations(),
                scram.storedKey(),
                scram.serverKey());
    }

    /** An account's address names a folder and is typed as a login name, so it is narrower than what mail allows. */
    private static Address accountAddress(Address address) {
        Address canonical = address.canonical();
        String local = canonical.localPart();
        require(
                !local.startsWith(".") && local.chars().noneMatch(c -> c <= ' ' || "/\\\"@".indexOf(c) >= 0),
                Reason.INVALID,
                "an account's name must not begin with a dot or hold spaces, quotes, slashes or @");
        require(
                UserName.isValid(local),
                Reason.INVALID,
                "an account's name must not hold characters that cannot be told apart or typed everywhere:"
                        + " signs, ligatures, invisible ones, two writing directions (RFC 8265)");
        return canonical;
    }

    @Override
    public void changePassword(Address account, String password) {
        NewPassword changed = NewPassword.of(password, cost, random);
        ScramKeys scram = changed.keys();
        change(
                () -> requireAccount(account),
                () -> database.update(
                        "UPDATE account SET hash = ?, salt = ?, iterations = ?, stored_key = ?, server_key = ?"
                                + " WHERE id = ?",
                        changed.hash().text(),
                        scram.salt(),
                        scram.iterations(),
                        scram.storedKey(),
                        scram.serverKey(),
                        idOf(account)));
    }

    private long idOf(Address account) {
        return snapshot.account(account).orElseThrow().id();
    }

    private void requireAccount(Address account) {
        require(isAccount(account), Reason.NOT_FOUND, "there is no account " + account);
    }

    @Override
    public void removeAccount(Address account) {
        Address address = account.canonical();
        change(
                () -> {
                    requireAccount(account);
                    aliases().stream()
                            .filter(a -> a.targets().stream()
                                    .anyMatch(t -> resolve(t).equals(new Resolution.Mailbox(address))))
                            .findFirst()
                            .ifPresent(alias -> require(
                                    false,
                                    Reason.IN_USE,
                                    "alias " + alias.name() + " leads to " + address + "; change it first"));
                },
                () -> {
                    database.update("DELETE FROM account WHERE id = ?", idOf(address));
                    database.update("INSERT OR REPLACE INTO removal VALUES (?, ?)", address.toString(), clock.millis());
                });
    }

    @Override
    public boolean putAlias(Alias alias) {
        boolean[] replaced = {false};
        List<Address> targets = new ArrayList<>();
        for (Address target : alias.targets()) {
            targets.add(isLocal(target.domain()) ? target.canonical() : target);
        }
        change(
                () -> {
                    requireLocal(alias.domain());
                    require(
                            alias.isCatchAll() || !isAccount(new Address(alias.localPart(), alias.domain())),
                            Reason.EXISTS,
                            alias.name() + " is an account");
                    require(
                            !snapshot.with(alias).loops(alias),
                            Reason.INVALID,
                            "alias " + alias.name() + " would lead back to itself");
                    replaced[0] = aliases().stream().anyMatch(a -> a.name().equals(alias.name()));
                },
                () -> {
                    database.update("DELETE FROM alias WHERE name = ?", alias.name());
                    for (int i = 0; i < targets.size(); i++) {
                        database.update(
                                "INSERT INTO alias VALUES (?, ?, ?)",
                                alias.name(),
                                i,
                                targets.get(i).toString());
                    }
                });
        return !replaced[0];
    }

    @Override
    public void removeAlias(String given) {
        String name = Alias.of(given, List.of(new Address("x", Domain.parse("invalid"))))
                .name();
        change(
                () -> require(
                        aliases().stream().anyMatch(a -> a.name().equals(name)),
                        Reason.NOT_FOUND,
                        "there is no alias " + name),
                () -> database.update("DELETE FROM alias WHERE name = ?", name));
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
