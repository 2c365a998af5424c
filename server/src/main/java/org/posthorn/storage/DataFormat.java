package org.posthorn.storage;

/**
 * A format on disk and its versions.
 *
 * @param name as it stands in the data directory's {@code formats}
 * @param oldest version that is read, and taken over where it is not the newest
 * @param newest version, which is written
 */
public record DataFormat(String name, int oldest, int newest) {
    public DataFormat {
        if (!name.matches("[a-z-]+") || oldest < 1 || newest < oldest) {
            throw new IllegalArgumentException("format " + name);
        }
    }
}
