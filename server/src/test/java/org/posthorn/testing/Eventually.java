package org.posthorn.testing;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what another thread does. */
public final class Eventually {
    private static final Duration LIMIT = Duration.ofMillis(2L * Patience.millis());

    private Eventually() {}

    /**
     * Looks until it is so.
     *
     * @throws AssertionError it was not within a minute, 10 s where mutants are tried
     */
    public static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("did not happen within " + LIMIT.toSeconds() + " s");
            }
            Thread.sleep(2);
        }
    }
}
