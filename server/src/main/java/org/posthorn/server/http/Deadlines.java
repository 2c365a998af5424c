package org.posthorn.server.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections on which a request does not come whole in time, however often an octet of it does. Jetty's own idle timeout begins
 * anew with each. Thread-safe.
 */
final class Deadlines {
    private final Scheduler scheduler;
    private final Duration patience;
    private final Map<EndPoint, Scheduler.Task> running = new ConcurrentHashMap<>();

    Deadlines(Scheduler scheduler, Duration patience) {
        this.scheduler = scheduler;
        this.patience = patience;
    }

    void begin(EndPoint client) {
        Scheduler.Task task = scheduler.schedule(
                () -> client.close(new TimeoutException("the request did not come within " + patience)),
                patience.toMillis(),
                TimeUnit.MILLISECONDS);
        cancel(running.put(client, task));
    }

    void end(EndPoint client) {
        cancel(running.remove(client));
    }

    private static void cancel(Scheduler.@Nullable Task task) {
        if (task != null) {
            task.cancel();
        }
    }
}
