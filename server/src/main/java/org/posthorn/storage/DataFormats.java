package org.posthorn.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The file {@code formats} of a data directory: a line {@code NAME VERSION} for each format in it, asked before anything else is
 * opened. So a release that is gone back to refuses data that it cannot read before it has touched them, also where the octets
 * themselves have no room for a version. Directories of before this file have none: their formats are told by their content.
 */
public final class DataFormats {
    private static final int MAX_LINES = 1000;

    private DataFormats() {}

    /**
     * Checks a directory, and notes there what this release writes.
     *
     * @throws UnknownFormatException a format is not ours, or of a version that we do not read; nothing was written
     */
    public static void admit(Path data, List<DataFormat> known) throws IOException {
        Path file = data.resolve("formats");
        Map<String, DataFormat> byName = known.stream().collect(Collectors.toMap(DataFormat::name, each -> each));
        String present = read(file);
        List<String> lines =
                present.lines().filter(line -> !line.startsWith("#")).toList();
        if (lines.size() > MAX_LINES) {
            throw new UnknownFormatException(file + ", " + lines.size() + " lines");
        }
        for (String line : lines) {
            String[] words = line.split(" ", -1);
            DataFormat ours = words.length == 2 ? byName.get(words[0]) : null;
            if (ours == null || !isWithin(words[1], ours)) {
                throw new UnknownFormatException(file + ", \"" + line + "\"");
            }
        }
        String text = text(known);
        if (!present.equals(text)) {
            AtomicFiles.write(file, text.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static boolean isWithin(String version, DataFormat format) {
        return version.matches("[0-9]{1,6}")
                && Integer.parseInt(version) >= format.oldest()
                && Integer.parseInt(version) <= format.newest();
    }

    private static String read(Path file) throws IOException {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private static String text(List<DataFormat> known) {
        StringBuilder text =
                new StringBuilder("# The formats of what is in this directory. Posthorn reads and writes this.\n");
        Map<String, Integer> sorted = new TreeMap<>();
        known.forEach(format -> sorted.put(format.name(), format.newest()));
        sorted.forEach(
                (name, version) -> text.append(name).append(' ').append(version).append('\n'));
        return text.toString();
    }
}
