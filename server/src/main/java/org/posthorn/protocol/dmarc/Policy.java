package org.posthorn.protocol.dmarc;

import java.util.Locale;
import java.util.Optional;

/** What a domain's owner wants done with mail that fails (RFC 9989 4.7, p). From mild to strict. */
public enum Policy {
    NONE,
    QUARANTINE,
    REJECT;

    /** As in the record: lower case. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Policy> of(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "none" -> Optional.of(NONE);
            case "quarantine" -> Optional.of(QUARANTINE);
            case "reject" -> Optional.of(REJECT);
            default -> Optional.empty();
        };
    }

    /** What is expected while an owner tests (RFC 9989 4.7, t). */
    public Policy oneLevelBelow() {
        return this == REJECT ? QUARANTINE : NONE;
    }
}
