package org.posthorn.directory;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.mail.MalformedAddressException;
import org.posthorn.mail.UserName;

/** All of the directory at one moment, immutable: what look-ups are answered from. */
final class Snapshot {
    /** Names that every domain has (RFC 5321 4.5.1, RFC 2142 2); answers to notifications shall reach somebody (RFC 3464 2). */
    private static final Set<String> ROLES = Set.of("postmaster", "abuse", "mailer-daemon");

    private final SortedSet<Domain> domains;
    private final Map<Address, Account> accounts;
    private final Map<String, Account> byLocalPart = new HashMap<>();
    private final Map<Domain, Address> firstAccounts = new HashMap<>();
    private final Map<Address, Alias> aliases = new HashMap<>();
    private final Map<Domain, Alias> catchAlls = new HashMap<>();
    private final List<Alias> aliasList;
    private final Map<Address, Instant> removals;

    /**
     * @param accounts in the order they were added
     * @param removals when an account of that name was last removed
     */
    Snapshot(Set<Domain> domains, List<Account> accounts, List<Alias> aliases, Map<Address, Instant> removals) {
        this.domains = Collections.unmodifiableSortedSet(new TreeSet<>(domains));
        Map<Address, Account> byAddress = new LinkedHashMap<>();
        Set<String> ambiguous = new HashSet<>();
        for (Account account : accounts) {
            Address address = account.address();
            if (byAddress.putIfAbsent(address, account) != null) {
                continue;
            }
            firstAccounts.putIfAbsent(address.domain(), address);
            if (byLocalPart.putIfAbsent(address.localPart(), account) != null) {
                ambiguous.add(address.localPart());
            }
        }
        byLocalPart.keySet().removeAll(ambiguous);
        this.accounts = byAddress;
        for (Alias alias : aliases) {
            if (alias.isCatchAll()) {
                catchAlls.put(alias.domain(), alias);
            } else {
                this.aliases.put(new Address(alias.localPart(), alias.domain()), alias);
            }
        }
        this.aliasList =
                aliases.stream().sorted((a, b) -> a.name().compareTo(b.name())).toList();
        this.removals = Map.copyOf(removals);
    }

    /** What would be if this alias were added or replaced. */
    Snapshot with(Alias alias) {
        List<Alias> changed = new ArrayList<>(aliasList);
        changed.removeIf(a -> a.name().equals(alias.name()));
        changed.add(alias);
        return new Snapshot(domains, List.copyOf(accounts.values()), changed, removals);
    }

    boolean isLocal(Domain domain) {
        return domains.contains(domain);
    }

    Resolution resolve(Address given) {
        if (!isLocal(given.domain())) {
            return new Resolution.NotLocal();
        }
        Address address = given.canonical();
        Optional<Resolution> known =
                exact(address).or(() -> withoutDetail(address).flatMap(this::exact));
        if (known.isPresent()) {
            return known.get();
        }
        Alias catchAll = catchAlls.get(address.domain());
        if (catchAll != null) {
            return new Resolution.Forward(catchAll.targets());
        }
        if (ROLES.contains(withoutDetail(address).orElse(address).localPart())) {
            return responsible(address.domain());
        }
        return new Resolution.UnknownUser();
    }

    /**
     * Where mail for the roles goes at a name of this host that is no domain of ours: to those of the first domain. Bounces come from
     * there, and whoever is in trouble with us writes there.
     */
    Resolution resolveOfHost(Address given) {
        Address address = given.canonical();
        String role = withoutDetail(address).orElse(address).localPart();
        return ROLES.contains(role) && !domains.isEmpty()
                ? new Resolution.Forward(List.of(new Address(role, domains.first())))
                : new Resolution.NotLocal();
    }

    private Optional<Resolution> exact(Address address) {
        if (accounts.containsKey(address)) {
            return Optional.of(new Resolution.Mailbox(address));
        }
        return Optional.ofNullable(aliases.get(address)).map(alias -> new Resolution.Forward(alias.targets()));
    }

    /** {@code user+detail@domain} as {@code user@domain} (RFC 5233); empty where there is no detail. */
    private static Optional<Address> withoutDetail(Address address) {
        int plus = address.localPart().indexOf('+');
        return plus < 1
                ? Optional.empty()
                : Optional.of(new Address(address.localPart().substring(0, plus), address.domain()));
    }

    /** Who gets the mail of postmaster, abuse and MAILER-DAEMON when nobody was named. */
    private Resolution responsible(Domain domain) {
        Address first = firstAccounts.get(domain);
        if (first == null && !accounts.isEmpty()) {
            first = accounts.keySet().iterator().next();
        }
        return first == null ? new Resolution.UnknownUser() : new Resolution.Mailbox(first);
    }

    /** The account that a login name means, in any case. */
    Optional<Account> login(String name) {
        if (name.indexOf('@') < 0) {
            return Optional.ofNullable(byLocalPart.get(UserName.mapped(name)));
        }
        try {
            return account(Address.parse(name));
        } catch (MalformedAddressException e) {
            return Optional.empty();
        }
    }

