package org.posthorn.server.imap;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongFunction;
import org.posthorn.mailbox.Change;
import org.posthorn.mailbox.ChangeFeed;

/** The changes of an account in memory, of which the last thousand are kept. */
final class MemoryFeed implements ChangeFeed {
    private static final int KEPT = 1_000;

    private final List<Change> log = new ArrayList<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private long modSeq = 1;
    private long complete = 1;

    /** Gives a change its number. */
    synchronized long publish(LongFunction<Change> change) {
        modSeq++;
        log.add(change.apply(modSeq));
        if (log.size() > KEPT) {
            complete = log.removeFirst().modSeq();
        }
        return modSeq;
    }

    /** Call without locks. */
    void announce() {
        listeners.forEach(Runnable::run);
    }

    @Override
    public synchronized long modSeq() {
        return modSeq;
    }

    @Override
    public synchronized Optional<List<Change>> since(long point) {
        return point < complete || point > modSeq
                ? Optional.empty()
                : Optional.of(
                        log.stream().filter(change -> change.modSeq() > point).toList());
    }

    @Override
    public Closeable listen(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
