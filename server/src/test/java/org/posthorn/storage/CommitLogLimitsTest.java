package org.posthorn.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.posthorn.testing.Eventually;
import org.posthorn.testing.WatchedFiles;

/** Sizes, room and reading of the log. */
class CommitLogLimitsTest extends CommitLogBench {
    private List<Long> sizes() throws IOException {
        List<Long> sizes = new ArrayList<>();
        try (Stream<Path> all = Files.list(directory)) {
            for (Path path : all.toList()) {
                sizes.add(Files.size(path));
            }
        }
        return sizes;
    }

    @Test
    void aNoteIsDurableSoonThoughNobodyWaits() throws Exception {
        CommitLog log = started(SMALL);
        log.note(2, "note".getBytes(UTF_8));
        Eventually.await(() -> log.syncs() == 1);
        files.losePower(_ -> false);
        try (CommitLog _ = open(SMALL, files)) {
            assertThat(replayed).containsExactly("2:note");
        }
    }

    @Test
    void whatWasNotedIsDurableOnceTheLogIsClosed() throws IOException {
        CommitLog log = started(SMALL);
        log.note(2, "last words".getBytes(UTF_8));
        log.close();
        files.losePower(_ -> false);
        try (CommitLog _ = open(SMALL, files)) {
            assertThat(replayed).containsExactly("2:last words");
        }
    }

    @Test
    void whoWaitsForALaterRecordHasTheEarlierOnesToo() throws IOException {
        CommitLog log = started(SMALL);
        log.note(2, "note".getBytes(UTF_8));
        LogPosition place = log.sync(3, "sync".getBytes(UTF_8)).await();
        files.losePower(_ -> false);
        try (CommitLog again = open(SMALL, files)) {
            assertThat(replayed).containsExactly("2:note", "3:sync");
            assertThat(new String(again.readAll(place), UTF_8)).isEqualTo("sync");
        }
    }

    /** A killed process may have written what the disk does not have yet; from now on it counts, so it has to stay. */
    @Test
    void whatIsFoundIsMadeDurable() throws IOException {
        CommitLog log = started(SMALL);
        keep(log, "one");
        log.close();
        WatchedFiles watched = new WatchedFiles(directory);
        try (CommitLog _ = open(SMALL, LogFile::onDisk, watched.root())) {
            assertThat(watched.events()).contains("sync 0000000000000001.log");
            assertThat(stamps).containsExactly("stamp");
        }
    }

    /** 64 MiB may wait for the disk, and whoever comes then waits with them: memory does not grow with a slow disk. */
    @Test
    void appendingWaitsWhile64MibAreUnderWay() throws Exception {
        CountDownLatch syncing = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        CommitLog log = open(new CommitLogConfig(80L * MIB, 80L * MIB, 0), path -> new Slow(path, syncing, gate));
        log.start();
        log.keep(1, new byte[] {1});
        syncing.await();
        byte[] large = new byte[8_388_608];
        for (int i = 0; i < 8; i++) {
            log.note(1, large);
        }
        // Now it is 64 MiB, and no more than that.
        log.note(1, new byte[] {1});
        CountDownLatch taken = new CountDownLatch(1);
        Thread late = Thread.ofPlatform().start(() -> {
            try {
                log.note(1, new byte[] {2});
                taken.countDown();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        Eventually.await(() -> late.getState() == Thread.State.WAITING);
        assertThat(taken.getCount()).isEqualTo(1);
        gate.countDown();
        taken.await();
        late.join();
        log.close();
    }

    /** Its second sync waits: the first is that of its making. */
    private static final class Slow implements LogFile {
        private final LogFile file;
        private final CountDownLatch syncing;
        private final CountDownLatch gate;
        private int syncs;

        Slow(Path path, CountDownLatch syncing, CountDownLatch gate) throws IOException {
            this.file = LogFile.onDisk(path);
            this.syncing = syncing;
            this.gate = gate;
        }

        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
            file.write(bytes, position);
        }

        @Override
        public int read(ByteBuffer bytes, long position) throws IOException {
            return file.read(bytes, position);
        }

        @Override
        public void sync() throws IOException {
            syncs++;
            if (syncs == 2) {
                syncing.countDown();
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    @Test
    void segmentsDoubleWhileTheyFillQuicklyUpToTheirLimit() throws IOException {
        try (CommitLog log = started(new CommitLogConfig(8192, 32_768, 0))) {
            for (int i = 0; i < 200; i++) {
                keep(log, "x".repeat(1000));
            }
            assertThat(sizes()).contains(8192L, 16_384L, 32_768L).allMatch(size -> size <= 32_768);
        }
    }

    @Test
    void aRecordLargerThanASegmentGetsOneOfItsOwnSize() throws IOException {
        try (CommitLog log = started(SMALL)) {
            LogPosition large = keep(log, "x".repeat(20_000));
            assertThat(new String(log.readAll(large), UTF_8)).isEqualTo("x".repeat(20_000));
            // Stamp and record, each with its header, padded to 8: 16 + 9 + 7, 16 + 20,000.
            assertThat(sizes()).contains(20_048L);
            assertThat(large.offset()).isEqualTo(48);
        }
    }

    @Test
    void theOldestSegmentCountsOnlyOnceItIsFull() throws IOException {
        try (CommitLog log = started(SMALL)) {
            LogPosition one = keep(log, "x".repeat(3000));
            LogPosition two = keep(log, "x".repeat(3000));
            assertThat(log.oldest()).isEmpty();
            assertThat(log.releasable()).isEmpty();
            assertThat(log.size()).isEqualTo(8192);
            LogPosition three = keep(log, "x".repeat(3000));
            assertThat(one.segment()).isEqualTo(1);
            assertThat(two.segment()).isEqualTo(1);
            assertThat(three.segment()).isGreaterThan(1);
            assertThat(log.oldest()).contains(Map.entry(1L, 2));
            log.release(one);
            log.pin(two);
            assertThat(log.oldest()).contains(Map.entry(1L, 2));
            log.release(two);
            log.release(two);
            assertThat(log.oldest()).contains(Map.entry(1L, 0));
            assertThat(log.releasable()).startsWith(1L).doesNotContain(three.segment());
            long before = log.size();
            log.free(log.releasable());
            assertThat(log.size()).isLessThan(before);
            assertThatThrownBy(() -> log.readAll(one))
                    .isInstanceOf(IOException.class)
                    .hasMessage("segment 1 is gone");
            // What is gone is gone: letting go of it again does no harm.
            log.release(one);
            log.pin(one);
        }
    }

    @Test
    void readsPartsOfAPayload() throws IOException {
        try (CommitLog log = started(SMALL)) {
            LogPosition place = keep(log, "0123456789");
            ByteBuffer into = ByteBuffer.allocate(20).position(3);
            assertThat(log.read(place, 4, into)).isEqualTo(6);
            assertThat(into.position()).isEqualTo(9);
            assertThat(new String(into.array(), 3, 6, UTF_8)).isEqualTo("456789");
            assertThat(log.read(place, 9, ByteBuffer.allocate(5))).isEqualTo(1);
            assertThat(log.read(place, 10, ByteBuffer.allocate(5))).isEqualTo(-1);
            assertThat(log.read(place, 2, ByteBuffer.allocate(3))).isEqualTo(3);
        }
    }
}
