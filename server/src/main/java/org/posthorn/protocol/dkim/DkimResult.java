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
    /** It may verify, but is of a kind that we do not accept. */
    POLICY,
    /** It cannot be understood. */
    NEUTRAL,
    /** Perhaps later: its key cannot be looked up now. */
    TEMPERROR,
    /** It can never be verified: the key is missing or revoked, or the signature is not as it must be. */
    PERMERROR;

    /** As in Authentication-Results. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
