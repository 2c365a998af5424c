package org.posthorn.protocol.arc;

import java.util.Locale;

/** The validation status of a chain, {@code cv=} (RFC 8617 4.4). */
public enum ArcResult {
    /** There is no chain. */
    NONE,
    /** It is whole. */
    PASS,
    /** It is not whole, and never will be. */
    FAIL;

    /** As in {@code cv=} and in Authentication-Results. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
