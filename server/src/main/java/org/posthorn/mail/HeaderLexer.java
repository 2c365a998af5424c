package org.posthorn.mail;

/**
 * Reads the words of a structured field's unfolded value (RFC 5322 3.2, RFC 2045 5.1), leniently: nothing is an error, whatever
 * is not closed ends with the text. Used by one thread.
 */
public final class HeaderLexer {
    private final String text;
    private int at;
    private String comment = "";

    public HeaderLexer(String text) {
        this.text = text;
    }

    public boolean atEnd() {
        return at >= text.length();
    }

    /** The next character, or NUL at the end. */
    public char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    /** Passes over the next character. */
    public void next() {
        at++;
    }

    /** Passes over this character if it is the next. */
    public boolean take(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    /** How far the text is read, characters. */
    public int position() {
        return at;
    }

    /** Text read before, as it stands there. */
    public String slice(int from, int to) {
        return text.substring(from, to);
    }

    /** Passes over white space and comments, which may be nested (RFC 5322 3.2.2). */
    public void skipComments() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '(') {
                readComment();
            } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                at++;
            } else {
                return;
            }
        }
    }

    /** What the last comment passed over said, and forgets it; empty when there was none. */
    public String takeComment() {
        String taken = comment;
        comment = "";
        return taken;
    }

    /** Passes over everything up to one of these characters, quoted strings and comments as a whole. */
    public void skipTo(String ends) {
        while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
            switch (text.charAt(at)) {
                case '"' -> quotedString();
                case '(' -> readComment();
                default -> at++;
            }
        }
    }

    /** The run of characters up to white space, a comment, a quotation mark or one of these; may be empty. */
    public String runUntil(String ends) {
        int start = at;
        while (at < text.length() && !endsRun(text.charAt(at), ends)) {
            at++;
        }
        return text.substring(start, at);
    }

    /** The content of the quoted string that starts here. */
    public String quotedString() {
        StringBuilder content = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                break;
            }
            if (c == '\\' && at < text.length()) {
                c = text.charAt(at++);
            }
            content.append(c);
        }
        return content.toString();
    }

    private static boolean endsRun(char c, String ends) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '(' || c == '"' || ends.indexOf(c) >= 0;
    }

    private void readComment() {
        StringBuilder content = new StringBuilder();
        int depth = 1;
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '\\' && at < text.length()) {
                c = text.charAt(at++);
            } else if (c == '(') {
                depth++;
            } else if (c == ')' && --depth == 0) {
                break;
            }
            content.append(c);
        }
        comment = content.toString().strip();
    }
}
