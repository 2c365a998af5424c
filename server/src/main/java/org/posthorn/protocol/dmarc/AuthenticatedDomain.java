package org.posthorn.protocol.dmarc;

import java.util.Locale;

/**
 * What SPF or DKIM said about a domain (RFC 9989 4.4.1, 4.4.2).
 *
 * @param domain of MAIL FROM for SPF (of HELO where MAIL FROM is empty, RFC 7208 2.4), d= for DKIM; A-labels
 */
public record AuthenticatedDomain(Mechanism mechanism, String domain, Outcome outcome) {
    /** The mechanisms that DMARC builds upon. */
    public enum Mechanism {
        SPF,
        DKIM
    }

    /** As far as DMARC cares. */
    public enum Outcome {
        PASS,
        /** Could become anything at another time. */
        TEMPERROR,
        OTHER
    }

    public AuthenticatedDomain {
        domain = domain.toLowerCase(Locale.ROOT);
    }
}
