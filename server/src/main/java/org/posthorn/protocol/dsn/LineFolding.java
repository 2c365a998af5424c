package org.posthorn.protocol.dsn;

import java.util.ArrayList;
import java.util.List;

/** Breaks text into lines of a decent length. */
final class LineFolding {
    private static final int WIDTH = 76;
    private static final int MAX_TEXT = 1000;
    /** Code points of a word in a stranger's text, so that a line of it stays below 998 octets (RFC 5322 2.1.1). */
    private static final int MAX_WORD = 200;

    private LineFolding() {}

    /** Without control characters, and without non-ASCII ones unless the place has room for UTF-8; at most 1,000 characters, and words of at most 200. */
    static String clean(String text, boolean utf8) {
        StringBuilder clean = new StringBuilder();
        int word = 0;
        for (int c : text.codePoints().limit(MAX_TEXT).toArray()) {
            int shown = Character.isISOControl(c) ? ' ' : c < 0x80 || utf8 ? c : '?';
            word = shown == ' ' ? 0 : word + 1;
            if (word > MAX_WORD) {
                clean.append(' ');
                word = 1;
            }
            clean.appendCodePoint(shown);
        }
        return clean.toString().strip();
    }

    /** A header field, folded at spaces (RFC 5322 2.2.3). */
    static String field(String name, String value) {
        return String.join("\r\n ", wrap(name + ": " + value)) + "\r\n";
    }

    /** Lines of words; a word too long stands alone in its line. */
    static List<String> wrap(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" +", -1)) {
            if (line.length() > 0 && line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() > 0 ? " " : "").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
