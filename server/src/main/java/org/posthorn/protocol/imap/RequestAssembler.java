package org.posthorn.protocol.imap;

import java.util.Locale;

/**
 * Puts a request together from its lines and literals. The session reads a line, offers it, and reads what the step asks
 * for; this class decides, and holds at most {@value #MAX_LITERALS} octets of literals. One per request.
 */
public final class RequestAssembler {
    /** The longest line, in octets without CRLF. */
    public static final int MAX_LINE = 64 * 1024;

    /** The most octets of all literals of a request, the message of APPEND aside. */
    public static final int MAX_LITERALS = 64 * 1024;

    private static final int MAX_DIGITS = 10;

    /** What the session has to do next. */
    public sealed interface Step {
        /** The request is all there: parse it. */
        record Complete(String request) implements Step {}

        /** Ask for these octets with a continuation unless {@code nonSync}, read them, pass them to {@link #literal}. */
        record Literal(int size, boolean nonSync) implements Step {}

        /**
         * An APPEND up to the literal of its message: parse it, then ask for the octets unless {@code nonSync} (RFC 7888) and
         * stream them.
         */
        record Message(String request, long size, boolean nonSync) implements Step {}

        /**
         * Refuse: the literal is over the limit. A client that sent {@code nonSync} has sent the octets already, or will.
         */
        record TooLarge(String request, long size, boolean nonSync) implements Step {}
    }

    private final StringBuilder collected = new StringBuilder(0);
    private int literals;

    /** The next line, without CRLF. */
    public Step line(String line) {
        String request = collected.isEmpty() ? line : collected.append(line).toString();
        if (!line.endsWith("}")) {
            return new Step.Complete(request);
        }
        int open = line.lastIndexOf('{');
        boolean nonSync = line.charAt(Math.max(0, line.length() - 2)) == '+';
        int end = line.length() - (nonSync ? 2 : 1);
        if (open < 0 || !isSize(line, open + 1, end)) {
            return new Step.Complete(request);
        }
        long size = Long.parseLong(line, open + 1, end, 10);
        if (isAppendOfMessage(request)) {
            return new Step.Message(request, size, nonSync);
        }
        if (literals + size > MAX_LITERALS) {
            return new Step.TooLarge(request, size, nonSync);
        }
        if (collected.isEmpty()) {
            collected.append(line);
        }
        collected.append("\r\n");
        return new Step.Literal((int) size, nonSync);
    }

    /** The octets that {@link Step.Literal} asked for; a line follows. */
    public void literal(String octets) {
        literals += octets.length();
        collected.append(octets);
    }

    private static boolean isSize(String line, int from, int to) {
        if (from >= to || to - from > MAX_DIGITS) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (!Ascii.isDigit(line.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether this is {@code tag APPEND mailbox ... {n}}: the first literal after the mailbox is the message. */
    private static boolean isAppendOfMessage(String request) {
        int space = request.indexOf(' ');
        int verb = space + 1;
        if (space < 0 || !request.regionMatches(true, verb, "APPEND ", 0, 7)) {
            return false;
        }
        // A literal as the mailbox begins right after the verb; everything else up to the message is an atom or quoted.
        int mailbox = verb + 7;
        return request.charAt(mailbox) != '{' || request.indexOf('\n', mailbox) >= 0;
    }

    /** The tag of a request that cannot be parsed, or {@code *} when there is none to answer to. */
    public static String tagOf(String request) {
        int end = 0;
        while (end < request.length() && end <= 200 && Ascii.isTagChar(request.charAt(end))) {
            end++;
        }
        boolean bad = end == 0 || end > 200 || (end < request.length() && request.charAt(end) != ' ');
        return bad ? "*" : request.substring(0, end);
    }

    /** The verb of a request for the log, in upper case; "" when there is none. */
    public static String verbOf(String request) {
        int from = request.indexOf(' ') + 1;
        int to = from;
        while (from > 0 && to < request.length() && to - from < 20 && Ascii.isAtomChar(request.charAt(to))) {
            to++;
        }
        return request.substring(from, from > 0 ? to : from).toUpperCase(Locale.ROOT);
    }
}
