package org.posthorn.config.opendkim;

import java.util.ArrayList;
import java.util.List;

/** The lines of OpenDKIM's files: a word, then the rest; {@code #} begins a comment. */
final class OpenDkimLines {
    /** OpenDkimLines of one file that are read. */
    static final int MAX_LINES = 100_000;

    /** Characters of a line; longer ones are passed over. */
    static final int MAX_LENGTH = 8192;

    /** @param rest without white space around it; "" where there is one word only */
    record Line(String first, String rest) {}

    private OpenDkimLines() {}

    static List<Line> of(String text) {
        List<Line> lines = new ArrayList<>();
        text.lines()
                .limit(MAX_LINES)
                .filter(line -> line.length() <= MAX_LENGTH)
                .map(OpenDkimLines::withoutComment)
                .filter(line -> !line.isEmpty())
                .forEach(line -> lines.add(split(line)));
        return lines;
    }

    private static String withoutComment(String line) {
        int comment = line.indexOf('#');
        return (comment < 0 ? line : line.substring(0, comment)).strip();
    }

    private static Line split(String line) {
        int end = 0;
        while (end < line.length() && !Character.isWhitespace(line.charAt(end))) {
            end++;
        }
        return new Line(line.substring(0, end), line.substring(end).strip());
    }
}
