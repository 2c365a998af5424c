package org.posthorn.json;

import java.io.Serial;

/** Text that is not JSON, or a value of another kind than the reader of it needs. */
public final class MalformedJsonException extends IllegalArgumentException {
    @Serial
    private static final long serialVersionUID = 1L;

    public MalformedJsonException(String message) {
        super(message);
    }

    public MalformedJsonException(String message, Throwable cause) {
        super(message, cause);
    }
}
