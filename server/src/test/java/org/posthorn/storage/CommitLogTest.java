package org.posthorn.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.log.MailLog;

class CommitLogTest {
    private static final CommitLogConfig SMALL = new CommitLogConfig(8192, 8192, 2);

    @TempDir
    Path directory;

    private final FaultyFiles files = new FaultyFiles();
    private final List<String> replayed = new ArrayList<>();
    private final List<LogPosition> positions = new ArrayList<>();
    private final List<LogPosition> damaged = new ArrayList<>();

    private CommitLog open() throws IOException {
        CommitLog log = new CommitLog(directory, SMALL, files, () -> "stamp".getBytes(UTF_8), MailLog.none());
        replayed.clear();
        positions.clear();
        damaged.clear();
        log.recover(new CommitLog.Replay() {
            @Override
            public void segment(byte[] stamp) {
                assertThat(new String(stamp, UTF_8)).isEqualTo("stamp");
            }

            @Override
            public void record(int type, LogPosition position, ByteBuffer payload) {
                byte[] bytes = new byte[payload.remaining()];
                payload.get(bytes);
                replayed.add(type + ":" + new String(bytes, UTF_8));
                positions.add(position);
                log.pin(position);
            }

            @Override
            public void damaged(LogPosition position, ByteBuffer octets) {
                assertThat(octets.remaining()).isEqualTo(position.length());
                damaged.add(position);
            }
        });
        log.start();
        return log;
    }

    private static LogPosition keep(CommitLog log, String text) throws IOException {
        return log.keep(1, text.getBytes(UTF_8)).await();
    }

    private static String read(CommitLog log, LogPosition position) throws IOException {
        ByteBuffer into = ByteBuffer.allocate(position.length());
        while (into.hasRemaining()) {
            log.read(position, into.position(), into);
        }
        return new String(into.array(), UTF_8);
    }

    private Path segment(int index) throws IOException {
        try (Stream<Path> paths = Files.list(directory)) {
            return paths.filter(path -> !path.getFileName().toString().startsWith("spare"))
                    .sorted()
                    .toList()
                    .get(index);
        }
    }

    @Test
    void givesBackWhatWasAppendedInOrder() throws IOException {
        try (CommitLog log = open()) {
            LogPosition first = keep(log, "one");
            log.note(2, "two, ".getBytes(UTF_8), "in parts".getBytes(UTF_8));
            keep(log, "three");
            assertThat(read(log, first)).isEqualTo("one");
        }
        try (CommitLog log = open()) {
            assertThat(replayed).containsExactly("1:one", "2:two, in parts", "1:three");
            assertThat(read(log, positions.get(2))).isEqualTo("three");
        }
    }

