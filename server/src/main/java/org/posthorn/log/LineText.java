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
            // A surrogate is looked at with its other half: letters and pictures beyond the basic plane stay.
            if (isHarmful(line.codePointAt(i))) {
                return replaced(line);
            }
        }
        return line;
    }

    private static String replaced(String line) {
        StringBuilder text = new StringBuilder(line.length());
        line.codePoints().map(c -> isHarmful(c) ? '?' : c).forEach(text::appendCodePoint);
        return text.toString();
    }

    private static boolean isHarmful(int c) {
        if (c < 0x7f) {
            return c < ' ' && c != '\t' && c != '\n';
        }
        int type = Character.getType(c);
        return c < 0xa0
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.FORMAT;
    }
}
