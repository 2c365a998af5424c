package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is deferred while the clock goes back. */
class ClockSetBackTest {
    @TempDir
    Path directory;

    /** A machine without a battery starts in the wrong year, and mail deferred then must not wait for it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void waitsForNoTimeThatTheClockWasAt(boolean restart) throws IOException {
        try (QueueBench queue = new QueueBench(directory).start()) {
            queue.remote.answer = (destination, address) -> ScriptedAgent.unreachable();
            queue.send("x\r\n", "a@here.test", "b@far.test");
            QueueBench.await(() -> queue.remote.got.size() == 1);
            queue.awaitQuiet();
            queue.remote.answer = (destination, address) -> ScriptedAgent.delivered();
            queue.advance(Duration.ofDays(-365));
            if (restart) {
                queue.restart();
            }
            queue.awaitEmpty();
            assertThat(queue.remote.got).hasSize(2);
        }
    }

    /** As time servers do it. */
    @Test
    void keepsToItsScheduleWhereTheClockGoesBackALittle() throws IOException {
        try (QueueBench queue = new QueueBench(directory).start()) {
            queue.remote.answer = (destination, address) -> ScriptedAgent.deferred();
            queue.send("x\r\n", "a@here.test", "b@far.test");
            QueueBench.await(() -> queue.remote.got.size() == 1);
            queue.awaitQuiet();
            queue.advance(Duration.ofSeconds(-90));
            queue.awaitQuiet();
            assertThat(queue.remote.got).hasSize(1);
            queue.advance(Duration.ofMinutes(8));
            QueueBench.await(() -> queue.remote.got.size() == 2);
        }
    }
}
