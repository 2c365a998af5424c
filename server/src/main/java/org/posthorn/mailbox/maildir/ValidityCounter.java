package org.posthorn.mailbox.maildir;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.LongSupplier;

/**
 * Gives out UIDVALIDITY, which ascends over the whole account, so that a mailbox made anew under an old name is known for another (RFC
 * 3501 2.3.1.1): seconds since 1970, or more. Thread-safe.
 */
final class ValidityCounter {
    private final Index index;
    private final LongSupplier millis;

    @GuardedBy("this")
    private long last;

    ValidityCounter(Index index, LongSupplier millis) {
        this.index = index;
        this.millis = millis;
    }

    /** One larger than any that was given, or that stands in the index, or than {@code above}. */
    synchronized long next(long above) {
        last = Math.max(Math.max(Math.max(last, lastSaved()), above) + 1, millis.getAsLong() / 1000);
        return last;
    }

    private long lastSaved() {
        try {
            return index.lastValidity();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
