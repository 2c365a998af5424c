package org.posthorn.server.imap;

import java.security.SecureRandom;
import java.util.Map;
import org.posthorn.mail.Address;
import org.posthorn.protocol.sasl.Authenticator;
import org.posthorn.protocol.sasl.Grant;
import org.posthorn.protocol.sasl.SaslMechanisms;
import org.posthorn.protocol.sasl.ScramKeys;

/** Accounts with known passwords, for sessions. */
final class FakeAccounts implements Authenticator {
    private static final Map<String, String> PASSWORDS =
            Map.of("alice", "secret", "bob", "secret", "imapuser", "password", "mrc", "secret");

    static SaslMechanisms mechanisms() {
        return new SaslMechanisms(new FakeAccounts(), new SecureRandom(), new byte[16]);
    }

    static Address address(String name) {
        return Address.parse(name + "@posthorn.test");
    }

    @Override
    public Outcome verify(String name, String password) {
        if (name.equals("down")) {
            return new Outcome.Unavailable("down");
        }
        return password.equals(PASSWORDS.get(name))
                ? new Outcome.Valid(address(name), Grant.FOR_GOOD)
                : new Outcome.Invalid();
    }

    @Override
    public Lookup scramKeys(String name) {
        String password = PASSWORDS.get(name);
        if (password == null) {
            return new Lookup.Unknown();
        }
        return new Lookup.Found(
                address(name), ScramKeys.derive(password, new byte[] {1, 2, 3, 4}, 4096), Grant.FOR_GOOD);
    }
}
