package org.posthorn.server.imap;

/**
 * The connection broke, or has to be cut; ends the session. Unchecked, so that an IOException in a command always means the
 * store.
 */
final class Disconnected extends RuntimeException {
    private static final long serialVersionUID = 1;

    Disconnected(String reason) {
        super(reason, null, false, false);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
