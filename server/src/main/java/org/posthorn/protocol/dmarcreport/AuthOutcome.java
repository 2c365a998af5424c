package org.posthorn.protocol.dmarcreport;

import java.util.Locale;

/** A result of SPF or DKIM (RFC 8601 2.7.1 and 2.7.2). */
public enum AuthOutcome {
    NONE,
    PASS,
    FAIL,
    SOFTFAIL,
    POLICY,
    NEUTRAL,
    TEMPERROR,
    PERMERROR;

    /** As reports write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
