package org.posthorn.protocol.sasl;

import java.util.Locale;
import java.util.Optional;

/** The mechanisms, the strongest first. */
public enum SaslMechanism {
    SCRAM_SHA_256_PLUS("SCRAM-SHA-256-PLUS"),
    SCRAM_SHA_256("SCRAM-SHA-256"),
    PLAIN("PLAIN"),
    LOGIN("LOGIN");

    private final String wireName;

    SaslMechanism(String wireName) {
        this.wireName = wireName;
    }

    /** The registered name. */
    public String wireName() {
        return wireName;
    }

    /** The mechanism of that name, in any case. */
    public static Optional<SaslMechanism> named(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        for (SaslMechanism mechanism : values()) {
            if (mechanism.wireName.equals(upper)) {
                return Optional.of(mechanism);
            }
        }
        return Optional.empty();
    }
}
