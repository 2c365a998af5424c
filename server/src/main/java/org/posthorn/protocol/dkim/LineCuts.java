package org.posthorn.protocol.dkim;

/**
 * Hands a body on, and says before each line that may begin what a mailing list has added: one that begins with two equal
 * characters of a rule or a boundary, as {@code --} or {@code __}. Constant memory. Used by one thread.
 */
final class LineCuts {
    /** Cuts that are told of: a real message has a few, and each costs a hash. */
    static final int MAX_CUTS = 1000;

    private static final String RULES = "-_=*#~+";
    private static final int NOTHING = -1;

    /** Takes the body. */
    interface Sink {
        void take(byte[] bytes, int offset, int length);

        /** What comes next may be an addition. */
        void cut();
    }

    private final Sink sink;
    private boolean lineStart = true;
    /** The first character of a line, as long as the second has not come. */
    private int held = NOTHING;

    private int cuts;

    LineCuts(Sink sink) {
        this.sink = sink;
    }

    void update(byte[] bytes, int offset, int length) {
        if (length == 0) {
            return;
        }
        int end = offset + length;
        int given = offset;
        if (held != NOTHING) {
            if (bytes[offset] == held) {
                cut();
            }
            release();
        }
        int at = lineStart ? offset : nextLine(bytes, offset, end);
        lineStart = false;
        while (at >= 0 && at < end) {
            if (RULES.indexOf(bytes[at]) >= 0) {
                if (at + 1 == end) {
                    sink.take(bytes, given, at - given);
                    held = bytes[at];
                    return;
                }
                if (bytes[at + 1] == bytes[at]) {
                    sink.take(bytes, given, at - given);
                    given = at;
                    cut();
                }
            }
            at = nextLine(bytes, at, end);
        }
        lineStart = at == end;
        sink.take(bytes, given, end - given);
    }

    /** The body is over. */
    void finish() {
        if (held != NOTHING) {
            release();
        }
    }

    private void release() {
        sink.take(new byte[] {(byte) held}, 0, 1);
        held = NOTHING;
    }

    private void cut() {
        if (cuts < MAX_CUTS) {
            cuts++;
            sink.cut();
        }
    }

    /** After the next line feed, which may be the end; -1 where there is none. */
    private static int nextLine(byte[] bytes, int from, int end) {
        for (int i = from; i < end; i++) {
            if (bytes[i] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }
}
