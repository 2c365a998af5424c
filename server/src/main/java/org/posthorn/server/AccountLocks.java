package org.posthorn.server;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.posthorn.mail.Address;

/** Accounts that one session has for itself, as POP3 needs it (RFC 1939 4), whatever configuration it began under. Thread-safe. */
public final class AccountLocks {
    private final Set<Address> locked = ConcurrentHashMap.newKeySet();

    /** Takes it; false when another session has it. */
    public boolean lock(Address account) {
        return locked.add(account);
    }

    public void unlock(Address account) {
        locked.remove(account);
    }
}
