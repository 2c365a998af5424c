package org.posthorn.storage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The directory of a log: makes segments, takes emptied ones back for use again. A file that is written over costs a sync
 * of data only, a growing one a journal commit of the file system each time. Thread-safe.
 */
final class SegmentFiles {
    private static final String SPARE = "spare-";
    private static final int FILL = 1 << 20;

    private final Path directory;
    private final LogFile.Opener opener;
    private final int maxSpares;

    @GuardedBy("this")
    private final ArrayDeque<Path> spares = new ArrayDeque<>();

    SegmentFiles(Path directory, LogFile.Opener opener, int maxSpares) {
        this.directory = directory;
        this.opener = opener;
        this.maxSpares = maxSpares;
    }

    /** The segments that are there, oldest first; spares are remembered. */
    synchronized List<Segment> existing() throws IOException {
        Files.createDirectories(directory);
        List<Segment> result = new ArrayList<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory, "*.log")) {
            for (Path path : paths) {
                String name = String.valueOf(path.getFileName());
                if (name.startsWith(SPARE)) {
                    spares.add(path);
                } else if (name.matches("[0-9]{16}\\.log")) {
                    LogFile file = opener.open(path);
                    result.add(new Segment(Long.parseLong(name.substring(0, 16)), path, file, file.size()));
                }
            }
        }
        result.sort(Comparator.comparingLong(segment -> segment.number));
        return result;
    }

    /** Makes a segment of at least this size, from a spare where there is one. All its blocks are allocated and durable. */
    synchronized Segment make(long number, long size) throws IOException {
        Path path = directory.resolve(Segment.name(number));
        Path spare = spares.poll();
        if (spare != null) {
            Files.move(spare, path, StandardCopyOption.ATOMIC_MOVE);
        }
        LogFile file = opener.open(path);
        try {
            long had = file.size();
            fill(file, had, size);
            file.sync();
            AtomicFiles.syncDirectory(directory);
            return new Segment(number, path, file, Math.max(had, size));
        } catch (IOException e) {
            file.close();
            Files.deleteIfExists(path);
            throw e;
        }
    }

    private static void fill(LogFile file, long from, long to) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocateDirect(Math.clamp(to - from, 0, FILL));
        for (long at = from; at < to; at += FILL) {
            zeros.clear().limit((int) Math.min(FILL, to - at));
            file.write(zeros, at);
        }
    }

    /** Takes segments out of use for good; a crash does not bring them back. */
    synchronized void free(List<Segment> segments) throws IOException {
        for (Segment segment : segments) {
            segment.closeQuietly();
            if (spares.size() < maxSpares) {
                Path spare = directory.resolve(SPARE + Segment.name(segment.number));
                Files.move(segment.path, spare, StandardCopyOption.ATOMIC_MOVE);
                spares.add(spare);
            } else {
                Files.deleteIfExists(segment.path);
            }
        }
        AtomicFiles.syncDirectory(directory);
    }
}
