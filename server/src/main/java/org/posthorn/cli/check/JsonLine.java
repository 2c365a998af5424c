package org.posthorn.cli.check;

import org.posthorn.json.JsonObject;

/** JSON for standard output: in ASCII, so that it is the same whatever the locale's character set. */
final class JsonLine {
    private JsonLine() {}

    /** Beyond ASCII there are only strings, where an escape stands for the same (RFC 8259 7). */
    static String of(JsonObject object) {
        StringBuilder line = new StringBuilder();
        for (char c : object.toString().toCharArray()) {
            if (c < 0x7f) {
                line.append(c);
            } else {
                line.append("\\u%04x".formatted((int) c));
            }
        }
        return line.toString();
    }
}
