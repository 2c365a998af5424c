package org.posthorn.protocol.spf;

import java.io.Serial;

/** A record that departs from the grammar of RFC 7208 12; the message names the term. */
public final class MalformedSpfException extends IllegalArgumentException {
    @Serial
    private static final long serialVersionUID = 1L;

    MalformedSpfException(String message) {
        super(message);
    }
}
