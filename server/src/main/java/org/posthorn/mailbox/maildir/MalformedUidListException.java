package org.posthorn.mailbox.maildir;

/** A {@code dovecot-uidlist} that tells no UIDVALIDITY. */
final class MalformedUidListException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MalformedUidListException(String message) {
        super(message, null, false, false);
    }
}
