package org.posthorn.abuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.posthorn.testing.Eventually;

class CpuTurnsTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration NONE = Duration.ZERO;
    private static final Carriers NO_CARRIERS = new Carriers(1, count -> {});

    private final CpuTurns turns = new CpuTurns(1, NONE, NONE, () -> NO_CARRIERS);

    private Thread worker(String owner, List<String> order) {
        return Thread.ofVirtual().start(() -> {
            try (CpuTurn turn = turns.begin(owner, LONG, () -> {})) {
                turn.take();
                order.add(owner);
            }
        });
    }

    private void awaitWaiting(int count) throws InterruptedException {
        Eventually.await(() -> turns.waiting() >= count);
    }

    @Test
    void accountsTakeTurnsWhateverTheNumberOfTheirSessions() throws Exception {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        List<Thread> workers = new ArrayList<>();
        try (CpuTurn first = turns.begin("x", LONG, () -> {})) {
            first.take();
            for (String owner : List.of("many", "many", "many", "one", "other")) {
                workers.add(worker(owner, order));
                awaitWaiting(workers.size());
            }
        }
        for (Thread worker : workers) {
            worker.join();
        }
        assertThat(order).containsExactly("many", "one", "other", "many", "many");
    }

    @Test
    void workThatPausesLetsOthersGoFirst() throws Exception {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        try (CpuTurn turn = turns.begin("long", LONG, () -> {})) {
            turn.take();
            Thread other = worker("short", order);
            awaitWaiting(1);
            turn.pause();
            order.add("long");
            other.join();
        }
        assertThat(order).containsExactly("short", "long");
    }

    @Test
    void shortWorkTakesNoTurn() {
        CpuTurns patient = new CpuTurns(1, LONG, LONG, () -> NO_CARRIERS);
        try (CpuTurn all = patient.begin("a", LONG, () -> {});
                CpuTurn little = patient.begin("b", LONG, () -> {})) {
            all.take();
            little.pause();
        }
    }

    @Test
    void whatIsDoneBetweenRestsIsAddedUp() throws InterruptedException {
        CpuTurns impatient = new CpuTurns(1, LONG, Duration.ofNanos(1), () -> NO_CARRIERS);
        try (CpuTurn turn = impatient.begin("a", LONG, () -> {})) {
            turn.rest();
            turn.pause();
            turn.rest();
            turn.pause();
            // it has one now, and nobody else
            Thread other = Thread.ofVirtual()
                    .start(() -> impatient.begin("b", LONG, () -> {}).take());
            Eventually.await(() -> impatient.waiting() > 0);
            turn.rest();
            assertThatCode(other::join).doesNotThrowAnyException();
        }
    }

    @Test
    void turnsAreShort() {
        assertThat(CpuTurns.OF_PROCESS.sliceNanos()).isEqualTo(10_000_000);
        assertThat(CpuTurns.OF_PROCESS.graceNanos()).isEqualTo(2_000_000);
    }

    @Test
    void endsWhatTakesTooLong() {
        try (CpuTurn turn = turns.begin("a", NONE, () -> {})) {
            assertThatThrownBy(turn::pause).isInstanceOf(OverBudgetException.class);
        }
        turns.begin("b", LONG, () -> {}).take();
    }

    @Test
    void betweenSlicesTheWorkMayEnd() {
        AtomicInteger asked = new AtomicInteger();
        try (CpuTurn turn = turns.begin("a", LONG, () -> {
            asked.incrementAndGet();
            throw new IllegalStateException("gone");
        })) {
            turn.take();
            assertThatThrownBy(turn::pause).hasMessage("gone");
        }
        assertThat(asked).hasValue(1);
        turns.begin("b", LONG, () -> {}).take();
    }

    @Test
    void whoIsInterruptedLeavesTheQueue() throws Exception {
        try (CpuTurn turn = turns.begin("a", LONG, () -> {})) {
            turn.take();
            Thread waiting = worker("b", new ArrayList<>());
            awaitWaiting(1);
            waiting.interrupt();
            waiting.join();
            assertThat(turns.waiting()).isZero();
        }
        turns.begin("c", LONG, () -> {}).take();
    }
}
