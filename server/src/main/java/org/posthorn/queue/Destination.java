package org.posthorn.queue;

/**
 * What deliveries are scheduled by: a transport and where it is to deliver, Postfix's {@code transport:nexthop}. A slow destination holds
 * up none but itself.
 *
 * @param transport the name of a {@link Transport}; which there are is not the queue's affair
 * @param name what the transport makes of it: for {@link Transport#LOCAL} the account's address, for {@link Transport#SMTP} the
 *     recipient domain in A-label form or a configured next hop {@code HOST:PORT} or {@code [ADDRESS]:PORT}
 */
public record Destination(String transport, String name) {
    /** An account's mailbox here. */
    public static Destination mailbox(String account) {
        return new Destination(Transport.LOCAL, account);
    }

    /** Another server. */
    public static Destination smtp(String nextHop) {
        return new Destination(Transport.SMTP, nextHop);
    }

    /** Whether what is delivered there lies in a mailbox here, whose content a checkpoint of the spool makes durable. */
    public boolean isMailbox() {
        return transport.equals(Transport.LOCAL);
    }
}
