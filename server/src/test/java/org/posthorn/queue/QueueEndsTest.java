package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.queue.spool.FileSpool;
import org.posthorn.testing.Eventually;

/** How the queue ends, and what is given back when. */
class QueueEndsTest {
    @TempDir
    private Path directory;

    private static String body(int size) {
        return "0123456789abcde\n".repeat(size / 16 + 1).substring(0, size);
    }

    private long largeFiles() throws IOException {
        try (var files = Files.list(directory.resolve("large"))) {
            return files.count();
        }
    }

    /** Without the mailboxes on the disk, its file is the only copy that a power loss leaves. */
    @Test
    void theFileOfADeliveredMessageStaysUntilTheMailboxesAreDurable() throws IOException {
        List<Long> filesAtSync = Collections.synchronizedList(new ArrayList<>());
        try (QueueBench queue = new QueueBench(directory).start()) {
            queue.localMail = () -> {
                throw new IOException("disk is ill");
            };
            queue.send(body(300_000), "a@far.test", "bob@here.test");
            queue.awaitEmpty();
            queue.awaitGone();
            assertThatThrownBy(() -> queue.spool.maintain()).isInstanceOf(IOException.class);
            assertThat(largeFiles()).isEqualTo(1);
            queue.localMail = () -> filesAtSync.add(largeFiles());
            queue.spool.maintain();
            assertThat(filesAtSync).containsExactly(1L);
            assertThat(largeFiles()).isZero();
            // Nothing has been delivered since: nothing to sync.
            queue.spool.maintain();
            assertThat(filesAtSync).hasSize(1);
        }
    }

    @Test
    void mailForElsewhereNeedsNoSyncOfMailboxes() throws IOException {
        List<Long> syncs = Collections.synchronizedList(new ArrayList<>());
        try (QueueBench queue = new QueueBench(directory).start()) {
            queue.spool.maintain();
            queue.localMail = () -> syncs.add(1L);
            queue.send(body(300_000), "a@here.test", "b@far.test");
            queue.awaitEmpty();
            queue.awaitGone();
            queue.spool.maintain();
            assertThat(largeFiles()).isZero();
            assertThat(syncs).isEmpty();
        }
    }

    @Test
    void saysWhetherItsThreadsLive() throws IOException {
        QueueBench queue = new QueueBench(directory).start();
        FileSpool spool = queue.spool;
        QueueRunner runner = queue.runner;
        assertThat(spool.writerAlive()).isTrue();
        assertThat(spool.maintenanceAlive()).isTrue();
        assertThat(runner.alive()).isTrue();
        queue.close();
        assertThat(spool.writerAlive()).isTrue();
        assertThat(spool.maintenanceAlive()).isTrue();
        assertThat(runner.alive()).isTrue();
    }

    @Test
    void deliveriesUnderWayComeToTheirEnd() throws Exception {
        CountDownLatch begun = new CountDownLatch(2);
        CountDownLatch gate = new CountDownLatch(1);
        QueueBench queue = new QueueBench(directory).start();
        queue.remote.onJob = job -> {
            begun.countDown();
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        queue.send("x", "a@here.test", "b@far.test");
        queue.send("y", "a@here.test", "c@far.test");
        begun.await();
        Thread closing = Thread.ofPlatform().start(() -> queue.runner.close(Duration.ofMinutes(1)));
        Eventually.await(() -> closing.getState() == Thread.State.TIMED_WAITING);
        gate.countDown();
        closing.join();
        assertThat(queue.remote.busy.get()).isZero();
        assertThat(queue.spool.messages()).isEmpty();
        queue.close();
    }

    /** The rest stays for the next start, which is told that it may have been delivered. */
    @Test
    void agentsThatDoNotEndAreInterrupted() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        try (QueueBench queue = new QueueBench(directory).start()) {
            queue.remote.onJob = job -> {
                begun.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                    throw new IllegalStateException(e);
                }
            };
            queue.send("x", "a@here.test", "b@far.test");
            // An agent at work has not got its job yet, and gets none any more once the queue is closed.
            begun.await();
            queue.runner.close(Duration.ZERO);
            interrupted.await();
            assertThat(queue.runner.metrics().busy()).isZero();
            queue.remote.onJob = job -> {};
            queue.restart();
            queue.advance(Duration.ofMinutes(6));
            queue.awaitEmpty();
            assertThat(queue.remote.got).hasSize(1);
            assertThat(queue.remote.got.getFirst().mayBeRepeat()).isTrue();
        }
    }

    @Test
    void anAgentThatAsksForNothingLeavesItsDestinationAlone() throws IOException {
        try (QueueBench queue = new QueueBench(directory).start()) {
            queue.remote.onStart = session -> {
                throw new IllegalStateException("a defect");
            };
            queue.local.onStart = queue.remote.onStart;
            QueueId id = queue.send("x", "a@here.test", "b@far.test", "bob@here.test");
            QueueBench.await(() -> queue.log.containing("destination-suspended").size() == 2);
            queue.awaitQuiet();
            assertThat(queue.log.containing("agent-failed")).hasSize(2);
            assertThat(queue.log.containing("destination-suspended"))
                    .allMatch(line -> line.contains("failures, 1, reason, the delivery was not finished"));
            QueueControl.RecipientStatus waiting =
                    queue.runner.control().show(id).orElseThrow().recipients().getFirst();
            assertThat(waiting.attempts()).isZero();
            assertThat(waiting.last().orElseThrow().text())
                    .isEqualTo("delivery temporarily suspended: the delivery was not finished");
            queue.remote.onStart = session -> {};
            queue.local.onStart = session -> {};
            queue.advance(Duration.ofMinutes(6));
            queue.awaitEmpty();
        }
    }

    /** A mailbox that is locked or full says nothing of the others: there is one behind each destination here. */
    @Test
    void mailboxesAreNeverLeftAlone() throws IOException {
        try (QueueBench queue = new QueueBench(directory).start()) {
            queue.local.answer = (destination, address) -> ScriptedAgent.unreachable();
            queue.send("x", "a@far.test", "bob@here.test");
            QueueBench.await(() -> queue.local.got.size() == 1);
            queue.awaitQuiet();
            queue.local.answer = (destination, address) -> ScriptedAgent.delivered();
            queue.send("y", "a@far.test", "bob@here.test");
            QueueBench.await(() -> queue.local.got.size() == 2);
            assertThat(queue.log.containing("destination-suspended")).isEmpty();
        }
    }
}
