package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueueControlTest {
    @TempDir
    Path directory;

    @Test
    void listsBySenderRecipientDestinationAndState() throws IOException {
        try (QueueBench queue = new QueueBench(directory).start()) {
            queue.remote.answer = (destination, address) -> ScriptedAgent.deferred();
            QueueId first = queue.send("x", "alice@here.test", "b@far.test");
            QueueId second = queue.send("x", "carol@here.test", "d@other.test");
            QueueBench.await(() -> queue.remote.got.size() == 2);
            queue.awaitQuiet();
            QueueControl control = queue.runner.control();
            assertThat(control.list("", 10).shown())
                    .extracting(QueueControl.Summary::id)
                    .containsExactly(first, second);
            assertThat(control.list("", 1).shown()).hasSize(1);
            assertThat(control.list("ALICE@", 10).shown())
                    .extracting(QueueControl.Summary::id)
                    .containsExactly(first);
            assertThat(control.list("other.test", 10).shown())
                    .extracting(QueueControl.Summary::id)
                    .containsExactly(second);
            assertThat(control.list("held", 10).shown()).isEmpty();
            assertThat(control.hold(second)).isTrue();
            assertThat(control.list("held", 10).shown())
                    .extracting(QueueControl.Summary::id)
                    .containsExactly(second);
            QueueControl.Summary summary = control.list("deferred", 10).shown().getFirst();
            assertThat(summary.reason()).isEqualTo("452 full");
            assertThat(summary.nextAttempt().orElseThrow())
                    .isBetween(queue.clock.instant(), queue.clock.instant().plus(Duration.ofMinutes(6)));
            assertThat(queue.runner.metrics().depth()).isEqualTo(new QueueMetrics.Depth(0, 1, 1));
            assertThat(queue.runner.metrics().remote().deferred()).isEqualTo(2);
        }
    }

    @Test
    void holdsAcrossRestartUntilReleased() throws IOException {
        try (QueueBench queue = new QueueBench(directory).start()) {
            queue.remote.answer = (destination, address) -> ScriptedAgent.deferred();
            QueueId id = queue.send("x", "a@here.test", "b@far.test");
            QueueBench.await(() -> queue.remote.got.size() == 1);
            queue.awaitQuiet();
            assertThat(queue.runner.control().hold(id)).isTrue();
            queue.restart();
            queue.remote.answer = (destination, address) -> ScriptedAgent.delivered();
            queue.advance(Duration.ofHours(9));
            QueueId other = queue.send("y", "a@here.test", "c@far.test");
            QueueBench.await(() -> queue.remote.got.size() == 2);
            assertThat(queue.remote.got.get(1).id()).isEqualTo(other);
            assertThat(queue.runner.control().flush()).isLessThanOrEqualTo(1);
            assertThat(queue.runner.control().release(id)).isTrue();
            queue.awaitEmpty();
            assertThat(queue.remote.got.getLast().id()).isEqualTo(id);
        }
    }

    @Test
    void retriesNowWhatWaitsForADestinationThatWasDead() throws IOException {
        try (QueueBench queue = new QueueBench(directory).start()) {
            queue.remote.answer = (destination, address) -> ScriptedAgent.unreachable();
            queue.send("x", "a@here.test", "b@dead.test");
            queue.send("x", "a@here.test", "b@other.test");
            QueueBench.await(() -> queue.remote.got.size() == 2);
            queue.awaitQuiet();
            queue.remote.answer = (destination, address) -> ScriptedAgent.delivered();
            assertThat(queue.runner.control().retryDestination("dead.test")).isEqualTo(1);
            QueueBench.await(() -> queue.spool.messages().size() == 1);
            assertThat(queue.runner.control().flush()).isEqualTo(1);
            queue.awaitEmpty();
        }
    }

    @Test
    void deletesWithoutAWordToTheSender() throws IOException {
        try (QueueBench queue = new QueueBench(directory).start()) {
            queue.remote.answer = (destination, address) -> ScriptedAgent.deferred();
            QueueId id = queue.send("x", "a@here.test", "b@far.test");
            QueueBench.await(() -> queue.remote.got.size() == 1);
            queue.awaitQuiet();
            assertThat(queue.runner.control().delete(id)).isTrue();
            assertThat(queue.runner.control().delete(id)).isFalse();
            assertThat(queue.runner.control().show(id)).isEmpty();
            queue.restart();
            assertThat(queue.spool.messages()).isEmpty();
            assertThat(queue.notices).isEmpty();
        }
    }

    @Test
    void retryWithoutARunningQueueIsDoneByTheNextStart() throws IOException {
        try (QueueBench queue = new QueueBench(directory).start()) {
            queue.remote.answer = (destination, address) -> ScriptedAgent.deferred();
            QueueId id = queue.send("x", "a@here.test", "b@far.test");
            QueueBench.await(() -> queue.remote.got.size() == 1);
            queue.awaitQuiet();
            queue.stop();
            queue.openSpool();
            QueueRunner idle = queue.idleRunner();
            assertThat(idle.control().retry(id)).isTrue();
            assertThat(idle.metrics().sessions()).isZero();
            queue.stop();
            queue.remote.answer = (destination, address) -> ScriptedAgent.delivered();
            queue.start();
            queue.awaitEmpty();
        }
    }

    @Test
    void knowsNoStrangers() throws IOException {
        try (QueueBench queue = new QueueBench(directory).start()) {
            QueueId stranger = new QueueId("ZZZZZZZZZZZ");
            assertThat(queue.runner.control().retry(stranger)).isFalse();
            assertThat(queue.runner.control().hold(stranger)).isFalse();
            assertThat(queue.runner.control().release(stranger)).isFalse();
            assertThat(queue.runner.control().show(stranger)).isEmpty();
        }
    }
}
