package org.posthorn.mail;

/** Text that is not a mail address or domain. */
public final class MalformedAddressException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public MalformedAddressException(String message) {
        super(message);
    }
}
