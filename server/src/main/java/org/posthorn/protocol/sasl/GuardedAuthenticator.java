package org.posthorn.protocol.sasl;

import java.util.function.Predicate;

/** Turns logins away before their password is looked at, and has passwords checked by turns. */
record GuardedAuthenticator(Authenticator authenticator, Predicate<String> admitted, Turn turn)
        implements Authenticator {
    private static final String REFUSED = "too many failed logins at this account";

    @Override
    public Outcome verify(String name, String password) {
        return admitted.test(identity(name))
                ? authenticator.verify(name, password, turn)
                : new Outcome.Unavailable(REFUSED);
    }

    @Override
    public Lookup scramKeys(String name) {
        return admitted.test(identity(name)) ? authenticator.scramKeys(name) : new Lookup.Unavailable(REFUSED);
    }

    @Override
    public String identity(String name) {
        return authenticator.identity(name);
    }

    @Override
    public int iterations(String identity) {
        return authenticator.iterations(identity);
    }
}
