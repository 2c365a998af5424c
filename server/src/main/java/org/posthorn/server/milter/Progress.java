package org.posthorn.server.milter;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Tells the MTA at intervals that something is still under way, so that its own time limit (Postfix: milter_content_timeout) begins
 * anew.
 */
record Progress(Duration interval, Signal signal) {
    /** Sends SMFIR_PROGRESS at once. */
    interface Signal {
        void send() throws IOException;
    }

    /**
     * Does the work on another thread while this one tells.
     *
     * @throws IOException the MTA is gone; the work goes on to its end, of which nobody hears
     */
    <T> T during(Callable<T> work) throws IOException {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofVirtual().name("milter-judging").start(task);
        while (true) {
            try {
                return task.get(interval.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                signal.send();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            } catch (ExecutionException e) {
                throw new IllegalStateException("a message could not be judged", e.getCause());
            }
        }
    }
}
