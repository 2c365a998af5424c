package org.posthorn.dns;

import java.io.IOException;
import java.io.Serial;

/** A question that nobody could answer, and of which kind the failure is. */
final class LookUpException extends IOException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final FailureKind kind;

    LookUpException(FailureKind kind, String reason) {
        super(reason);
        this.kind = kind;
    }

    FailureKind kind() {
        return kind;
    }
}
