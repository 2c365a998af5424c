package org.posthorn.client.dnsprovider;

import java.io.IOException;
import org.posthorn.log.MailLog;

/** A provider did not do what it was asked; the message is fit to be shown, and holds no secret. */
public final class DnsProviderException extends IOException {
    private static final long serialVersionUID = 1;
    private static final int MAX_MESSAGE = 500;

    /** What to do about it. */
    public enum Kind {
        /** Try again later. */
        UNREACHABLE,
        /** The key or token is wrong, or may not do this. */
        REFUSED,
        /** Somebody else changed the records meanwhile: look again. */
        CHANGED,
        /** What was asked is not possible there. */
        REJECTED
    }

    private final Kind kind;

    public DnsProviderException(Kind kind, String message) {
        super(shown(message));
        this.kind = kind;
    }

    public DnsProviderException(Kind kind, String message, Throwable cause) {
        super(shown(message), cause);
        this.kind = kind;
    }

    /** Words of others are in it: in one line, and not too long. */
    private static String shown(String message) {
        String safe = MailLog.safe(message);
        return safe.length() > MAX_MESSAGE ? safe.substring(0, MAX_MESSAGE) + "..." : safe;
    }

    public Kind kind() {
        return kind;
    }
}