    @Test
    void syncsOnceForManyWhoWait() throws Exception {
        try (CommitLog log = open()) {
            List<PendingRecord> tickets = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                tickets.add(log.keep(1, ("record " + i).getBytes(UTF_8)));
            }
            for (PendingRecord ticket : tickets) {
                ticket.await();
            }
            assertThat(log.syncs()).isLessThan(50);
        }
    }

    @Test
    void goesThroughManySegmentsAndUsesThemAgain() throws IOException {
        try (CommitLog log = open()) {
            for (int i = 0; i < 200; i++) {
                log.release(keep(log, "x".repeat(1000) + i));
                log.free(log.releasable());
            }
            assertThat(log.size()).isLessThanOrEqualTo(4 * SMALL.segmentSize());
        }
        try (Stream<Path> paths = Files.list(directory)) {
            assertThat(paths.count()).isLessThanOrEqualTo(6);
        }
        try (CommitLog _ = open()) {
            // What earlier uses of the same files have left is not taken for records.
            assertThat(replayed.size()).isLessThan(20);
            assertThat(replayed.getLast()).endsWith("199");
        }
    }

    @Test
    void keepsSegmentsWhileARecordInOneIsHeld() throws IOException {
        try (CommitLog log = open()) {
            LogPosition held = keep(log, "held");
            for (int i = 0; i < 50; i++) {
                log.release(keep(log, "y".repeat(1000)));
            }
            assertThat(log.releasable()).isEmpty();
            assertThat(read(log, held)).isEqualTo("held");
            log.release(held);
            assertThat(log.releasable()).isNotEmpty().startsWith(held.segment());
        }
    }

    @Test
    void cutsTornTail() throws IOException {
        LogPosition last;
        try (CommitLog log = open()) {
            keep(log, "whole");
            last = keep(log, "torn ".repeat(100));
        }
        try (RandomAccessFile file = new RandomAccessFile(segment(0).toFile(), "rw")) {
            file.setLength(last.offset() + 50);
        }
        try (CommitLog log = open()) {
            assertThat(replayed).containsExactly("1:whole");
            keep(log, "after");
        }
        try (CommitLog _ = open()) {
            assertThat(replayed).containsExactly("1:whole", "1:after");
            assertThat(damaged).isEmpty();
        }
    }

    @Test
    void reportsDamageInTheMiddleAndSalvagesTheRest() throws IOException {
        LogPosition bad;
        LogPosition headless;
        try (CommitLog log = open()) {
            keep(log, "one");
            bad = keep(log, "content spoilt");
            keep(log, "three");
            headless = keep(log, "header spoilt");
            keep(log, "five");
        }
        overwrite(bad.offset() + 3);
        overwrite(headless.offset() - RecordHeader.SIZE + 2);
        try (CommitLog _ = open()) {
            assertThat(replayed).containsExactly("1:one", "1:three", "1:five");
            assertThat(damaged).hasSize(2);
            assertThat(damaged.getFirst().offset()).isEqualTo(bad.offset() - RecordHeader.SIZE);
        }
    }

    /** No good record follows, but the segment after it knows that one was there. */
    @Test
    void reportsDamageAtTheEndOfASegmentThatWasFull() throws IOException {
        LogPosition last;
        try (CommitLog log = open()) {
            keep(log, "one");
            last = keep(log, "x".repeat(4000));
            assertThat(keep(log, "y".repeat(6000)).segment()).isGreaterThan(last.segment());
        }
        overwrite(last.offset() + 3);
        try (CommitLog _ = open()) {
            assertThat(replayed).containsExactly("1:one", "1:" + "y".repeat(6000));
            assertThat(damaged)
                    .containsExactly(new LogPosition(1, last.offset() - RecordHeader.SIZE, 4000 + RecordHeader.SIZE));
        }
    }

    @Test
    void reportsDamageAtTheEndOfWhatAnEarlierProcessHasLeft() throws IOException {
        LogPosition last;
        try (CommitLog log = open()) {
            last = keep(log, "of the first process");
        }
        try (CommitLog log = open()) {
            keep(log, "of the second");
        }
        try (RandomAccessFile file = new RandomAccessFile(segment(0).toFile(), "rw")) {
            file.setLength(last.offset() - RecordHeader.SIZE);
        }
        try (CommitLog _ = open()) {
            assertThat(replayed).containsExactly("1:of the second");
            // Nothing is left of it to keep, but it is told.
            assertThat(damaged).containsExactly(new LogPosition(1, last.offset() - RecordHeader.SIZE, 0));
        }
    }

    @Test
    void takesWhatThePowerTookBeforeItWasDurableForNoDamage() throws IOException {
        CommitLog log = open();
        keep(log, "durable");
        log.note(2, "torn ".repeat(600).getBytes(UTF_8));
        Path segment = segment(0);
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (!Files.readString(segment, java.nio.charset.StandardCharsets.ISO_8859_1)
                .contains("torn torn")) {
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
        files.losePower(sector -> sector % 2 == 0);
        try (CommitLog again = open()) {
            assertThat(replayed).containsExactly("1:durable");
            assertThat(damaged).isEmpty();
            keep(again, "after");
        }
        try (CommitLog _ = open()) {
            assertThat(replayed).containsExactly("1:durable", "1:after");
            assertThat(damaged).isEmpty();
        }
    }

    private void overwrite(long at) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(segment(0).toFile(), "rw")) {
            file.seek(at);
            file.write(0x55);
        }
    }

    @Test
    void refusesTooLargeAndEmptyRecords() throws IOException {
        try (CommitLog log = open()) {
            assertThatThrownBy(() -> log.keep(1, new byte[CommitLog.MAX_RECORD + 1]))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> log.keep(1, new byte[0])).isInstanceOf(IOException.class);
            LogPosition large = log.keep(1, new byte[CommitLog.MAX_RECORD]).await();
            assertThat(large.length()).isEqualTo(CommitLog.MAX_RECORD);
        }
    }

    @Test
    void failedSyncFailsThoseWhoWaitAndNothingComesBack() throws IOException {
        try (CommitLog log = open()) {
            LogPosition before = keep(log, "before");
            files.syncsFail = true;
            log.note(2, "note".getBytes(UTF_8));
            assertThatThrownBy(() -> keep(log, "lost")).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> keep(log, "lost too")).isInstanceOf(IOException.class);
            files.syncsFail = false;
            LogPosition after = keepSoon(log, "after");
            assertThat(after.segment()).isGreaterThan(before.segment());
        }
        try (CommitLog _ = open()) {
            // The note is written again, what was refused stays away though its octets are in the file.
            assertThat(replayed).contains("1:before", "2:note", "1:after").noneMatch(text -> text.contains("lost"));
        }
    }

    /** A log that had no segment tries to make one from time to time only. */
    private static LogPosition keepSoon(CommitLog log, String text) throws IOException {
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (true) {
            try {
                return keep(log, text);
            } catch (IOException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void fullDiskFailsAppendsUntilThereIsRoom() throws IOException {
        try (CommitLog log = open()) {
            keep(log, "before");
            files.noRoom = true;
            assertThatThrownBy(() -> keep(log, "no room")).isInstanceOf(IOException.class);
            files.noRoom = false;
            keepSoon(log, "after");
        }
        try (CommitLog _ = open()) {
            assertThat(replayed).containsExactly("1:before", "1:after");
        }
    }

    @Test
    void everyRecordThatWasAwaitedOutlivesThePower() throws Exception {
        ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
        CommitLog log = open();
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            int thread = t;
            threads.add(Thread.startVirtualThread(() -> {
                try {
                    for (int i = 0; i < 50; i++) {
                        String text = thread + "/" + i + "/" + "z".repeat(i * 17);
                        keep(log, text);
                        acknowledged.add("1:" + text);
                        log.note(2, "n".repeat(1 + i).getBytes(UTF_8));
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        log.keep(3, "never awaited".getBytes(UTF_8));
        files.losePower(sector -> sector % 3 == 1);
        try (CommitLog _ = open()) {
            assertThat(replayed).containsAll(acknowledged);
        }
    }

    @Test
    void interruptedReaderTakesTheFileFromNobody() throws Exception {
        try (CommitLog log = open()) {
            LogPosition position = keep(log, "one");
            Thread reader = Thread.startVirtualThread(() -> {
                Thread.currentThread().interrupt();
                try {
                    read(log, position);
                } catch (IOException e) {
                    // It is interrupted.
                }
            });
            reader.join();
            assertThat(read(log, position)).isEqualTo("one");
            assertThat(keep(log, "two").segment()).isEqualTo(position.segment());
        }
    }

    @Test
    void refusesRecordsAfterClose() throws IOException {
        CommitLog log = open();
        log.close();
        assertThatThrownBy(() -> log.keep(1, "late".getBytes(UTF_8))).isInstanceOf(IOException.class);
    }
}
