package org.posthorn.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.posthorn.testing.Eventually;

class FairQueueTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final FairQueue queue = new FairQueue(2);

    @Test
    void ownersAreServedInRounds() throws Exception {
        assertThat(queue.take("first", LONG)).isTrue();
        assertThat(queue.take("second", LONG)).isTrue();
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        List<Thread> waiting = new ArrayList<>();
        for (String owner : List.of("many", "many", "many", "one")) {
            waiting.add(Thread.ofVirtual().start(() -> {
                try {
                    queue.take(owner, LONG);
                    order.add(owner);
                } catch (InterruptedException e) {
                    order.add("interrupted");
                }
                queue.giveBack();
            }));
            Eventually.await(() -> queue.waiting() == waiting.size());
        }
        queue.giveBack();
        for (Thread thread : waiting) {
            thread.join();
        }
        assertThat(order).containsExactly("many", "one", "many", "many");
    }

    @Test
    void whoWaitedInVainHasNoPlace() throws Exception {
        assertThat(queue.take("a", LONG)).isTrue();
        assertThat(queue.take("a", LONG)).isTrue();
        assertThat(queue.take("b", Duration.ZERO)).isFalse();
        assertThat(queue.waiting()).isZero();
        queue.giveBack();
        assertThat(queue.take("c", Duration.ZERO)).isTrue();
    }
}
