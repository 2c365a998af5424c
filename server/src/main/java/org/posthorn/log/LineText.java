package org.posthorn.log;

/** What may stand in a line of the log, whoever wrote it: others quote what strangers said without looking at it. */
final class LineText {
    private LineText() {}

    /**
     * The line with a question mark for each character that makes a terminal or an editor show something else: those that turn the
     * direction of writing, that show nothing, that end a line in Unicode, and the controls of ISO 8859-1.
     */
    static String harmless(String line) {
        for (int i = 0; i < line.length(); i++) {
            if (isHarmful(line.charAt(i))) {
                return replaced(line);
            }
        }
        return line;
    }

    private static String replaced(String line) {
        StringBuilder text = new StringBuilder(line);
        for (int i = 0; i < text.length(); i++) {
            if (isHarmful(text.charAt(i))) {
                text.setCharAt(i, '?');
            }
        }
        return text.toString();
    }

    private static boolean isHarmful(char c) {
        if (c < 0x7f) {
            return c < ' ' && c != '\t' && c != '\n';
        }
        return c < 0xa0 || c == '\u2028' || c == '\u2029' || Character.getType(c) == Character.FORMAT;
    }
}
