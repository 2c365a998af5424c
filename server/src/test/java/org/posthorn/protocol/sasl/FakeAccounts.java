package org.posthorn.protocol.sasl;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;

/** Accounts with known passwords; the name {@code down} stands for a back end that does not answer. */
public final class FakeAccounts implements Authenticator {
    private final Map<String, String> passwords = new TreeMap<>();
    private final byte[] salt;
    private final int iterations;

    public FakeAccounts(byte[] salt, int iterations) {
        this.salt = salt.clone();
        this.iterations = iterations;
    }

    public FakeAccounts() {
        this("0123456789abcdef".getBytes(StandardCharsets.US_ASCII), 4096);
    }

    public FakeAccounts with(String name, String password) {
        passwords.put(name, password);
        return this;
    }

    public static Address address(String name) {
        return name.contains("@") ? Address.parse(name) : new Address(name, Domain.parse("posthorn.test"));
    }

    @Override
    public Outcome verify(String name, String password) {
        if (name.equals("down")) {
            return new Outcome.Unavailable("down");
        }
        return password.equals(passwords.get(name))
                ? new Outcome.Valid(address(name), Grant.FOR_GOOD)
                : new Outcome.Invalid();
    }

    @Override
    public Lookup scramKeys(String name) {
        if (name.equals("down")) {
            return new Lookup.Unavailable("down");
        }
        String password = passwords.get(name);
        return password == null
                ? new Lookup.Unknown()
                : new Lookup.Found(address(name), ScramKeys.derive(password, salt, iterations), Grant.FOR_GOOD);
    }
}
