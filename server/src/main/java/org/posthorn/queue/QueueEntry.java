package org.posthorn.queue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.MessageContent;
import org.posthorn.storage.LogPosition;

/**
 * A message in the queue and how far it is. Its monitor guards everything that changes; a change and its note in the log
 * are made under it together, so that the log has them in order.
 */
final class QueueEntry {
    final QueueId id;
    final long arrivedMillis;
    final Envelope envelope;
    final SpoolRecord.Place place;
    final RecipientState[] recipients;
    /** Found at start: deliveries may have happened before. */
    final boolean recovered;

    /** Where the record lies that this message lives by. */
    LogPosition position;

    /** The content as it came, while memory allows. */
    @Nullable
    MessageContent inMemory;

    /** Recipients that are not done. */
    int open;

    /** Deliveries and readers that use the content now. */
    int users;

    boolean held;
    boolean warned;
    boolean removed;

    /** Mail was put into a mailbox here, and no checkpoint has made it durable yet. */
    boolean local;

    /** The log has said that this message is in the queue. */
    boolean announced;

    /** When the message is looked at next, milliseconds since 1970. */
    long wakeMillis;

    QueueEntry(SpoolRecord.Arrival arrival, LogPosition position, boolean recovered) {
        this.id = arrival.id();
        this.arrivedMillis = arrival.arrivedMillis();
        this.envelope = arrival.envelope();
        this.place = arrival.place();
        this.position = position;
        this.recovered = recovered;
        this.recipients = new RecipientState[envelope.recipients().size()];
        for (int i = 0; i < recipients.length; i++) {
            recipients[i] = new RecipientState(i, envelope.recipients().get(i));
        }
        this.open = recipients.length;
    }

    Instant arrived() {
        return Instant.ofEpochMilli(arrivedMillis);
    }

    long size() {
        return place.size();
    }

    /** The sender as the log shows it, "" for the null sender. */
    String senderText() {
        return envelope.sender().map(Object::toString).orElse("");
    }

    List<RecipientState> pending() {
        return List.of(recipients).stream().filter(recipient -> !recipient.done).toList();
    }

    /** The earliest time at which a recipient that is not in delivery is due, if there is any. */
    Optional<Long> due() {
        long earliest = Long.MAX_VALUE;
        for (RecipientState recipient : recipients) {
            if (!recipient.done && recipient.outstanding == 0) {
                earliest = Math.min(earliest, recipient.nextMillis);
            }
        }
        return earliest == Long.MAX_VALUE ? Optional.empty() : Optional.of(earliest);
    }
}
