package org.posthorn.delivery.remote;

import java.util.List;
import org.posthorn.client.smtp.SmtpHost;
import org.posthorn.protocol.smtp.EnhancedStatus;

/** Where a destination's mail can go. */
sealed interface Hosts {
    /** To these, in the order to try them; at least one. */
    record Found(List<SmtpHost> servers) implements Hosts {
        public Found {
            servers = List.copyOf(servers);
        }
    }

    /** Nowhere: permanently or, by the class of the status, for now. */
    record Nowhere(EnhancedStatus status, String text) implements Hosts {}
}
