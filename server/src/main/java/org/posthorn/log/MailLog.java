package org.posthorn.log;

/**
 * Where events are written. Thread-safe.
 *
 * <p>{@code component} is the Postfix-like process name after {@code posthorn/}: {@code smtpd}, {@code submission},
 * {@code smtp}, {@code local}, {@code bounce}, {@code qmgr}, {@code imap}, {@code pop3}, {@code server}, ...
 *
 * <p>Values are text of any origin: the log escapes control characters, quotes a value that holds a space, a quote or
 * an equals sign, and cuts one longer than 1,000 characters.
 */
public interface MailLog {
    /** How much an administrator should care. */
    enum Level {
        INFO,
        /** Worth a look: something was refused, or failed for now. */
        WARNING,
        /** Needs somebody: data in danger, or a defect of ours. */
        ERROR
    }

    /**
     * One event as {@code id: event key=value key=value}.
     *
     * @param id queue id or session id; "" for none
     * @param event a short name without spaces, e.g. {@code connect}, {@code login-failed}
     * @param pairs keys and values alternately; a value is written with {@code String.valueOf}
     */
    void event(Level level, String component, String id, String event, Object... pairs);

    /** A line in Postfix's own form: {@code id: text}; the text's values must be escaped by the caller with {@link #safe}. */
    void line(String component, String id, String text);

    /** As {@link #event}, with the cause: its message in the line, its stack trace below it for {@link Level#ERROR}. */
    void failure(Level level, String component, String id, String event, Throwable cause, Object... pairs);

    default void info(String component, String id, String event, Object... pairs) {
        event(Level.INFO, component, id, event, pairs);
    }

    default void warning(String component, String id, String event, Object... pairs) {
        event(Level.WARNING, component, id, event, pairs);
    }

    /** Replaces control characters, so that no input can forge a line of the log; cuts at 1,000 characters. */
    static String safe(String text) {
        int end = Math.min(text.length(), 1000);
        StringBuilder result = null;
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c == 0x7f || (c >= 0x80 && c < 0xa0) || c == 0x2028 || c == 0x2029) {
                if (result == null) {
                    result = new StringBuilder(text.length()).append(text, 0, i);
                }
                result.append('?');
            } else if (result != null) {
                result.append(c);
            }
        }
        if (result != null) {
            return result.toString();
        }
        return end == text.length() ? text : text.substring(0, end);
    }

    /** A log that keeps nothing, for tests and tools. */
    static MailLog none() {
        return Silent.INSTANCE;
    }
}
