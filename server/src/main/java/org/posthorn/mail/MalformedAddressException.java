package org.posthorn.mail;

/** Text that is not a mail address or domain; the message names the text, with control characters shown as {@code ?}. */
public final class MalformedAddressException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;
    private static final int SHOWN = 80;

    public MalformedAddressException(String message) {
        super(message);
    }

    static MalformedAddressException of(String problem, String text) {
        String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
        return new MalformedAddressException(problem + ": " + shown.replaceAll("\\p{Cntrl}", "?"));
    }
}
