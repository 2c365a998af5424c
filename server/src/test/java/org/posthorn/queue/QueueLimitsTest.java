package org.posthorn.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.mail.Address;
import org.posthorn.queue.spool.FileSpool;
import org.posthorn.testing.WatchedFiles;

/** The numbers of the queue, each just met and just exceeded. */
class QueueLimitsTest {
    @TempDir
    private Path directory;

    /** Connections, sizes and times of a test's own. */
    private static final class Settings {
        long inline = 131_072;
        long memory = 33_554_432;
        List<Duration> delays = List.of(Duration.ofHours(10));
        Duration lifetime = Duration.ofDays(5);
        Duration bounceLifetime = Duration.ofDays(1);
        Duration warnAfter = Duration.ofHours(4);
        int remoteConcurrency = 5;
        int remoteTotal = 100;

        QueueConfig change(QueueConfig by) {
            return new QueueConfig(
                    by.directory(),
                    inline,
                    memory,
                    by.reserve(),
                    by.log(),
                    delays,
                    lifetime,
                    bounceLifetime,
                    warnAfter,
                    remoteConcurrency,
                    remoteTotal,
                    by.localConcurrency(),
                    by.localTotal());
        }
    }

    private final Settings settings = new Settings();

    private QueueBench bench() {
        return new QueueBench(directory, settings::change);
    }

