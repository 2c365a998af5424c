package org.posthorn.queue;

import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.mail.Envelope;

/**
 * A message in the queue and how far it is. Its monitor guards everything that changes; a change and its note in the store
 * are made under it together, so that the store has them in order.
 */
final class QueueEntry {
    final StoredMessage stored;
    final QueueId id;
    final long arrivedMillis;
    final Envelope envelope;
    final RecipientProgress[] recipients;

    /** Recipients that are not done. */
    int open;

    boolean held;
    boolean warned;
    boolean removed;

    /** Mail was put into a mailbox here, and no checkpoint has made it durable yet. */
    boolean inMailbox;

    /** The log has said that this message is in the queue. */
    boolean announced;

    /** When the message is looked at next, milliseconds since 1970. */
    long wakeMillis;

    QueueEntry(StoredMessage stored) {
        this.stored = stored;
        this.id = stored.id();
        this.arrivedMillis = stored.arrivedMillis();
        this.envelope = stored.envelope();
        this.held = stored.isHeld();
        this.warned = stored.isWarned();
        this.recipients = new RecipientProgress[envelope.recipients().size()];
        for (int i = 0; i < recipients.length; i++) {
            RecipientState state = stored.state(i);
            recipients[i] = new RecipientProgress(i, envelope.recipients().get(i), state);
            open += state.isDone() ? 0 : 1;
            inMailbox |= state.attempts().inMailbox();
        }
    }

    Instant arrived() {
        return Instant.ofEpochMilli(arrivedMillis);
    }

    long size() {
        return stored.size();
    }

    /** The sender as the log shows it, "" for the null sender. */
    String senderText() {
        return envelope.sender().map(Object::toString).orElse("");
    }

    List<RecipientProgress> pending() {
        return List.of(recipients).stream()
                .filter(recipient -> !recipient.isDone())
                .toList();
    }

    boolean isInDelivery() {
        for (RecipientProgress recipient : recipients) {
            if (recipient.outstanding > 0) {
                return true;
            }
        }
        return false;
    }

    /** The earliest time at which a recipient that is not in delivery is due, if there is any. */
    Optional<Long> due() {
        long earliest = Long.MAX_VALUE;
        for (RecipientProgress recipient : recipients) {
            if (recipient.outstanding == 0) {
                earliest = Math.min(earliest, recipient.nextMillis());
            }
        }
        return earliest == Long.MAX_VALUE ? Optional.empty() : Optional.of(earliest);
    }

    /** Has the store keep how far some recipients are. */
    void keep(List<RecipientProgress> changed) throws IOException {
        Map<Integer, RecipientState> states = HashMap.newHashMap(changed.size());
        for (RecipientProgress recipient : changed) {
            states.put(recipient.index, recipient.state());
        }
        stored.keepStates(states);
    }
}
