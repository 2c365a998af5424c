package org.posthorn.delivery.remote;

import org.posthorn.client.smtp.TlsMode;

/**
 * Says what is demanded of TLS at a host: where DANE (RFC 7672) and MTA-STS (RFC 8461) will speak. Thread-safe. A policy
 * that refuses hosts must let mail with TLS reports pass all the same (RFC 8460 5.3); none does so far.
 */
@FunctionalInterface
public interface TlsPolicy {
    /**
     * Asked before each connection.
     *
     * @param destination the recipient domain, or a configured next hop
     * @param host the host about to be connected to
     */
    TlsMode forHost(String destination, String host);

    /** Whose policy {@link #forHost} follows there, for the reports about it. */
    default AppliedPolicy applied(String destination, String host) {
        return new AppliedPolicy.NotFound();
    }

    /** TLS wherever it is offered, with any certificate. */
    TlsPolicy OPPORTUNISTIC = (_, _) -> new TlsMode.Opportunistic();
}
