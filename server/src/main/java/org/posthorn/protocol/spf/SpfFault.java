package org.posthorn.protocol.spf;

import java.io.Serial;

/** Ends a check early: a record that is wrong, a limit that is reached, a look-up that failed. Caught where the check began. */
final class SpfFault extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final SpfResult result;

    private SpfFault(SpfResult result, String reason) {
        super(reason, null, false, false);
        this.result = result;
    }

    static SpfFault permanent(String reason) {
        return new SpfFault(SpfResult.PERMERROR, reason);
    }

    static SpfFault temporary(String reason) {
        return new SpfFault(SpfResult.TEMPERROR, reason);
    }

    SpfResult result() {
        return result;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