    /**
     * One name for all spellings of an account's name, whether there is such an account or not. A name without a domain means the one
     * account that has it; where there is none it means some domain, always the same and not to be foreseen: so it looks from outside.
     *
     * @param secret of this installation
     */
    String identity(String name, byte[] secret) {
        try {
            if (name.indexOf('@') >= 0) {
                return Address.parse(name).canonical().toString();
            }
            Account one = byLocalPart.get(UserName.mapped(name));
            if (one != null) {
                return one.address().toString();
            }
            String local = UserName.mapped(name);
            List<Domain> all = domains();
            return all.isEmpty()
                    ? local
                    : new Address(local, all.get(Math.floorMod(draw(local, secret), all.size()))).toString();
        } catch (MalformedAddressException e) {
            return name;
        }
    }

    private static int draw(String name, byte[] secret) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(secret);
            return ByteBuffer.wrap(digest.digest(name.getBytes(StandardCharsets.UTF_8)))
                    .getInt();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The account of an {@link #identity}. */
    Optional<Account> named(String identity) {
        return identity.indexOf('@') < 0 ? Optional.empty() : login(identity);
    }

    /**
     * The iteration count for a name without an account; empty without accounts. Each count is as frequent among such names as it is
     * among accounts, so that an unusual one tells nothing; and few names change theirs when accounts come and go (rendezvous hashing).
     *
     * @param secret of this installation
     */
    Optional<Integer> iterations(String identity, byte[] secret) {
        Map<Integer, Integer> counts = new HashMap<>();
        accounts.values().forEach(account -> counts.merge(account.keys().iterations(), 1, Integer::sum));
        return counts.entrySet().stream()
                .max(Comparator.comparingDouble(count -> count.getValue() * luck(count.getKey(), identity, secret)))
                .map(Map.Entry::getKey);
    }

    /** Above 0, and exponentially rare towards greater ones in its inverse, which makes the choice a fair one by weight. */
    private static double luck(int iterations, String identity, byte[] secret) {
        long drawn = Integer.toUnsignedLong(draw("iterations " + iterations + " " + identity, secret));
        return -1 / Math.log((drawn + 0.5) / (1L << 32));
    }

    Optional<Account> account(Address address) {
        return Optional.ofNullable(accounts.get(address.canonical()));
    }

    boolean hasSameCredentials(Account earlier) {
        return account(earlier.address()).filter(earlier::hasSameCredentials).isPresent();
    }

    /**
     * Whether whoever had the address at that time has it no more. Where the removal is yet to come, the clock was set back since: only
     * what came before that, and so is of a time to come as well, is older than the removal.
     */
    boolean hasChangedHands(Address address, Instant since, Instant now) {
        Instant removed = removals.get(address.canonical());
        return removed != null && !since.isAfter(removed) && (!removed.isAfter(now) || since.isAfter(now));
    }

    /** The accounts that mail for the address reaches; alias chains are followed, each address once. */
    Set<Address> reached(Address start) {
        Set<Address> reached = new HashSet<>();
        walk(List.of(start), reached);
        return reached;
    }

    /** Whether mail to the alias comes back to it. */
    boolean loops(Alias alias) {
        Set<Address> passed = walk(alias.targets(), new HashSet<>());
        if (alias.isCatchAll()) {
            return passed.stream()
                    .anyMatch(a -> a.domain().equals(alias.domain())
                            && resolve(a).equals(new Resolution.Forward(alias.targets()))
                            && exact(a).isEmpty());
        }
        return passed.contains(new Address(alias.localPart(), alias.domain()));
    }

    /** Follows all targets; returns the addresses passed, and collects the accounts reached. */
    private Set<Address> walk(List<Address> starts, Set<Address> reached) {
        Set<Address> passed = new HashSet<>();
        Deque<Address> open = new ArrayDeque<>(starts);
        while (!open.isEmpty()) {
            Address address = open.pop().canonical();
            if (!passed.add(address)) {
                continue;
            }
            withoutDetail(address).ifPresent(passed::add);
            switch (resolve(address)) {
                case Resolution.Mailbox(var account) -> reached.add(account);
                case Resolution.Forward(var targets) -> targets.forEach(open::push);
                case Resolution.UnknownUser(), Resolution.NotLocal() -> {}
            }
        }
        return passed;
    }

    Set<Address> senders(Address account) {
        Set<Address> senders = new TreeSet<>((a, b) -> a.toString().compareTo(b.toString()));
        senders.add(account.canonical());
        for (Address alias : aliases.keySet()) {
            if (reached(alias).contains(account.canonical())) {
                senders.add(alias);
            }
        }
        return senders;
    }

    List<Domain> domains() {
        return List.copyOf(domains);
    }

    List<Address> accounts() {
        List<Address> sorted = new ArrayList<>(accounts.keySet());
        sorted.sort((a, b) -> a.toString().compareTo(b.toString()));
        return sorted;
    }

    List<Alias> aliases() {
        return aliasList;
    }
}
