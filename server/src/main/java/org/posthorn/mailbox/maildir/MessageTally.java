package org.posthorn.mailbox.maildir;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.posthorn.mailbox.MailboxException;

/**
 * Keeps messages below a limit without counting all of them for each that comes: they are counted anew after each hundredth of the
 * limit, 1,000 at most. Who is at the limit and removes some may go on after ten seconds. Thread-safe.
 */
final class MessageTally {
    private static final int MAX_STEP = 1_000;
    private static final long RECOUNT_MILLIS = TimeUnit.SECONDS.toMillis(10);

    /** Counts the messages there are. */
    interface Count {
        long messages() throws IOException;
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final int limit;
    private final int step;
    private final LongSupplier clock;

    @GuardedBy("lock")
    private long known;

    @GuardedBy("lock")
    private long since;

    @GuardedBy("lock")
    private boolean counted;

    @GuardedBy("lock")
    private long countedAt;

    /** @param clock milliseconds since 1970 */
    MessageTally(int limit, LongSupplier clock) {
        this.limit = limit;
        this.step = Math.clamp(limit / 100, 0, MAX_STEP);
        this.clock = clock;
    }

    /** Lets so many more come, or refuses them with {@code reason}. */
    void take(int more, Count count, MailboxException.Reason reason) throws IOException, MailboxException {
        lock.lock();
        try {
            boolean old = !counted || Math.abs(clock.getAsLong() - countedAt) >= RECOUNT_MILLIS;
            boolean unsure = since + more > step && (since > 0 || old);
            if (unsure || (old && known + since + more > limit)) {
                known = count.messages();
                since = 0;
                counted = true;
                countedAt = clock.getAsLong();
            }
            if (known + since + more > limit) {
                throw new MailboxException(reason, "More than " + limit + " messages");
            }
            since += more;
        } finally {
            lock.unlock();
        }
    }
}
