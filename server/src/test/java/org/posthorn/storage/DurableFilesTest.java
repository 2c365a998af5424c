package org.posthorn.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.testing.WatchedFiles;

/** Which syncs are done, and in which order: without them a power loss takes what was said to be safe. */
class DurableFilesTest {
    @TempDir
    private Path directory;

    private WatchedFiles files;
    private Path root;

    @BeforeEach
    void watch() {
        files = new WatchedFiles(directory);
        root = files.root();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(path -> String.valueOf(path.getFileName())).sorted().toList();
        }
    }

    @Test
    void contentIsDurableBeforeItTakesTheNameAndTheNameAfterwards() throws IOException {
        AtomicFiles.write(root.resolve("state"), "x".repeat(2500).getBytes(UTF_8));
        assertThat(files.events()).hasSize(3);
        assertThat(files.events().get(0)).matches("sync \\.state.*\\.new");
        assertThat(files.events().get(1)).matches("move \\.state.*\\.new state");
        assertThat(files.events().get(2)).isEqualTo("sync .");
        assertThat(directory.resolve("state")).hasContent("x".repeat(2500));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("state"))))
                .isEqualTo("rw-------");
    }

    @Test
    void oldContentStaysWhereTheNewCannotBeMadeDurable() throws IOException {
        AtomicFiles.write(root.resolve("state"), "old".getBytes(UTF_8));
        for (String failing : List.of("sync .state", "move .state")) {
            files.failOn(event -> event.startsWith(failing));
            assertThatThrownBy(() -> AtomicFiles.write(root.resolve("state"), "new".getBytes(UTF_8)))
                    .isInstanceOf(IOException.class);
            assertThat(directory.resolve("state")).hasContent("old");
            assertThat(names()).containsExactly("state");
        }
    }

    /** Whoever is told that it was written may rely on the name. */
    @Test
    void aNameThatIsNotDurableIsAnError() {
        files.failOn(event -> event.equals("sync ."));
        assertThatThrownBy(() -> AtomicFiles.write(root.resolve("state"), new byte[1]))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot sync .");
    }

    @Test
    void everyFileIsSyncedThenEveryDirectory() throws IOException {
        Files.createFile(directory.resolve("one"));
        Files.createFile(directory.resolve("two"));
        Files.createDirectory(directory.resolve("folder"));
        FileSystemSync.syncEach(
                List.of(root.resolve("one"), root.resolve("gone"), root.resolve("two")),
                List.of(root.resolve("folder"), root.resolve("no folder"), root));
        assertThat(files.events()).containsExactly("sync one", "sync two", "sync folder", "sync .");
        files.failOn(event -> event.equals("sync two"));
        assertThatThrownBy(() -> FileSystemSync.syncEach(List.of(root.resolve("two")), List.of()))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot sync two");
    }

    @Test
    void aVirtualThreadHearsWhatWentWrong() throws Exception {
        Files.createFile(directory.resolve("one"));
        files.failOn(event -> event.equals("sync one"));
        AtomicReference<Exception> failure = new AtomicReference<>();
        Thread.startVirtualThread(() -> failure.set(fault())).join();
        assertThat(failure.get()).isInstanceOf(IOException.class).hasMessageContaining("cannot sync one");
        files.failOn(event -> false);
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        Thread.startVirtualThread(() -> {
                    Thread.currentThread().interrupt();
                    failure.set(fault());
                    interrupted.set(Thread.currentThread().isInterrupted());
                })
                .join();
        assertThat(failure.get()).isInstanceOf(IOException.class).hasMessage("interrupted");
        assertThat(interrupted.get()).isTrue();
    }

    private Exception fault() {
        try {
            FileSystemSync.syncEach(List.of(root.resolve("one")), List.of());
            return new Exception("none");
        } catch (IOException e) {
            return e;
        }
    }

    @Test
    void aLogsFileWritesAllSyncsAndEnds() throws IOException {
        try (LogFile file = LogFile.onDisk(root.resolve("log"))) {
            file.write(ByteBuffer.wrap("a".repeat(2500).getBytes(UTF_8)), 0);
            file.write(ByteBuffer.wrap("b".getBytes(UTF_8)), 2500);
            assertThat(file.size()).isEqualTo(2501);
            assertThat(files.events()).isEmpty();
            file.sync();
            assertThat(files.events()).containsExactly("sync log");
            ByteBuffer end = ByteBuffer.allocate(10);
            assertThat(file.read(end, 2499)).isEqualTo(2);
            assertThat(new String(end.array(), 0, 2, UTF_8)).isEqualTo("ab");
            assertThat(file.read(end, 2501)).isEqualTo(-1);
        }
        LogFile closed = LogFile.onDisk(root.resolve("log"));
        assertThat(closed.read(ByteBuffer.allocate(1), 0)).isEqualTo(1);
        closed.close();
        assertThatThrownBy(() -> closed.read(ByteBuffer.allocate(1), 0)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(closed::sync).isInstanceOf(ClosedChannelException.class);
        LogFile neverRead = LogFile.onDisk(root.resolve("log"));
        neverRead.close();
        assertThatThrownBy(() -> neverRead.read(ByteBuffer.allocate(1), 0)).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void formatsAreWrittenOnceAndNotAgain() throws IOException {
        List<DataFormat> known = List.of(new DataFormat("spool", 1, 1));
        DataFormats.admit(root, known);
        int once = files.events().size();
        assertThat(once).isPositive();
        DataFormats.admit(root, known);
        assertThat(files.events()).hasSize(once);
        Files.writeString(directory.resolve("formats"), "spool 1\n".repeat(1001));
        assertThatThrownBy(() -> DataFormats.admit(root, known))
                .isInstanceOf(UnknownFormatException.class)
                .hasMessageContaining("1001 lines");
        Files.writeString(directory.resolve("formats"), "spool 1\n".repeat(1000) + "# a note\n");
        DataFormats.admit(root, known);
    }

    private static final int MIB = 1 << 20;

    private SegmentFiles segments(int spares) {
        return new SegmentFiles(root, LogFile::onDisk, spares);
    }

    @Test
    void aSegmentIsAllocatedAndDurableBeforeItIsUsed() throws IOException {
        Segment segment = segments(1).make(7, 2 * MIB + 5);
        assertThat(files.events()).containsExactly("sync 0000000000000007.log", "sync .");
        assertThat(segment.number).isEqualTo(7);
        assertThat(segment.size).isEqualTo(2 * MIB + 5);
        assertThat(Files.readAllBytes(directory.resolve("0000000000000007.log")))
                .isEqualTo(new byte[2 * MIB + 5]);
        segment.closeQuietly();
        assertThatThrownBy(segment.file::size).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    void whatCannotBeAllocatedLeavesNothing() throws IOException {
        for (String failing : List.of("sync 0000000000000007.log", "sync .")) {
            files.failOn(event -> event.equals(failing));
            assertThatThrownBy(() -> segments(1).make(7, 4096)).isInstanceOf(IOException.class);
            assertThat(names()).isEmpty();
        }
    }

    @Test
    void emptiedSegmentsAreUsedAgainUpToALimit() throws IOException {
        SegmentFiles log = segments(1);
        Segment one = log.make(1, 8192);
        Segment two = log.make(2, 8192);
        one.file.write(ByteBuffer.wrap("stale".getBytes(UTF_8)), 0);
        int before = files.events().size();
        log.free(List.of(one, two));
        assertThat(files.events().subList(before, files.events().size()))
                .containsExactly(
                        "move 0000000000000001.log spare-0000000000000001.log",
                        "remove 0000000000000002.log",
                        "sync .");
        assertThatThrownBy(one.file::size).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(two.file::size).isInstanceOf(ClosedChannelException.class);

        // Nothing is written over what is allocated already.
        Segment three = log.make(3, 4096);
        assertThat(names()).containsExactly("0000000000000003.log");
        assertThat(three.size).isEqualTo(8192);
        assertThat(Files.readString(directory.resolve("0000000000000003.log"))).startsWith("stale");
        log.free(List.of(three));
        Segment larger = log.make(4, 10_000);
        assertThat(larger.size).isEqualTo(10_000);
        assertThat(Files.size(directory.resolve("0000000000000004.log"))).isEqualTo(10_000);
    }

    @Test
    void whatIsThereIsFoundInOrderAndSparesRemembered() throws IOException {
        SegmentFiles log = segments(1);
        log.make(10, 4096).closeQuietly();
        Segment emptied = log.make(3, 4096);
        log.make(2, 8192).closeQuietly();
        log.free(List.of(emptied));
        Files.createFile(directory.resolve("note.log"));
        Files.createFile(directory.resolve("00000000000000011.log"));
        Files.createFile(directory.resolve("0000000000000012.txt"));

        SegmentFiles again = segments(1);
        List<Segment> found = again.existing();
        assertThat(found).extracting(segment -> segment.number).containsExactly(2L, 10L);
        assertThat(found).extracting(segment -> segment.size).containsExactly(8192L, 4096L);
        assertThat(found.getFirst().path.getFileName()).hasToString("0000000000000002.log");
        again.make(11, 4096).closeQuietly();
        assertThat(names()).contains("0000000000000011.log").doesNotContain("spare-0000000000000003.log");
    }
}
