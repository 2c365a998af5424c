package org.posthorn.queue;

/**
 * What deliveries are scheduled by: the local mailboxes, or one next hop. A slow destination holds up none but itself.
 *
 * @param kind which agent delivers there
 * @param name for {@link Kind#LOCAL} the account's address, for {@link Kind#REMOTE} the recipient domain in A-label form or a
 *     configured next hop {@code HOST:PORT} or {@code [ADDRESS]:PORT}
 */
public record Destination(Kind kind, String name) {
    /** Which agent delivers. */
    public enum Kind {
        LOCAL,
        REMOTE
    }
}
