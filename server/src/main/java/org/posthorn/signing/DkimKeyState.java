package org.posthorn.signing;

import java.util.Locale;

/** The stations of a signing key's life, in their order. */
public enum DkimKeyState {
    /** It exists on this machine only. */
    MADE,
    /** Its record has been handed to the domain's DNS, but the world does not see it everywhere yet. */
    PUBLISHED,
    /** It signs. */
    ACTIVE,
    /** It signs no more; its record stays, so that mail under way can be verified. */
    RETIRED,
    /** Its record says that the key is revoked (RFC 6376 3.6.1), or is gone. */
    WITHDRAWN;

    /** As it is stored and shown. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static DkimKeyState of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
