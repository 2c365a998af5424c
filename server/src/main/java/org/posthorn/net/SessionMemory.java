package org.posthorn.net;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one session holds of the {@link MemoryBudget}. The session's thread charges before a buffer grows and releases afterwards;
 * whatever is left is given back when the connection is closed, or cut. Thread-safe.
 */
public final class SessionMemory {
    /** Octets that a connection costs by itself: socket, thread, small buffers, the session's objects. */
    static final long CONNECTION = 6 << 10;

    /** Octets that TLS costs an idle connection. */
    static final long TLS = 16 << 10;

    /** Octets that TLS costs while the peer may leave a handshake or a record half sent. */
    static final long TLS_BEFORE_LOGIN = 40 << 10;

    /** After that whoever was too young to be cut may be cut: in a flood that is faster than its sessions fall silent. */
    private static final Duration PATIENCE = MemoryBudget.STRANGER_IDLE.plusMillis(50);

    private final MemoryBudget budget;

    private volatile boolean user;

    @GuardedBy("this")
    private long held;

    @GuardedBy("this")
    private boolean secured;

    @GuardedBy("this")
    private boolean closed;

    @GuardedBy("this")
    private @Nullable String account;

    /** Whether somebody may log in. */
    public enum Login {
        ADMITTED,
        /** The account has as many sessions as it may. */
        TOO_MANY_SESSIONS,
        /** The share of those who have logged in is used up. */
        NO_MEMORY
    }

    SessionMemory(MemoryBudget budget) {
        this.budget = budget;
    }

    /** Charges nobody. */
    static SessionMemory unlimited() {
        return new SessionMemory(new MemoryBudget(MemoryBudget.Limits.NONE));
    }

    /** Takes octets where there are any; false when there are none, or when the session has been cut. */
    public boolean tryCharge(long octets) {
        if (take(octets, true)) {
            return true;
        }
        budget.refused(user);
        return false;
    }

    /** Takes octets that are free, for what the session can do without: nobody is cut for them. */
    boolean tryChargeOfWhatIsFree(long octets) {
        return take(octets, false);
    }

    private boolean take(long octets, boolean cutting) {
        boolean ofUsers = user;
        if (!(cutting ? budget.take(ofUsers, octets) : budget.takeNow(ofUsers, octets))) {
            return false;
        }
        synchronized (this) {
            if (!closed) {
                held += octets;
                return true;
            }
        }
        budget.giveBack(ofUsers, octets);
        return false;
    }

    /** As {@link #tryCharge}, for what the session cannot do without: waits {@link #PATIENCE} for it. */
    public void charge(long octets) throws MemoryShortageException {
        if (take(octets, true)) {
            return;
        }
        pause();
        if (!tryCharge(octets)) {
            throw new MemoryShortageException();
        }
    }

    private void pause() {
        if (isClosed()) {
            return;
        }
        try {
            Thread.sleep(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Gives octets back that were charged. */
    public synchronized void release(long octets) {
        if (!closed) {
            held -= octets;
            budget.giveBack(user, octets);
        }
    }

    /** The connection becomes TLS. */
    void secure() throws MemoryShortageException {
        charge(TLS_BEFORE_LOGIN);
        synchronized (this) {
            secured = true;
        }
    }

    /**
     * The client has shown who it is: from now on the session counts among the users'. It may do so again where its mail could not be
     * opened.
     */
    public Login logIn(String name) {
        synchronized (this) {
            String before = account;
            if (before != null) {
                return logInAgain(before, name);
            }
        }
        if (!budget.addSession(name)) {
            return Login.TOO_MANY_SESSIONS;
        }
        long before;
        long after;
        synchronized (this) {
            before = held;
            after = secured ? before - TLS_BEFORE_LOGIN + TLS : before;
        }
        if (!budget.take(true, after)) {
            budget.removeSession(name);
            budget.refused(true);
            return Login.NO_MEMORY;
        }
        synchronized (this) {
            if (!closed) {
                budget.giveBack(false, before);
                held = after;
                user = true;
                account = name;
                return Login.ADMITTED;
            }
        }
        budget.giveBack(true, after);
        budget.removeSession(name);
        return Login.NO_MEMORY;
    }

    @GuardedBy("this")
    private Login logInAgain(String before, String name) {
        if (closed) {
            return Login.NO_MEMORY;
        }
        if (!before.equals(name)) {
            if (!budget.addSession(name)) {
                return Login.TOO_MANY_SESSIONS;
            }
            budget.removeSession(before);
            account = name;
        }
        return Login.ADMITTED;
    }

    boolean isUser() {
        return user;
    }

    /** Whether the session has ended, or been cut. */
    synchronized boolean isClosed() {
        return closed;
    }

    /** Gives everything back; nothing can be charged any more. */
    synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        budget.giveBack(user, held);
        held = 0;
        if (account != null) {
            budget.removeSession(account);
        }
    }
}
