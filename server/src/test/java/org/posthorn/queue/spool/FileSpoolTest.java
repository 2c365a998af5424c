package org.posthorn.queue.spool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.mail.MessageContent;
import org.posthorn.queue.Draft;
import org.posthorn.queue.QueueBench;
import org.posthorn.queue.QueueConfig;
import org.posthorn.queue.QueueId;
import org.posthorn.queue.ScriptedAgent;
import org.posthorn.queue.StoredMessage;
import org.posthorn.storage.FaultyFiles;

class FileSpoolTest {
    @TempDir
    Path directory;

    private static String body(int size) {
        return "0123456789abcde\n".repeat(size / 16 + 1).substring(0, size);
    }

    private long largeFiles() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("large"))) {
            return files.count();
        }
    }

    @Test
    void hasRoomForWhatIsFreeAndForNoMore() throws IOException {
        try (QueueBench queue = new QueueBench(directory).openSpool()) {
            assertThat(queue.spool.hasRoomFor(0)).isTrue();
            assertThat(queue.spool.hasRoomFor(1 << 20)).isTrue();
            assertThat(queue.spool.hasRoomFor(1L << 60)).isFalse();
            assertThat(queue.spool.hasRoomFor(Long.MAX_VALUE)).isFalse();
        }
    }

    @Test
    void keepsLargeMessagesInFilesAndRemovesThemWhenDone() throws IOException {
        try (QueueBench queue = new QueueBench(directory).openSpool()) {
            String body = body(700_000);
            queue.send(body, "a@far.test", "bob@here.test");
            assertThat(largeFiles()).isEqualTo(1);
            queue.start();
            queue.awaitEmpty();
            assertThat(queue.local.got.getFirst().content()).isEqualTo("X-Prefix: yes\r\n" + body);
            queue.awaitGone();
            queue.spool.maintain();
            assertThat(largeFiles()).isZero();
        }
    }

    @Test
    void readsAnyPartOfMessagesInMemoryInTheLogAndInFiles() throws IOException {
        for (long memory : new long[] {0, 1 << 20}) {
            try (QueueBench queue =
                    new QueueBench(directory.resolve("m" + memory), by -> memory(by, memory)).openSpool()) {
                for (int size : new int[] {1, 1000, 300_000}) {
                    String body = body(size);
                    QueueId id = queue.send(body, "a@far.test", "bob@here.test");
                    String whole = "X-Prefix: yes\r\n" + body;
                    StoredMessage message = queue.spool.messages().stream()
                            .filter(each -> each.id().equals(id))
                            .findFirst()
                            .orElseThrow();
                    MessageContent content = message.use().orElseThrow().content();
                    assertThat(content.size()).isEqualTo(whole.length());
                    for (int[] range : new int[][] {{0, whole.length()}, {5, 20}, {16, 3}, {0, 4}, {14, 100_000}}) {
                        int from = Math.min(range[0], whole.length());
                        int to = Math.min(from + range[1], whole.length());
                        try (InputStream in = content.open(range[0], range[1])) {
                            assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo(whole.substring(from, to));
                        }
                    }
                    message.leave();
                }
                assertThat(queue.spool.memoryOctets()).isLessThanOrEqualTo(memory);
            }
        }
    }

    private static QueueConfig memory(QueueConfig by, long limit) {
        return new QueueConfig(
                by.directory(),
                by.inlineLimit(),
                limit,
                by.reserve(),
                by.log(),
                by.retryDelays(),
                by.lifetime(),
                by.bounceLifetime(),
                by.warnAfter(),
                by.remoteConcurrency(),
                by.remoteTotal(),
                by.localConcurrency(),
                by.localTotal());
    }

    @Test
    void showsADraftBeforeItIsCommitted() throws IOException {
        try (QueueBench queue = new QueueBench(directory).openSpool();
                Draft draft = queue.spool.begin()) {
            byte[] piece = body(1000).getBytes(UTF_8);
            for (int i = 0; i < 500; i++) {
                draft.write(piece, 0, piece.length);
                if (i == 3 || i == 400) {
                    MessageContent content = draft.content();
                    assertThat(content.size()).isEqualTo((i + 1) * 1000L);
                    try (InputStream in = content.open(i * 1000L, 1000)) {
                        assertThat(in.readAllBytes()).isEqualTo(piece);
                    }
                }
            }
            assertThat(draft.size()).isEqualTo(500_000);
        }
        assertThat(largeFiles()).isZero();
    }

    @Test
    void dropsDraftsThatWereNotCommitted() throws IOException {
        try (QueueBench queue = new QueueBench(directory)) {
            queue.openSpool();
            try (Draft draft = queue.spool.begin()) {
                byte[] bytes = body(300_000).getBytes(UTF_8);
                draft.write(bytes, 0, bytes.length);
                assertThat(largeFiles()).isEqualTo(1);
            }
            assertThat(largeFiles()).isZero();
            Files.writeString(directory.resolve("large/00000000000"), "left by a killed process");
            queue.restart();
            queue.spool.maintain();
            assertThat(largeFiles()).isZero();
            assertThat(queue.spool.messages()).isEmpty();
        }
    }

    @Test
    void givesSegmentsBackWhenAllInThemIsSettledAndDurable() throws IOException {
        AtomicInteger syncs = new AtomicInteger();
        try (QueueBench queue = new QueueBench(directory)) {
            queue.localMail = syncs::incrementAndGet;
            queue.start();
            for (int i = 0; i < 300; i++) {
                queue.send(body(4096), "a@far.test", "bob@here.test");
            }
            queue.awaitEmpty();
            queue.awaitGone();
            queue.spool.maintain();
            assertThat(queue.spool.logOctets()).isLessThanOrEqualTo(512 << 10);
            assertThat(syncs.get()).isBetween(1, 20);
        }
    }

    @Test
    void forgetsNothingWhileTheMailboxesCannotBeSynced() throws IOException {
        try (QueueBench queue = new QueueBench(directory)) {
            queue.localMail = () -> {
                throw new IOException("disk is ill");
            };
            queue.start();
            for (int i = 0; i < 200; i++) {
                queue.send(body(4096), "a@far.test", "bob@here.test");
            }
            queue.awaitEmpty();
            queue.awaitGone();
            assertThatThrownBy(() -> queue.spool.maintain()).isInstanceOf(IOException.class);
            assertThat(queue.spool.logOctets()).isGreaterThan(200 * 4096);
            queue.localMail = () -> {};
            queue.spool.maintain();
            assertThat(queue.spool.logOctets()).isLessThanOrEqualTo(512 << 10);
        }
    }

    @Test
    void movesLongLivedMessagesSoThatTheyHoldNoSegment() throws IOException {
        try (QueueBench queue = new QueueBench(directory).start()) {
            queue.remote.answer = (destination, address) -> ScriptedAgent.deferred();
            List<QueueId> slow = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                slow.add(queue.send("slow " + i, "a@here.test", "b@far" + i + ".test"));
                for (int fast = 0; fast < 50; fast++) {
                    queue.send(body(4096), "a@far.test", "bob@here.test");
                }
            }
            QueueBench.await(() -> queue.spool.messages().size() == slow.size());
            queue.awaitQuiet();
            for (int round = 0; round < 30; round++) {
                queue.spool.maintain();
            }
            assertThat(queue.spool.logOctets()).isLessThanOrEqualTo(1536 << 10);
            assertThat(queue.runner.control().hold(slow.get(7))).isTrue();
            queue.restart();
            queue.awaitQuiet();
            assertThat(queue.spool.messages()).hasSize(slow.size());
            assertThat(queue.remote.got).hasSize(slow.size());
            queue.remote.answer = (destination, address) -> ScriptedAgent.delivered();
            queue.advance(Duration.ofMinutes(6));
            QueueBench.await(() -> queue.spool.messages().size() == 1);
            assertThat(queue.runner
                            .control()
                            .list("held", 10)
                            .shown()
                            .getFirst()
                            .id())
                    .isEqualTo(slow.get(7));
            assertThat(queue.remote.got.stream().map(ScriptedAgent.Got::content))
                    .contains("X-Prefix: yes\r\nslow 3");
        }
    }

    @Test
    void refusesMessagesBelowTheReserveAndTakesThemAgain() throws IOException {
        long all = directory.toFile().getTotalSpace();
        try (QueueBench queue = new QueueBench(directory, by -> reserve(by, all)).openSpool()) {
            assertThatThrownBy(() -> queue.spool.begin())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no room");
        }
        try (QueueBench queue = new QueueBench(directory, by -> reserve(by, 1)).openSpool()) {
            assertThat(queue.send("x", "a@far.test", "bob@here.test").text()).hasSize(11);
        }
    }

    private static QueueConfig reserve(QueueConfig by, long reserve) {
        return new QueueConfig(
                by.directory(),
                by.inlineLimit(),
                by.memoryLimit(),
                reserve,
                by.log(),
                by.retryDelays(),
                by.lifetime(),
                by.bounceLifetime(),
                by.warnAfter(),
                by.remoteConcurrency(),
                by.remoteTotal(),
                by.localConcurrency(),
                by.localTotal());
    }

    @Test
    void failedSyncFailsTheCommitAndTheMessageStaysAway() throws IOException {
        FaultyFiles files = new FaultyFiles();
        try (QueueBench queue = new QueueBench(directory)) {
            queue.opener = files;
            queue.openSpool();
            QueueId good = queue.send("good", "a@far.test", "bob@here.test");
            files.syncsFail = true;
            assertThatThrownBy(() -> queue.send("refused", "a@far.test", "bob@here.test"))
                    .isInstanceOf(IOException.class);
            files.syncsFail = false;
            QueueId later = sendSoon(queue, "later");
            queue.restart();
            queue.awaitEmpty();
            assertThat(queue.local.got.stream().map(ScriptedAgent.Got::id)).containsExactlyInAnyOrder(good, later);
            assertThat(queue.log.containing("segment-abandoned")).isNotEmpty();
        }
    }

    @Test
    void fullDiskIsAnErrorBeforeTheCommitAndPasses() throws IOException {
        FaultyFiles files = new FaultyFiles();
        try (QueueBench queue = new QueueBench(directory)) {
            queue.opener = files;
            queue.start();
            queue.send("before", "a@far.test", "bob@here.test");
            files.noRoom = true;
            assertThatThrownBy(() -> queue.send("full", "a@far.test", "bob@here.test"))
                    .isInstanceOf(IOException.class);
            files.noRoom = false;
            sendSoon(queue, "after");
            queue.awaitEmpty();
            assertThat(queue.local.got.stream().map(ScriptedAgent.Got::content))
                    .containsExactlyInAnyOrder("X-Prefix: yes\r\nbefore", "X-Prefix: yes\r\nafter");
        }
    }

    private static QueueId sendSoon(QueueBench queue, String body) throws IOException {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (true) {
            try {
                return queue.send(body, "a@far.test", "bob@here.test");
            } catch (IOException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
        }
    }

    @Test
    void neverGivesAnIdTwiceThoughTheClockIsSetBack() throws IOException {
        Set<QueueId> ids = new HashSet<>();
        try (QueueBench queue = new QueueBench(directory).start()) {
            for (int round = 0; round < 5; round++) {
                for (int i = 0; i < 100; i++) {
                    assertThat(ids.add(queue.send("x", "a@far.test", "bob@here.test")))
                            .isTrue();
                }
                queue.awaitEmpty();
                queue.spool.maintain();
                queue.clock.advance(Duration.ofDays(-1));
                queue.restart();
            }
        }
    }

    @Test
    void givesOutNothingOfAMessageWhoseFileIsGone() throws IOException {
        try (QueueBench queue = new QueueBench(directory).openSpool()) {
            QueueId id = queue.send(body(300_000), "a@far.test", "bob@here.test");
            Files.delete(directory.resolve("large").resolve(id.text()));
            queue.restart();
            assertThat(queue.spool.messages()).isEmpty();
            assertThat(queue.log.containing("message-file-missing")).hasSize(1);
        }
    }

    /** Mailboxes that lose at power loss what was not made durable. */
    private static final class Mailboxes {
        final Set<String> present = ConcurrentHashMap.newKeySet();
        final Set<String> durable = ConcurrentHashMap.newKeySet();

        private boolean off;

        synchronized void makeDurable() throws IOException {
            if (off) {
                throw new IOException("no power");
            }
            durable.addAll(present);
        }

        synchronized void powerOn() {
            off = false;
        }

        synchronized void losePower() {
            off = true;
            present.retainAll(durable);
        }
    }

    @Tag("long")
    @Test
    void everyCommittedMessageOutlivesThePower() throws IOException {
        for (int seed = 0; seed < 10; seed++) {
            Random random = new Random(seed);
            FaultyFiles files = new FaultyFiles();
            Mailboxes mailboxes = new Mailboxes();
            Set<String> committed = new HashSet<>();
            QueueBench queue = new QueueBench(directory.resolve("power" + seed));
            queue.opener = files;
            queue.localMail = mailboxes::makeDurable;
            for (int life = 0; life < 3; life++) {
                mailboxes.powerOn();
                queue.boot = "boot-" + life;
                deliverInto(queue, mailboxes);
                queue.start();
                for (int i = 0; i < 40; i++) {
                    String body = seed + "/" + life + "/" + i;
                    queue.send(body + "\n" + body(random.nextInt(6000)), "a@far.test", "bob@here.test");
                    committed.add("X-Prefix: yes\r\n" + body);
                    if (random.nextInt(25) == 0) {
                        queue.spool.maintain();
                    }
                }
                int share = random.nextInt(4);
                queue.runner.close(Duration.ofSeconds(5));
                mailboxes.losePower();
                files.losePower(sector -> random.nextInt(4) < share);
                queue.spool.abandonForTest();
                queue.spool = null;
            }
            mailboxes.powerOn();
            queue.boot = "boot-last";
            deliverInto(queue, mailboxes);
            queue.start();
            queue.awaitEmpty();
            committed.removeAll(mailboxes.present);
            assertThat(committed).as("lost with seed %d", seed).isEmpty();
            queue.close();
        }
    }

    private static void deliverInto(QueueBench queue, Mailboxes mailboxes) {
        queue.local.onContent = (content, repeat) -> {
            boolean fresh = mailboxes.present.add(content.substring(0, content.indexOf('\n', 16)));
            assertThat(fresh || repeat).as("delivered twice without a warning").isTrue();
        };
    }

    @Test
    void repeatsLocalDeliveriesAfterAPowerLossOnlyUpToTheCheckpoint() throws IOException {
        QueueBench queue = new QueueBench(directory).start();
        queue.send("one", "a@far.test", "bob@here.test");
        queue.awaitEmpty();
        queue.spool.maintain();
        queue.send("two", "a@far.test", "bob@here.test");
        queue.awaitEmpty();
        queue.runner.close(Duration.ofSeconds(5));
        QueueBench.await(() -> queue.spool.syncs() > 0);
        queue.spool.abandonForTest();
        queue.spool = null;
        queue.local.got.clear();
        queue.boot = "boot-2";
        queue.start();
        queue.awaitEmpty();
        assertThat(queue.local.got)
                .extracting(ScriptedAgent.Got::content, ScriptedAgent.Got::mayBeRepeat)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("X-Prefix: yes\r\ntwo", true));
        queue.close();
    }

    @Test
    void trustsThePageCacheWhileTheKernelRuns() throws IOException {
        QueueBench queue = new QueueBench(directory).start();
        queue.send("one", "a@far.test", "bob@here.test");
        queue.awaitEmpty();
        queue.runner.close(Duration.ofSeconds(5));
        queue.spool.abandonForTest();
        queue.spool = null;
        queue.local.got.clear();
        queue.start();
        queue.awaitEmpty();
        assertThat(queue.local.got).isEmpty();
        queue.close();
    }
}
