package org.posthorn.protocol.spf;

/** What a match means (RFC 7208 4.6.2). */
public enum Qualifier {
    PASS('+', SpfResult.PASS),
    FAIL('-', SpfResult.FAIL),
    SOFTFAIL('~', SpfResult.SOFTFAIL),
    NEUTRAL('?', SpfResult.NEUTRAL);

    private final char sign;
    private final SpfResult result;

    Qualifier(char sign, SpfResult result) {
        this.sign = sign;
        this.result = result;
    }

    char sign() {
        return sign;
    }

    SpfResult result() {
        return result;
    }
}
