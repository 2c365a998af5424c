package org.posthorn.testing;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.posthorn.mail.Address;
import org.posthorn.protocol.sasl.Authenticator;
import org.posthorn.protocol.sasl.Grant;
import org.posthorn.protocol.sasl.ScramKeys;

/** Knows alice@posthorn.test with the password "secret"; cannot tell anything about "down". */
public final class OneAccount implements Authenticator {
    public static final Address ALICE = Address.parse("alice@posthorn.test");

    private static final ScramKeys KEYS = ScramKeys.derive("secret", new byte[16], 4096);

    private final Set<Runnable> held = ConcurrentHashMap.newKeySet();

    /** Ends all logins, as a new password does. */
    public void changePassword() {
        held.forEach(Runnable::run);
    }

    /** Sessions that would be told. */
    public int held() {
        return held.size();
    }

    private Grant.Hold hold(Runnable ended) {
        held.add(ended);
        return () -> held.remove(ended);
    }

    @Override
    public Outcome verify(String name, String password) {
        if (name.equals("down")) {
            return new Outcome.Unavailable("directory is away");
        }
        return name.equals(ALICE.toString()) && password.equals("secret")
                ? new Outcome.Valid(ALICE, this::hold)
                : new Outcome.Invalid();
    }

    @Override
    public Lookup scramKeys(String name) {
        return name.equals(ALICE.toString()) ? new Lookup.Found(ALICE, KEYS, this::hold) : new Lookup.Unknown();
    }
}
