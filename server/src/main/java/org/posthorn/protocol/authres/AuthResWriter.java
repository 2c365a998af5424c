package org.posthorn.protocol.authres;

/** Writes results so that nothing from outside can end a line, a comment or a quoted string. */
final class AuthResWriter {
    /** RFC 5322 2.1.1. */
    private static final int LINE = 78;

    private static final String FOLD = "\r\n\t";

    private final StringBuilder out = new StringBuilder(400);
    private int column = AuthenticationResults.NAME.length() + 2;

    static String payload(AuthenticationResults results) {
        AuthResWriter writer = new AuthResWriter();
        writer.append(value(results.authservId()));
        if (results.results().isEmpty()) {
            writer.append("; none");
        }
        for (MethodResult result : results.results()) {
            writer.append(";");
            writer.fold();
            writer.write(result);
        }
        return writer.out.toString();
    }

    private void write(MethodResult result) {
        append(result.method() + "=" + result.result());
        result.comment().ifPresent(text -> word("(" + commentText(text) + ")"));
        result.reason().ifPresent(text -> word("reason=" + quoted(text)));
        for (Property property : result.properties()) {
            word(property.type() + "." + property.name() + "=" + propertyValue(property.value()));
        }
    }

    private void word(String text) {
        if (column + 1 + text.length() > LINE) {
            fold();
            append(text);
        } else {
            append(" " + text);
        }
    }

    private void fold() {
        out.append(FOLD);
        // A tab is as good as eight columns.
        column = 8;
    }

    private void append(String text) {
        out.append(text);
        column += text.length();
    }

    /** RFC 8601 2.2 pvalue: a value, or an address, of which the local part may be missing. */
    private static String propertyValue(String text) {
        int at = text.lastIndexOf('@');
        boolean address = at >= 0
                && text.substring(0, at).chars().allMatch(c -> c == '.' || isAtom(c))
                && at + 1 < text.length()
                && text.substring(at + 1).chars().allMatch(c -> c == '.' || isAtom(c));
        return address ? text : value(text);
    }

    /** RFC 2045 5.1: a token, or a quoted string. */
    private static String value(String text) {
        return !text.isEmpty() && text.chars().allMatch(AuthResParser::isToken) ? text : quoted(text);
    }

    private static boolean isAtom(int c) {
        return c > 0x7f ? !isControl(c) : AuthResParser.isToken(c) && c != '.';
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\');
            }
            quoted.append(isControl(c) ? '?' : c);
        }
        return quoted.append('"').toString();
    }

    private static String commentText(String text) {
        StringBuilder comment = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '(' || c == ')' || c == '\\') {
                comment.append('\\');
            }
            comment.append(isControl(c) ? '?' : c);
        }
        return comment.toString();
    }

    private static boolean isControl(int c) {
        return c < 0x20 || (c >= 0x7f && c < 0xa0) || Character.isSurrogate((char) c) || c == 0x2028 || c == 0x2029;
    }
}