    private static void hold(ScriptedAgent agent, CountDownLatch gate) {
        agent.onJob = job -> {
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    @Test
    void fiveConnectionsToADestinationAndTwoDeliveriesToAnAccount() throws IOException {
        CountDownLatch gate = new CountDownLatch(1);
        try (QueueBench queue = bench().start()) {
            hold(queue.remote, gate);
            hold(queue.local, gate);
            for (int i = 0; i < 12; i++) {
                queue.send("x", "a@here.test", "b" + i + "@far.test");
                queue.send("x", "a@here.test", "bob@here.test");
            }
            QueueBench.await(() -> queue.remote.busy.get() == 5 && queue.local.busy.get() == 2);
            assertThat(queue.runner.metrics().busy()).isEqualTo(7);
            assertThat(queue.runner.metrics().destinations()).isEqualTo(2);
            assertThat(queue.runner.metrics().depth()).isEqualTo(new QueueMetrics.Depth(24, 0, 0));
            assertThat(queue.runner.control().list("active", 1).total()).isEqualTo(24);
            gate.countDown();
            queue.awaitEmpty();
            queue.awaitGone();
            assertThat(queue.remote.mostBusy.get()).isEqualTo(5);
            assertThat(queue.local.mostBusy.get()).isEqualTo(2);
            assertThat(queue.runner.metrics().destinations()).isZero();
            assertThat(queue.runner.metrics().accepted()).isEqualTo(24);
            assertThat(queue.runner.metrics().removed()).isEqualTo(24);
            assertThat(queue.runner.metrics().remote().delivered()).isEqualTo(12);
            assertThat(queue.runner.metrics().local().delivered()).isEqualTo(12);
            assertThat(queue.runner.metrics().sessions())
                    .isEqualTo(queue.remote.sessions.get() + queue.local.sessions.get());
        }
    }

    @Test
    void destinationsWaitForEachOtherBeyondTheTotal() throws IOException {
        settings.remoteConcurrency = 2;
        settings.remoteTotal = 3;
        CountDownLatch gate = new CountDownLatch(1);
        try (QueueBench queue = bench().start()) {
            hold(queue.remote, gate);
            for (int i = 0; i < 12; i++) {
                queue.send("x", "a@here.test", "b@far" + i % 4 + ".test");
            }
            QueueBench.await(() -> queue.remote.busy.get() == 3);
            assertThat(queue.runner.metrics().busy()).isEqualTo(3);
            gate.countDown();
            queue.awaitEmpty();
            assertThat(queue.remote.mostBusy.get()).isEqualTo(3);
        }
    }

    /** RFC 5321 4.5.3.1.8. */
    @Test
    void aJobHasAThousandAddresses() throws IOException {
        List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
        try (QueueBench queue = bench().start()) {
            queue.remote.onJob = job -> sizes.add(job.recipients().size());
            String[] recipients = IntStream.range(0, 2001)
                    .mapToObj(i -> "u" + i + "@far.test")
                    .toArray(String[]::new);
            queue.send("x", "a@here.test", recipients);
            queue.awaitEmpty();
            assertThat(sizes).containsExactlyInAnyOrder(1000, 1000, 1);
        }
    }

    @Test
    void anAliasLeadsToTenThousandAddresses() throws IOException {
        List<Router.Hop> hops = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            hops.add(new Router.Hop(Destination.smtp("far.test"), Address.parse("u" + i + "@far.test")));
        }
        try (QueueBench queue = bench().start()) {
            queue.router = address -> new Router.Route.To(hops);
            queue.send("x", "a@here.test", "all@here.test");
            queue.awaitEmpty();
            assertThat(queue.remote.got).hasSize(10_000);
            hops.add(new Router.Hop(Destination.mailbox("b@here.test"), Address.parse("b@here.test")));
            QueueId id = queue.send("x", "a@here.test", "all@here.test");
            queue.awaitEmpty();
            assertThat(queue.remote.got).hasSize(10_000);
            assertThat(queue.notices)
                    .containsExactly(new QueueBench.Notice("failed", id, List.of("all@here.test"), List.of("5.4.6")));
        }
    }

    private static QueueId defer(QueueBench queue, String sender) throws IOException {
        queue.remote.answer = (destination, address) -> ScriptedAgent.deferred();
        int before = queue.remote.got.size();
        QueueId id = queue.send("x", sender, "b@far.test");
        QueueBench.await(() -> queue.remote.got.size() == before + 1);
        queue.awaitQuiet();
        return id;
    }

    @Test
    void theLastAttemptIsAtTheEndOfTheLifetime() throws IOException {
        settings.lifetime = Duration.ofHours(3);
        settings.warnAfter = Duration.ZERO;
        try (QueueBench queue = bench().start()) {
            QueueId id = defer(queue, "a@here.test");
            queue.advance(Duration.ofHours(3).minusMillis(1));
            assertThat(queue.runner.control().list("deferred", 1).total()).isEqualTo(1);
            assertThat(queue.runner
                            .control()
                            .show(id)
                            .orElseThrow()
                            .recipients()
                            .getFirst()
                            .nextAttempt())
                    .contains(queue.clock.instant().plusMillis(1));
            queue.advance(Duration.ofMillis(1));
            queue.awaitEmpty();
            assertThat(queue.remote.got).hasSize(2);
            assertThat(queue.notices)
                    .containsExactly(new QueueBench.Notice("failed", id, List.of("b@far.test"), List.of("4.4.7")));
            assertThat(queue.log.containing("delivery time expired: 452 full")).isEmpty();
        }
    }

    @Test
    void mailOfTheNullSenderHasALifetimeOfItsOwnAndIsNeverWarnedOf() throws IOException {
        settings.bounceLifetime = Duration.ofHours(6);
        settings.warnAfter = Duration.ofHours(1);
        try (QueueBench queue = bench().start()) {
            defer(queue, "");
            queue.advance(Duration.ofHours(6).minusMillis(1));
            assertThat(queue.spool.messages()).hasSize(1);
            queue.advance(Duration.ofMillis(1));
            queue.awaitEmpty();
            assertThat(queue.notices).isEmpty();
            assertThat(queue.log.containing("not-returned")).hasSize(1);
        }
    }

    @Test
    void warnsFromItsTimeOnAndOnce() throws IOException {
        settings.warnAfter = Duration.ofHours(2);
        try (QueueBench queue = bench().start()) {
            QueueId id = defer(queue, "a@here.test");
            for (Duration by : List.of(Duration.ofHours(2).minusMillis(1), Duration.ofMillis(1), Duration.ofHours(1))) {
                queue.clock.advance(by);
                int before = queue.remote.got.size();
                assertThat(queue.notices).hasSizeLessThanOrEqualTo(1);
                assertThat(queue.runner.control().retry(id)).isTrue();
                QueueBench.await(() -> queue.remote.got.size() == before + 1);
                queue.awaitQuiet();
                if (by.equals(Duration.ofHours(2).minusMillis(1))) {
                    assertThat(queue.notices).isEmpty();
                }
            }
            QueueBench.Notice delayed = new QueueBench.Notice("delayed", id, List.of("b@far.test"), List.of("4.2.2"));
            assertThat(queue.notices).containsExactly(delayed);
            // Kept over a restart.
            queue.restart();
            int before = queue.remote.got.size();
            assertThat(queue.runner.control().retry(id)).isTrue();
            QueueBench.await(() -> queue.remote.got.size() == before + 1);
            queue.awaitQuiet();
            assertThat(queue.notices).containsExactly(delayed);
        }
    }

    @Test
    void aWarningThatCouldNotBeKeptIsTriedAgain() throws IOException {
        settings.warnAfter = Duration.ofHours(1);
        try (QueueBench queue = bench().start()) {
            QueueId id = defer(queue, "a@here.test");
            queue.clock.advance(Duration.ofHours(1));
            queue.noticesFail = true;
            for (int attempt = 2; attempt <= 3; attempt++) {
                int wanted = attempt;
                assertThat(queue.runner.control().retry(id)).isTrue();
                QueueBench.await(() -> queue.remote.got.size() == wanted);
                queue.awaitQuiet();
                queue.noticesFail = false;
            }
            assertThat(queue.log.containing("warning-not-kept")).hasSize(1);
            assertThat(queue.notices).hasSize(1);
        }
    }

    @Test
    void whatIsLargerThanTheInlineLimitHasAFileThatIsDurableBeforeTheMessageIsTaken() throws IOException {
        settings.inline = 1000;
        WatchedFiles files = new WatchedFiles(directory);
        try (QueueBench queue = new QueueBench(files.root(), settings::change).openSpool()) {
            queue.send("x".repeat(1000), "a@far.test", "bob@here.test");
            assertThat(files.events()).noneMatch(event -> event.contains("large"));
            try (var names = Files.list(directory.resolve("large"))) {
                assertThat(names).isEmpty();
            }
            int before = files.events().size();
            QueueId id = queue.send("x".repeat(1001), "a@far.test", "bob@here.test");
            List<String> events = files.events().subList(before, files.events().size()).stream()
                    .filter(event -> !event.equals("sync log"))
                    .map(event -> event.replaceAll("[0-9]+\\.log", "SEGMENT"))
                    .distinct()
                    .toList();
            assertThat(events).containsExactly("sync large/" + id, "sync large", "sync log/SEGMENT");
            assertThat(directory.resolve("large/" + id)).hasContent("x".repeat(1001));
        }
    }

    @Test
    void messagesStayInMemoryUpToTheLimit() throws IOException {
        // The prefix has 15 octets.
        settings.memory = 115;
        try (QueueBench queue = bench().openSpool()) {
            queue.send("x".repeat(101), "a@far.test", "bob@here.test");
            assertThat(queue.spool.memoryOctets()).isZero();
            queue.send("x".repeat(100), "a@far.test", "bob@here.test");
            assertThat(queue.spool.memoryOctets()).isEqualTo(115);
            queue.send("x", "a@far.test", "bob@here.test");
            assertThat(queue.spool.memoryOctets()).isEqualTo(115);
            queue.start();
            queue.awaitEmpty();
            queue.awaitGone();
            assertThat(queue.spool.memoryOctets()).isZero();
            assertThat(queue.spool.liveOctets()).isZero();
        }
    }

    @Test
    void whatWaitsTakesNoMemory() throws IOException {
        try (QueueBench queue = bench().start()) {
            defer(queue, "a@here.test");
            assertThat(queue.spool.memoryOctets()).isZero();
            assertThat(queue.spool.liveOctets()).isPositive();
        }
    }

    @Test
    void aDraftThatHasEndedTakesNothing() throws IOException {
        try (QueueBench queue = bench().openSpool()) {
            Draft draft = queue.spool.begin();
            assertThatThrownBy(() -> draft.commit(
                            new org.posthorn.mail.Envelope(java.util.Optional.empty(), List.of(), false, false),
                            new byte[0]))
                    .isInstanceOf(IOException.class)
                    .hasMessage("no recipients");
            draft.write("text".getBytes(UTF_8), 0, 4);
            draft.commit(QueueBench.envelope("a@far.test", "bob@here.test"), new byte[0]);
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> draft.write(new byte[1], 0, 1))
                        .isInstanceOf(IOException.class)
                        .hasMessage("the draft has ended");
                assertThatThrownBy(() -> draft.commit(QueueBench.envelope("a@far.test", "bob@here.test"), new byte[0]))
                        .isInstanceOf(IOException.class)
                        .hasMessage("the draft has ended");
                draft.close();
            }
            assertThat(queue.spool.messages()).hasSize(1);
            FileSpool spool = queue.spool;
            queue.stop();
            assertThatThrownBy(spool::begin).isInstanceOf(IOException.class).hasMessage("the spool is closed");
        }
    }
}
