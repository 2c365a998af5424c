package org.posthorn.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.posthorn.testing.Eventually;

/** What the log says and does when things go wrong. */
class CommitLogTroubleTest extends CommitLogBench {
    @Test
    void aWaitThatIsInterruptedEndsWithTheTruth() throws Exception {
        try (CommitLog log = started(SMALL)) {
            AtomicReference<Boolean> still = new AtomicReference<>();
            AtomicReference<LogPosition> place = new AtomicReference<>();
            Thread thread = Thread.ofPlatform().start(() -> {
                Thread.currentThread().interrupt();
                try {
                    place.set(keep(log, "one"));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
                still.set(Thread.currentThread().isInterrupted());
            });
            thread.join();
            assertThat(new String(log.readAll(place.get()), UTF_8)).isEqualTo("one");
            assertThat(still.get()).isTrue();
        }
    }

    @Test
    void whatIsPlacedNowhereAndWhatFailsSaysWhy() {
        PendingRecord failed = new PendingRecord(1, PendingRecord.Kind.KEPT, new byte[] {1});
        failed.fail(new IOException("disk is ill"));
        failed.done();
        assertThatThrownBy(failed::await).isInstanceOf(IOException.class).hasMessage("not made durable: disk is ill");
        PendingRecord nowhere = new PendingRecord(1, PendingRecord.Kind.KEPT, new byte[] {1});
        assertThat(nowhere.isPlaced()).isFalse();
        nowhere.done();
        assertThatThrownBy(nowhere::await).isInstanceOf(IOException.class).hasMessage("not made durable: ");
        PendingRecord placed = new PendingRecord(1, PendingRecord.Kind.KEPT, new byte[] {1});
        placed.at(new LogPosition(1, 16, 1));
        assertThat(placed.isPlaced()).isTrue();
    }

    @Test
    void saysWhatIsDamagedAndWhatIsTorn() throws IOException {
        LogPosition bad;
        LogPosition last;
        try (CommitLog log = started(SMALL)) {
            bad = keep(log, "spoilt");
            keep(log, "good");
            last = keep(log, "torn");
        }
        assertThat(told.lines()).isEmpty();
        Path segment = directory.resolve("0000000000000001.log");
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            file.seek(bad.offset());
            file.write('S');
            file.seek(last.offset());
            file.write('T');
        }
        try (CommitLog _ = open(SMALL, files)) {
            assertThat(replayed).containsExactly("1:good");
        }
        assertThat(told.lines())
                .containsExactly(
                        "spool : log-damaged [segment, " + segment + ", from, " + (bad.offset() - 16) + ", to, "
                                + (bad.offset() + 8) + "]",
                        "spool : log-tail-torn [segment, " + segment + ", from, " + (last.offset() - 16) + ", to, "
                                + (last.offset() + 8) + "]");
    }

    @Test
    void largeDamageComesInPieces() throws IOException {
        CommitLogConfig large = new CommitLogConfig(24L * MIB, 24L * MIB, 0);
        LogPosition first;
        LogPosition last;
        try (CommitLog log = started(large)) {
            first = log.keep(1, new byte[8_388_608]).await();
            log.keep(1, new byte[8_388_608]).await();
            last = keep(log, "behind");
        }
        try (RandomAccessFile file =
                new RandomAccessFile(directory.resolve("0000000000000001.log").toFile(), "rw")) {
            byte[] wrong = new byte[MIB];
            Arrays.fill(wrong, (byte) 0x55);
            file.seek(first.offset() - 16);
            for (int i = 0; i < 17; i++) {
                file.write(wrong, 0, (int) Math.min(MIB, last.offset() - 16 - file.getFilePointer()));
            }
        }
        try (CommitLog _ = open(large, files)) {
            assertThat(replayed).containsExactly("1:behind");
            assertThat(damaged).extracting(LogPosition::length).containsExactly(8_388_608, 8_388_608, 32);
            assertThat(damaged.get(1).offset()).isEqualTo(first.offset() - 16 + 8_388_608);
        }
    }

