package org.posthorn.interop;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/** Waits for what happens soon. */
final class Eventually {
    private Eventually() {}

    /** The first value that satisfies; an error with the last value after a minute. */
    static <T> T get(String what, Callable<T> value, Predicate<T> satisfied) throws Exception {
        return get(what, Duration.ofMinutes(1), value, satisfied);
    }

    static <T> T get(String what, Duration limit, Callable<T> value, Predicate<T> satisfied) throws Exception {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            T current = value.call();
            if (satisfied.test(current)) {
                return current;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain for " + what + "; last: " + current);
            }
            Thread.sleep(50);
        }
    }
}
