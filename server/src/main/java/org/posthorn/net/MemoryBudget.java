package org.posthorn.net;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * The memory that clients may hold in the whole process, over all sessions of all protocols: the cost of connections, of lines and
 * literals that are being read, of recipients and headers. Strangers and users who have logged in have a share each, so that the ones
 * cannot take the others'. Where a share is used up the sessions that have waited longest for their clients are cut, strangers' after
 * {@link #STRANGER_IDLE} already, users' only when they do not read what we write; where that does not help, new work is
 * refused. Thread-safe.
 */
public final class MemoryBudget {
    /** How long a stranger must have been silent before it is cut for want of memory: longer than the way to its network and back. */
    static final Duration STRANGER_IDLE = Duration.ofMillis(250);

    /** How long a user's client must have read nothing of what we write. */
    static final Duration USER_STUCK = Duration.ofSeconds(10);

    /** How long {@link #faults} tells of work that was refused. */
    private static final Duration TOLD = Duration.ofMinutes(1);

    /** A look through all sessions is not repeated at once where it found nobody: a flood would spend its time with it. */
    private static final Duration LOOKS_APART = Duration.ofMillis(10);

    /** The part of a share that is made free at once, so that not every new octet looks through all sessions. */
    private static final int BATCH = 16;

    /**
     * How much may be held.
     *
     * @param strangers octets, by sessions before login
     * @param users octets, by sessions after login
     * @param sessionsPerAccount logged in at a time, over all protocols
     */
    public record Limits(long strangers, long users, int sessionsPerAccount) {
        public static final Limits NONE = new Limits(Long.MAX_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE);

        public Limits {
            if (strangers < 1 || users < 1 || sessionsPerAccount < 1) {
                throw new IllegalArgumentException("limits of memory must be positive");
            }
        }

        /** Shares in per cent of the largest heap. */
        public static Limits ofHeap(long octets, int strangersPercent, int usersPercent, int sessionsPerAccount) {
            return new Limits(octets / 100 * strangersPercent, octets / 100 * usersPercent, sessionsPerAccount);
        }
    }

    private final AtomicLong strangers = new AtomicLong();
    private final AtomicLong users = new AtomicLong();
    private final AtomicLong cut = new AtomicLong();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<String, Integer> accounts = new ConcurrentHashMap<>();
    private final ReentrantLock cutting = new ReentrantLock(true);
    private final Duration userStuck;
    private final LongSupplier nanos;
    private final Shortage strangersShortage = new Shortage("before login", "listen.memory-for-strangers");
    private final Shortage usersShortage = new Shortage("after login", "listen.memory-for-users");

    @GuardedBy("cutting")
    private long nobodySince;

    private volatile Limits limits;

    public MemoryBudget(Limits limits) {
        this(limits, USER_STUCK, System::nanoTime);
    }

    MemoryBudget(Limits limits, Duration userStuck, LongSupplier nanos) {
        this.limits = limits;
        this.userStuck = userStuck;
        this.nanos = nanos;
        this.nobodySince = nanos.getAsLong() - LOOKS_APART.toNanos();
    }

    /** When one of the shares did not suffice, though all were cut that may be. */
    private final class Shortage {
        private final String whose;
        private final String key;
        private volatile boolean any;
        private volatile long last;

        Shortage(String whose, String key) {
            this.whose = whose;
            this.key = key;
        }

        void happens() {
            last = nanos.getAsLong();
            any = true;
        }

        Optional<String> fault() {
            return any && nanos.getAsLong() - last < TOLD.toNanos()
                    ? Optional.of("the memory for sessions " + whose
                            + " was used up within the last minute and work was refused:"
                            + " see who connects, or raise " + key + " or the heap (-Xmx)")
                    : Optional.empty();
        }
    }

    /** A line for each share that was used up within the last minute, so that work was refused. */
    public List<String> faults() {
        return Stream.of(strangersShortage, usersShortage)
                .flatMap(shortage -> shortage.fault().stream())
                .toList();
    }

    /** Changes the limits; what is held already stays. */
    public void limit(Limits next) {
        limits = next;
    }

    /** Octets held by sessions before login. */
    public long heldByStrangers() {
        return strangers.get();
    }

    /** Octets held by sessions after login. */
    public long heldByUsers() {
        return users.get();
    }

    /** Sessions cut for want of memory since the start. */
    public long cut() {
        return cut.get();
    }

    void add(Connection connection) {
        connections.add(connection);
    }

    void remove(Connection connection) {
        connections.remove(connection);
    }

    boolean take(boolean user, long octets) {
        if (takeNow(user, octets)) {
            return true;
        }
        makeRoom(user, octets);
        return takeNow(user, octets);
    }

    /** Work is refused for want of memory. */
    void refused(boolean user) {
        (user ? usersShortage : strangersShortage).happens();
    }

    boolean takeNow(boolean user, long octets) {
        AtomicLong held = user ? users : strangers;
        long limit = limit(user);
        long now = held.get();
        while (octets <= limit - now) {
            long seen = held.compareAndExchange(now, now + octets);
            if (seen == now) {
                return true;
            }
            now = seen;
        }
        return false;
    }

    private long limit(boolean user) {
        return user ? limits.users() : limits.strangers();
    }

    void giveBack(boolean user, long octets) {
        (user ? users : strangers).addAndGet(-octets);
    }

    /** One more session of the account; false when it has as many as it may. */
    boolean addSession(String account) {
        int most = limits.sessionsPerAccount();
        boolean[] added = new boolean[1];
        accounts.compute(account, (_, count) -> {
            int present = count == null ? 0 : count;
            added[0] = present < most;
            return added[0] ? Integer.valueOf(present + 1) : count;
        });
        return added[0];
    }

    void removeSession(String account) {
        accounts.computeIfPresent(account, (_, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }

    /** A session that waits, seen at one moment: the order must not change while they are sorted. */
    private record Waiting(Connection connection, Duration silence) {}

    private void makeRoom(boolean user, long octets) {
        cutting.lock();
        try {
            // Whoever had the lock before may have made room for all that waited for it, or have found nobody.
            if (hasRoom(user, octets) || nanos.getAsLong() - nobodySince < LOOKS_APART.toNanos()) {
                return;
            }
            long wanted = octets + limit(user) / BATCH;
            for (Waiting session : waiting(user)) {
                if (limit(user) - (user ? users : strangers).get() >= wanted) {
                    break;
                }
                cut(session.connection());
            }
            if (!hasRoom(user, octets)) {
                nobodySince = nanos.getAsLong();
            }
        } finally {
            cutting.unlock();
        }
    }

    private boolean hasRoom(boolean user, long octets) {
        return octets <= limit(user) - (user ? users : strangers).get();
    }

    private void cut(Connection connection) {
        connection.memory().close();
        connection.closeRaw();
        cut.incrementAndGet();
    }

    /** Cuts the stranger among these that has been silent longest, so that another may come; false if there is none. */
    boolean cutOneOf(Set<Connection> these) {
        cutting.lock();
        try {
            Optional<Waiting> longest = waiting(these, false).max(Comparator.comparing(Waiting::silence));
            longest.ifPresent(session -> cut(session.connection()));
            return longest.isPresent();
        } finally {
            cutting.unlock();
        }
    }

    /** Those that may be cut, the longest silent first. */
    private List<Waiting> waiting(boolean user) {
        return waiting(connections, user)
                .sorted(Comparator.comparing(Waiting::silence).reversed())
                .toList();
    }

    private Stream<Waiting> waiting(Set<Connection> sessions, boolean user) {
        Duration least = user ? userStuck : STRANGER_IDLE;
        return sessions.stream()
                .filter(connection -> connection.memory().isUser() == user
                        && !connection.memory().isClosed())
                .map(connection ->
                        new Waiting(connection, user ? connection.stuckWriting() : connection.waitingForPeer()))
                .filter(session -> session.silence().compareTo(least) >= 0);
    }
}
