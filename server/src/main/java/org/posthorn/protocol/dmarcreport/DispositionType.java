package org.posthorn.protocol.dmarcreport;

import java.util.Locale;

/** What is done, or to be done, with a message. */
public enum DispositionType {
    NONE,
    /** DMARC passed under an enforcing policy; RFC 9990 knows it, RFC 7489 said none. Never a published policy. */
    PASS,
    QUARANTINE,
    REJECT;

    /** As reports write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
