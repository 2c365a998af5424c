package org.posthorn.protocol.spf;

import java.util.Locale;

/** The results of RFC 7208 2.6. */
public enum SpfResult {
    NONE,
    NEUTRAL,
    PASS,
    FAIL,
    SOFTFAIL,
    TEMPERROR,
    PERMERROR;

    /** The word for Authentication-Results (RFC 8601 2.7.2). */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
