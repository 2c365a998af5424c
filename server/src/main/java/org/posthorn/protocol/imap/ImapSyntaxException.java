package org.posthorn.protocol.imap;

/** A request that breaks the grammar; the session answers it with {@code BAD} and this text, and goes on. */
public final class ImapSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ImapSyntaxException(String message) {
        super(message, null, false, false);
    }
}
