package org.posthorn.intake.authentication;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Something that is being found out on a virtual thread. */
final class Pending<T> {
    private final FutureTask<T> task;
    private final T otherwise;

    private Pending(FutureTask<T> task, T otherwise) {
        this.task = task;
        this.otherwise = otherwise;
    }

    /** Begins, unless too many are under way; then the result is {@code otherwise}. */
    static <T> Pending<T> start(Semaphore room, Supplier<T> work, T otherwise) {
        if (!room.tryAcquire()) {
            FutureTask<T> never = new FutureTask<>(() -> otherwise);
            never.run();
            return new Pending<>(never, otherwise);
        }
        FutureTask<T> task = new FutureTask<>(work::get);
        Thread.ofVirtual().name("authentication").start(() -> {
            try {
                task.run();
            } finally {
                room.release();
            }
        });
        return new Pending<>(task, otherwise);
    }

    /** Waits, but not beyond a time of {@link System#nanoTime}; {@code otherwise} where it failed or took too long. */
    T await(long deadline) {
        try {
            return task.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return otherwise;
        } catch (ExecutionException | TimeoutException e) {
            // It goes on to its own time limit: others may wait for the same answer.
            return otherwise;
        }
    }
}
