package org.posthorn.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Watches the free octets of a disk; asks the system at most every tenth of a second. Thread-safe. */
public final class FreeSpace {
    private static final long FRESH = Duration.ofMillis(100).toNanos();

    private final Path directory;
    private final LongSupplier system;
    private final long reserve;
    private volatile Reading reading;

    private record Reading(long free, long at) {}

    /** @param reserve octets that are to stay free */
    public FreeSpace(Path directory, long reserve) {
        this(directory, directory.toFile()::getUsableSpace, reserve);
    }

    /** The same of a disk that somebody else measures, octets. */
    public FreeSpace(Path directory, LongSupplier system, long reserve) {
        this.directory = directory;
        this.system = system;
        this.reserve = reserve;
        this.reading = read();
    }

    private Reading read() {
        return new Reading(system.getAsLong(), System.nanoTime());
    }

    /** Octets; 0 where the system does not tell. */
    public long free() {
        Reading known = reading;
        if (System.nanoTime() - known.at() > FRESH) {
            known = read();
            reading = known;
        }
        return known.free();
    }

    /** Are so many octets free above the reserve? */
    public boolean has(long octets) {
        // Not as a sum: the octets may be what a stranger declared, up to Long.MAX_VALUE.
        return free() - reserve >= octets;
    }

    /** Fails unless so many octets are free above the reserve. */
    public void require(long octets) throws IOException {
        if (!has(octets)) {
            throw new IOException("no room on the disk of " + directory + ": " + free() + " octets are free");
        }
    }
}
