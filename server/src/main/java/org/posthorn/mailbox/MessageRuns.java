package org.posthorn.mailbox;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * The messages of a mailbox from a UID on, ascending, read in runs of 1,000, so that a large mailbox is never in memory a second time. What
 * comes or goes meanwhile is among them or not; none is met twice. Used by one thread.
 */
public final class MessageRuns implements Iterator<Message> {
    private static final int RUN = 1_000;

    private final Mailbox mailbox;
    private List<Message> run;
    private int next;

    private MessageRuns(Mailbox mailbox, long from) {
        this.mailbox = mailbox;
        this.run = mailbox.messagesFrom(from, RUN);
    }

    /** All of them. */
    public static Iterable<Message> of(Mailbox mailbox) {
        return from(mailbox, 1);
    }

    /** Those from this UID on. */
    public static Iterable<Message> from(Mailbox mailbox, long uid) {
        return () -> new MessageRuns(mailbox, uid);
    }

    @Override
    public boolean hasNext() {
        if (next == run.size() && run.size() == RUN) {
            run = mailbox.messagesFrom(run.getLast().uid() + 1, RUN);
            next = 0;
        }
        return next < run.size();
    }

    @Override
    public Message next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return run.get(next++);
    }
}
