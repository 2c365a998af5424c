package org.posthorn.protocol.dmarcreport;

import java.util.Locale;

/**
 * Why a receiver did not do what the policy says (RFC 9990 3.1.6).
 *
 * @param comment "" for none
 */
public record OverrideReason(Type type, String comment) {
    /** The kind of reason. */
    public enum Type {
        LOCAL_POLICY,
        MAILING_LIST,
        POLICY_TEST_MODE,
        TRUSTED_FORWARDER,
        OTHER,
        /** RFC 7489 only. */
        FORWARDED,
        /** RFC 7489 only: the pct tag. */
        SAMPLED_OUT;

        /** As reports write it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