    @Test
    void saysOnceThatThereIsNoRoomAndWhyASegmentIsGivenUp() throws Exception {
        try (CommitLog log = started(SMALL)) {
            LogPosition before = keep(log, "before");
            files.syncsFail = true;
            assertThatThrownBy(() -> keep(log, "lost"))
                    .isInstanceOf(IOException.class)
                    .hasMessage("not made durable: Input/output error");
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> keep(log, "no room")).isInstanceOf(IOException.class);
            }
            assertThat(told.lines())
                    .filteredOn(line -> line.contains("segment-abandoned"))
                    .containsExactly("spool : segment-abandoned [segment, " + before.segment()
                            + "] java.io.IOException: Input/output error");
            assertThat(told.lines())
                    .filteredOn(line -> line.contains("no-room-in-log"))
                    .hasSize(1);
            // What is refused holds nothing: only the first record does.
            log.release(before);
            files.syncsFail = false;
            Eventually.await(() -> isKept(log));
            assertThat(log.releasable()).contains(before.segment());
        }
    }

    /** The segment that has to be given up holds the earlier notes. */
    @Test
    void notesOfASegmentThatIsGivenUpComeBeforeTheLaterOnes() throws Exception {
        try (CommitLog log = started(SMALL)) {
            keep(log, "before");
            files.syncsFail = true;
            for (int i = 0; i < 1000; i++) {
                log.note(2, ("n" + i + "x".repeat(100)).getBytes(UTF_8));
            }
            assertThatThrownBy(() -> keep(log, "lost")).isInstanceOf(IOException.class);
            files.syncsFail = false;
            log.note(2, "last".getBytes(UTF_8));
            Eventually.await(() -> isKept(log));
        }
        try (CommitLog _ = open(SMALL, files)) {
            List<String> notes = replayed.stream()
                    .filter(text -> text.startsWith("2:"))
                    .map(text -> text.replace("x", ""))
                    .toList();
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                expected.add("2:n" + i);
            }
            expected.add("2:last");
            assertThat(notes).isEqualTo(expected);
        }
    }

    /** Notes wait for a disk that takes nothing, and come in their order: a later one may take an earlier one back. Of more than 100,000 the oldest go. */
    @Test
    void notesOutliveAFullDisk() throws Exception {
        CommitLogConfig large = new CommitLogConfig(4L * MIB, 4L * MIB, 0);
        files.noRoom = true;
        try (CommitLog log = started(large)) {
            for (int i = 0; i < 100_002; i++) {
                log.note(2, ("n" + i).getBytes(UTF_8));
            }
            // The thread has come to the last of them.
            assertThatThrownBy(() -> keep(log, "refused")).isInstanceOf(IOException.class);
            files.noRoom = false;
            Eventually.await(() -> isKept(log));
        }
        try (CommitLog _ = open(large, files)) {
            assertThat(replayed.size()).isEqualTo(100_001);
            replayed.remove("1:after");
            for (int i = 0; i < 100_000; i++) {
                assertThat(replayed.get(i)).isEqualTo("2:n" + (i + 2));
            }
        }
    }

    @Test
    void aThreadThatHasEndedByItselfIsToldOf() throws Exception {
        CommitLog log = open(SMALL, path -> {
            throw new IllegalStateException("out of order");
        });
        assertThat(log.alive()).isTrue();
        log.start();
        assertThat(log.alive()).isTrue();
        // What the making of the first segment beside the work has met is an error of that alone.
        Eventually.await(() -> !isKept(log) && !log.alive());
        assertThat(told.lines())
                .anyMatch(line -> line.contains("log-broken") && line.contains("IllegalStateException: out of order"));
        assertThatThrownBy(() -> keep(log, "one"))
                .isInstanceOf(IOException.class)
                .hasMessage("the log is closed");
        log.close();
    }

    /** A file whose second sync, behind that of its making, waits for the gate and then breaks. */
    private static LogFile breaking(LogFile file, CountDownLatch syncing, CountDownLatch gate) {
        AtomicInteger syncs = new AtomicInteger();
        return (LogFile) Proxy.newProxyInstance(
                LogFile.class.getClassLoader(), new Class<?>[] {LogFile.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("sync") && syncs.incrementAndGet() == 2) {
                        syncing.countDown();
                        gate.await();
                        throw new IllegalStateException("out of order");
                    }
                    return method.invoke(file, arguments);
                });
    }

    @Test
    void whoWaitsForALogThatBreaksHearsOfIt() throws Exception {
        CountDownLatch syncing = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        CommitLog log = open(SMALL, path -> breaking(LogFile.onDisk(path), syncing, gate));
        log.start();
        PendingRecord inHand = log.keep(1, new byte[] {1});
        syncing.await();
        PendingRecord behind = log.keep(1, new byte[] {2});
        gate.countDown();
        for (PendingRecord ticket : List.of(inHand, behind)) {
            assertThatThrownBy(ticket::await)
                    .isInstanceOf(IOException.class)
                    .hasMessage("not made durable: the log is broken")
                    .hasRootCauseMessage("out of order");
        }
        Eventually.await(() -> !log.alive());
        log.close();
    }

    @Test
    void aClosedLogIsNotCalledBroken() throws IOException {
        CommitLog log = started(SMALL);
        assertThat(log.alive()).isTrue();
        log.close();
        assertThat(log.alive()).isTrue();
        assertThatThrownBy(() -> log.note(1, new byte[] {1}))
                .isInstanceOf(IOException.class)
                .hasMessage("the log is closed");
    }
}
