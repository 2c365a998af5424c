package org.posthorn.log;

/** Writes {@code key=value} so that no value can pretend to be another pair or another line. */
final class Pairs {
    private Pairs() {}

    static void append(StringBuilder line, String key, String value) {
        line.append(' ').append(key).append('=');
        String safe = MailLog.safe(value);
        if (!mustQuote(safe)) {
            line.append(safe);
            return;
        }
        line.append('"');
        for (int i = 0; i < safe.length(); i++) {
            char c = safe.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\');
            }
            line.append(c);
        }
        line.append('"');
    }

    private static boolean mustQuote(String value) {
        return value.isEmpty() || value.chars().anyMatch(c -> c == ' ' || c == '"' || c == '=' || c == '\\');
    }
}
