package org.posthorn.protocol.dkim;

import java.util.Locale;

/** What became of a signature (RFC 8601 2.7.1). */
public enum DkimResult {
    /** It is not signed. */
    NONE,
    /** It verifies. */
    PASS,
    /** It is well made, but the message or the key is not that which signed. */
    FAIL,
    /** It may verify, but we do not look: there are too many, or too many kinds. What the RFCs forbid is PERMERROR. */
    POLICY,
    /** It cannot be understood. */
    NEUTRAL,
    /** Perhaps later: its key cannot be looked up now. */
    TEMPERROR,
    /** It can never be verified: the key is missing, revoked or too short, or the signature is not as it must be. */
    PERMERROR;

    /** As in Authentication-Results. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
