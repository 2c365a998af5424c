package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.posthorn.testing.MemoryQueueStore;

class RetryTimerTest {
    private final SettableClock clock = new SettableClock();
    private final List<String> woken = Collections.synchronizedList(new ArrayList<>());
    private final RetryTimer queue = new RetryTimer(
            clock,
            entry -> {
                woken.add(entry.id.text());
                if (entry.id.text().endsWith("X")) {
                    throw new IllegalStateException("a defect");
                }
            },
            (entry, cause) -> woken.add(entry.id.text() + " " + cause.getMessage()));

    private static QueueEntry entry(String id) {
        return new QueueEntry(
                MemoryQueueStore.message(new QueueId(id), QueueBench.envelope("a@here.test", "b@far.test")));
    }

    private long in(int seconds) {
        return clock.millis() + Duration.ofSeconds(seconds).toMillis();
    }

    private void advance(int seconds) {
        clock.advance(Duration.ofSeconds(seconds));
        queue.poke();
    }

    @AfterEach
    void close() {
        queue.close();
        assertThat(queue.alive()).isTrue();
    }

    @Test
    void wakesInTheOrderOfTheTimesAndNotBefore() {
        assertThat(queue.alive()).isTrue();
        queue.start();
        assertThat(queue.alive()).isTrue();
        queue.at(in(20), entry("0000000000B"));
        queue.at(in(10), entry("0000000000A"));
        queue.at(in(30), entry("0000000000C"));
        clock.advance(Duration.ofSeconds(10).minusMillis(1));
        queue.poke();
        // One that is due now: behind it the queue has looked at the others.
        queue.at(in(0), entry("00000000000"));
        QueueBench.await(() -> woken.size() == 1);
        clock.advance(Duration.ofMillis(1));
        queue.poke();
        QueueBench.await(() -> woken.size() == 2);
        advance(20);
        QueueBench.await(() -> woken.size() == 4);
        assertThat(woken).containsExactly("00000000000", "0000000000A", "0000000000B", "0000000000C");
    }

    @Test
    void theEarliestTimeOfAMessageCountsAndWakesItOnce() {
        QueueEntry later = entry("0000000000A");
        queue.at(in(10), later);
        queue.at(in(20), later);
        assertThat(later.wakeMillis).isEqualTo(in(10));
        QueueEntry sooner = entry("0000000000B");
        queue.at(in(20), sooner);
        queue.at(in(10), sooner);
        assertThat(sooner.wakeMillis).isEqualTo(in(10));
        queue.start();
        advance(10);
        QueueBench.await(() -> woken.size() == 2);
        advance(10);
        queue.at(in(0), entry("0000000000C"));
        QueueBench.await(() -> woken.contains("0000000000C"));
        assertThat(woken).containsExactlyInAnyOrder("0000000000A", "0000000000B", "0000000000C");
        assertThat(later.wakeMillis).isZero();
    }

    @Test
    void oneThatFailsHoldsUpNoOther() {
        queue.start();
        queue.at(in(0), entry("0000000000X"));
        queue.at(in(0), entry("0000000000Y"));
        QueueBench.await(() -> woken.contains("0000000000Y"));
        assertThat(woken).contains("0000000000X", "0000000000X a defect");
        assertThat(queue.alive()).isTrue();
    }

    @Test
    void moreThanAThousandAreWokenToo() {
        for (int i = 0; i < 1500; i++) {
            queue.at(in(1), entry("%011d".formatted(i)));
        }
        queue.start();
        advance(1);
        QueueBench.await(() -> woken.size() == 1500);
        assertThat(woken).doesNotHaveDuplicates();
    }

    @Test
    void afterItsEndNobodyIsWoken() throws InterruptedException {
        queue.start();
        queue.close();
        queue.at(in(0), entry("0000000000A"));
        queue.poke();
        assertThat(woken).isEmpty();
    }
}
