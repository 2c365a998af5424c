package org.posthorn.queue;

/**
 * A way to deliver: a name that routes lead to, who delivers, and how much at once. The names are open; two mean something to the queue
 * itself, {@link #LOCAL} and, by being what everything else goes by, {@link #SMTP}.
 *
 * @param name lower-case letters and digits; names the line in the log as well
 * @param concurrency deliveries at once to one destination, at least 1
 * @param total deliveries at once to all its destinations, at least 1
 */
public record Transport(String name, DeliveryAgent agent, int concurrency, int total) {
    /** Into mailboxes here: never left alone as a destination, and durable only by a checkpoint of the spool. */
    public static final String LOCAL = "local";

    /** To other servers. */
    public static final String SMTP = "smtp";

    /** Nowhere, and nobody is told. */
    public static final String DISCARD = "discard";

    /** Back to the sender. */
    public static final String ERROR = "error";

    public Transport {
        if (!name.matches("[a-z][a-z0-9]{0,31}") || concurrency < 1 || total < 1) {
            throw new IllegalArgumentException("transport " + name);
        }
    }
}
