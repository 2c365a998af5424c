/**
 * The queue's store on this machine: a log with group commit, one record and a shared sync for each message; a large message lies in a
 * file of its own, and the log has its record. What becomes of a message is noted behind it, and read back at start.
 *
 * <p>Failure: a record that is damaged is set aside in {@code corrupt/} and reported; one of a version that is not known keeps the spool
 * from being opened at all, with nothing touched. Local deliveries are believed after a power loss only up to the last checkpoint.
 */
@NullMarked
package org.posthorn.queue.spool;

import org.jspecify.annotations.NullMarked;
