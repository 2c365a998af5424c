package org.posthorn.protocol.tlsrpt;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A TLS report (RFC 8460 4.4). Texts of received reports are anything; "" where one is missing.
 *
 * @param id unique among this reporter's reports
 * @param begin first second of the period
 * @param end last second of the period
 */
public record TlsReport(
        String organization, Instant begin, Instant end, String contact, String id, List<PolicyResult> policies) {
    public TlsReport {
        policies = List.copyOf(policies);
    }

    /** Which kind of policy was applied (RFC 8460 4.4). */
    public enum PolicyType {
        /** DANE. */
        TLSA("tlsa"),
        /** MTA-STS. */
        STS("sts"),
        /** TLS when it is offered. */
        NO_POLICY_FOUND("no-policy-found"),
        /** No word of the RFC. */
        OTHER("other");

        private final String word;

        PolicyType(String word) {
            this.word = word;
        }

        /** As reports write it. */
        public String word() {
            return word;
        }
    }

    /**
     * How connections under one policy went.
     *
     * @param strings the policy itself: lines of MTA-STS, or TLSA records
     * @param domain whom the policy is of; "" where it is missing
     * @param mxHosts the patterns of MTA-STS
     */
    public record PolicyResult(
            PolicyType type,
            List<String> strings,
            String domain,
            List<String> mxHosts,
            long successes,
            long failures,
            List<Failure> details) {
        public PolicyResult {
            strings = List.copyOf(strings);
            mxHosts = List.copyOf(mxHosts);
            details = List.copyOf(details);
        }
    }

    /**
     * Connections that failed alike.
     *
     * @param result the result type (RFC 8460 4.3), such as {@code certificate-expired}, lower case
     * @param count sessions
     */
    public record Failure(
            String result,
            Optional<String> sendingMta,
            Optional<String> receivingMx,
            Optional<String> receivingHelo,
            Optional<String> receivingIp,
            long count,
            Optional<String> information,
            Optional<String> reasonCode) {}
}
