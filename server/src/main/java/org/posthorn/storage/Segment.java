package org.posthorn.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** One file of the log. Written by the log's thread only; pins and reads from anywhere. */
final class Segment {
    final long number;
    final Path path;
    final LogFile file;
    final long size;
    /** Records in it that somebody still needs. */
    final AtomicInteger pins = new AtomicInteger();

    /** Where the next record goes. */
    long written;
    /** Everything before this is on stable storage. */
    long synced;

    Segment(long number, Path path, LogFile file, long size) {
        this.number = number;
        this.path = path;
        this.file = file;
        this.size = size;
    }

    boolean fits(long room) {
        return written + room <= size;
    }

    static String name(long number) {
        return "%016d.log".formatted(number);
    }

    void closeQuietly() {
        try {
            file.close();
        } catch (IOException e) {
            // Everything that counts was synced before.
        }
    }
}
