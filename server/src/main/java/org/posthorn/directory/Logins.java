package org.posthorn.directory;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.posthorn.protocol.sasl.Grant;

/** The logins that sessions hold, so that they end when the directory has changed. Thread-safe. */
final class Logins {
    private final Supplier<Snapshot> present;
    private final Set<Login> held = ConcurrentHashMap.newKeySet();

    /** Compared by identity: one account may have many sessions. */
    private static final class Login {
        private final Account account;
        private final Runnable ended;

        Login(Account account, Runnable ended) {
            this.account = account;
            this.ended = ended;
        }
    }

    Logins(Supplier<Snapshot> present) {
        this.present = present;
    }

    /** The grant of a login that was proved with what this account had. */
    Grant grant(Account account) {
        return ended -> {
            Login login = new Login(account, ended);
            held.add(login);
            // After it was added: a change from now on finds it, and one of before is seen here.
            endIfOver(login, present.get());
            return () -> held.remove(login);
        };
    }

    /** The directory has changed. */
    void check() {
        Snapshot now = present.get();
        held.forEach(login -> endIfOver(login, now));
    }

    private void endIfOver(Login login, Snapshot now) {
        if (!now.hasSameCredentials(login.account) && held.remove(login)) {
            login.ended.run();
        }
    }

    int size() {
        return held.size();
    }
}
