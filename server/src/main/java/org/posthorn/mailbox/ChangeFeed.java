package org.posthorn.mailbox;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** All changes of an account, in all its mailboxes, in one order. Thread-safe. */
public interface ChangeFeed {
    /**
     * The number of the latest change, after a look at what other programs have done (at most once a second). It never goes back, not across a
     * restart or a crash either.
     */
    long modSeq() throws IOException;

    /**
     * The changes after one that {@link #modSeq} or an earlier call told, in their order, after a look as for {@code modSeq}; at most 1,024.
     * Empty when that is too long ago, or not known: whoever asks must look at everything anew, from {@code modSeq} on.
     */
    Optional<List<Change>> since(long modSeq) throws IOException;

    /**
     * Calls back after each change, and where there may be one, from the changing thread and without locks held: return at once, throw
     * nothing. Changes by other programs call back only in mailboxes that somebody has open.
     *
     * @return ends it
     */
    Closeable listen(Runnable listener);
}
