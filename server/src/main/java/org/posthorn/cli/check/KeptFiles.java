package org.posthorn.cli.check;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Files that were read, the last few of them, so that a batch does not read the same one for each line. Not thread-safe. */
final class KeptFiles<T> {
    /** Makes something of a file. */
    @FunctionalInterface
    interface Reading<T> {
        T read(Path file) throws IOException;
    }

    private final Reading<T> reading;
    private final Map<String, T> kept;

    KeptFiles(int most, Reading<T> reading) {
        this.reading = reading;
        this.kept = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
                return size() > most;
            }
        };
    }

    /**
     * What was made of a file.
     *
     * @throws IOException if it is not kept and cannot be read; names the file
     */
    T get(String file) throws IOException {
        T known = kept.get(file);
        if (known != null) {
            return known;
        }
        T made = read(file);
        kept.put(file, made);
        return made;
    }

    private T read(String file) throws IOException {
        try {
            return reading.read(Path.of(file));
        } catch (FileSystemException e) {
            // It names the file by itself.
            throw e;
        } catch (IOException e) {
            String why = String.valueOf(e.getMessage());
            throw new IOException(why.startsWith(file) ? why : file + ": " + why, e);
        }
    }
}
