package org.posthorn.protocol.imap;

/** A request that breaks the grammar; the session answers it with {@code BAD} and this text, and goes on. */
public final class ImapSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean ofName;

    public ImapSyntaxException(String message) {
        this(message, false);
    }

    private ImapSyntaxException(String message, boolean ofName) {
        super(message, null, false, false);
        this.ofName = ofName;
    }

    /** A mailbox name that no mailbox can have, in a request that is well formed otherwise. */
    static ImapSyntaxException ofName(String message) {
        return new ImapSyntaxException(message, true);
    }

    /** Whether the fault is in a mailbox's name: then the answer is {@code NO}, as for a mailbox that is not there. */
    public boolean isOfName() {
        return ofName;
    }
}
