/**
 * The queue: keeps every accepted message until each of its recipients is done.
 *
 * <p>{@link org.posthorn.queue.Spool} takes messages in and makes them durable (a write-ahead log with group commit);
 * the queue runner schedules deliveries by destination, retries by {@code RetrySchedule} (RFC 5321 4.5.4) and hands
 * them to {@link org.posthorn.queue.DeliveryAgent}s, which are implemented in {@code delivery}.
 *
 * <p>Failure: a message whose commit has returned is never lost, whatever happens to the process; a delivery that a
 * crash interrupted is repeated, and agents of local mailboxes make that harmless by the queue id. A full disk is an
 * {@link java.io.IOException} before the commit, never after it.
 */
@NullMarked
package org.posthorn.queue;

import org.jspecify.annotations.NullMarked;
