package org.posthorn.intake.authentication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.posthorn.testing.Eventually;

class PendingTest {
    private static long soon() {
        return System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    }

    @Test
    void givesTheResultAndItsPlaceBack() throws Exception {
        Semaphore room = new Semaphore(1);
        assertThat(Pending.start(room, () -> "found", "otherwise").await(soon()))
                .isEqualTo("found");
        Eventually.await(() -> room.availablePermits() == 1);
    }

    @Test
    void whatFailsIsTheOtherResultAndGivesItsPlaceBack() throws Exception {
        Semaphore room = new Semaphore(1);
        Pending<String> failing = Pending.start(
                room,
                () -> {
                    throw new IllegalStateException("broken");
                },
                "otherwise");
        assertThat(failing.await(soon())).isEqualTo("otherwise");
        Eventually.await(() -> room.availablePermits() == 1);
    }

    @Test
    void whereThereIsNoRoomNothingIsBegun() {
        AtomicBoolean begun = new AtomicBoolean();
        Semaphore room = new Semaphore(0);
        Pending<String> refused = Pending.start(
                room,
                () -> {
                    begun.set(true);
                    return "found";
                },
                "otherwise");
        assertThat(refused.await(soon())).isEqualTo("otherwise");
        assertThat(begun).isFalse();
        assertThat(room.availablePermits()).isZero();
    }

    @Test
    void goesOnBehindThoseWhoCouldNotWait() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        Semaphore room = new Semaphore(1);
        Pending<String> slow = Pending.start(
                room,
                () -> {
                    try {
                        gate.await();
                    } catch (InterruptedException e) {
                        return "interrupted";
                    }
                    return "found";
                },
                "otherwise");
        assertThat(slow.await(System.nanoTime())).isEqualTo("otherwise");
        assertThat(slow.await(System.nanoTime() - 1)).isEqualTo("otherwise");
        gate.countDown();
        assertThat(slow.await(soon())).isEqualTo("found");
        Eventually.await(() -> room.availablePermits() == 1);
    }

    @Test
    void whoIsInterruptedWaitsNoLongerAndStaysInterrupted() {
        CountDownLatch gate = new CountDownLatch(1);
        Pending<String> slow = Pending.start(
                new Semaphore(1),
                () -> {
                    try {
                        gate.await();
                    } catch (InterruptedException e) {
                        return "interrupted";
                    }
                    return "found";
                },
                "otherwise");
        Thread.currentThread().interrupt();
        assertThat(slow.await(soon())).isEqualTo("otherwise");
        assertThat(Thread.interrupted()).isTrue();
        gate.countDown();
    }
}
