package org.posthorn.delivery.remote;

import org.posthorn.client.smtp.SmtpHost;
import org.posthorn.client.smtp.TlsOutcome;

/** Hears how TLS went at connections to the servers of domains. Thread-safe; must neither block nor throw. */
@FunctionalInterface
public interface TlsSessions {
    /** Nobody hears. */
    TlsSessions UNHEARD = _ -> {};

    /**
     * One connection.
     *
     * @param domain the recipients' domain, in A-label form
     * @param server the host that was tried
     */
    record Session(String domain, AppliedPolicy policy, SmtpHost server, TlsOutcome outcome) {}

    /** One outcome for each connection that came as far as TLS; when it fails and mail goes in plain, the failure alone. */
    void ended(Session session);
}
