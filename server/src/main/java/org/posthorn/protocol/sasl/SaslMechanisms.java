package org.posthorn.protocol.sasl;

import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** The mechanisms of one server. Thread-safe if the random generator is (SecureRandom is). */
public final class SaslMechanisms {
    private static final int NONCE_OCTETS = 18;

    private final Authenticator authenticator;
    private final RandomGenerator random;
    private final byte[] secret;

    /**
     * @param random for nonces: unpredictable
     * @param secret at least 16 octets that stay the same over restarts and nodes: unknown names get a salt made from them
     */
    public SaslMechanisms(Authenticator authenticator, RandomGenerator random, byte[] secret) {
        if (secret.length < 16) {
            throw new IllegalArgumentException("secret too short");
        }
        this.authenticator = authenticator;
        this.random = random;
        this.secret = secret.clone();
    }

    /** The names to announce, the strongest first; the -PLUS variant only where there is a channel to bind to. */
    public List<String> offered(ChannelBindings bindings) {
        return List.of(SaslMechanism.values()).stream()
                .filter(m -> m != SaslMechanism.SCRAM_SHA_256_PLUS || !bindings.isEmpty())
                .map(SaslMechanism::wireName)
                .toList();
    }

    /** Begins an exchange; empty when the name is not one of {@link #offered}. The name may have any case. */
    public Optional<SaslServer> start(String name, ChannelBindings bindings) {
        return SaslMechanism.named(name).flatMap(mechanism -> switch (mechanism) {
            case SCRAM_SHA_256_PLUS -> bindings.isEmpty() ? Optional.empty() : Optional.of(scram(true, bindings));
            case SCRAM_SHA_256 -> Optional.of(scram(false, bindings));
            case PLAIN -> Optional.of(new PlainServer(authenticator));
            case LOGIN -> Optional.of(new LoginServer(authenticator));
        });
    }

    /**
     * Checks a name and a password that came in the clear outside SASL: IMAP LOGIN, POP3 USER and PASS.
     *
     * @return a success or a failure, never a challenge
     */
    public SaslStep login(String name, String password) {
        return Passwords.check(authenticator, name, password);
    }

    /**
     * The same mechanisms for one client, which is turned away where it has failed too often.
     *
     * @param admitted whether to look at a login of this name, which is an {@link Authenticator#identity}
     * @param turn in which its passwords are checked
     */
    public SaslMechanisms behind(Predicate<String> admitted, Authenticator.Turn turn) {
        return new SaslMechanisms(new GuardedAuthenticator(authenticator, admitted, turn), random, secret);
    }

    /** One name for all spellings of an account's name, see {@link Authenticator#identity}. */
    public String identity(String name) {
        return authenticator.identity(name);
    }

    private SaslServer scram(boolean plus, ChannelBindings bindings) {
        return new ScramServer(authenticator, this::nonce, secret, plus, bindings);
    }

    private String nonce() {
        byte[] octets = new byte[NONCE_OCTETS];
        random.nextBytes(octets);
        return Base64.getEncoder().encodeToString(octets);
    }
}
