package org.posthorn.delivery.remote;

import java.util.List;

/** Whose word about TLS was followed at a connection (RFC 8460 4.4). */
public sealed interface AppliedPolicy {
    /** Nobody's that we know of: TLS where it is offered. */
    record NotFound() implements AppliedPolicy {}

    /**
     * The domain's by MTA-STS (RFC 8461).
     *
     * @param lines of the policy
     * @param hosts its patterns of mx
     */
    record Sts(List<String> lines, List<String> hosts) implements AppliedPolicy {
        public Sts {
            lines = List.copyOf(lines);
            hosts = List.copyOf(hosts);
        }
    }

    /**
     * The host's by DANE (RFC 7672).
     *
     * @param records the TLSA records in presentation form
     */
    record Dane(List<String> records) implements AppliedPolicy {
        public Dane {
            records = List.copyOf(records);
        }
    }
}
