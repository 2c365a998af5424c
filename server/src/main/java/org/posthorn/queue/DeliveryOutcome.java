package org.posthorn.queue;

import org.posthorn.protocol.smtp.EnhancedStatus;

/**
 * How delivery to one recipient went.
 */
public sealed interface DeliveryOutcome {
    /** {@code host[address]:port} of who answered, {@code local} or {@code none}; for the log's {@code relay=}. */
    String relay();

    EnhancedStatus status();

    /** The server's reply, or our own words. */
    String text();

    /** Done: somebody else has taken responsibility, or it lies in the mailbox. */
    record Delivered(String relay, EnhancedStatus status, String text) implements DeliveryOutcome {}

    /** Not now: try again by the schedule. {@code remote}: the text is a reply of that server (Diagnostic-Code: smtp). */
    record Deferred(String relay, EnhancedStatus status, String text, boolean remote) implements DeliveryOutcome {}

    /** Never: return it to the sender. */
    record Failed(String relay, EnhancedStatus status, String text, boolean remote) implements DeliveryOutcome {}
}
