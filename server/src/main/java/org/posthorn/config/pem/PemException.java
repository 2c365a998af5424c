package org.posthorn.config.pem;

/** A PEM text without a usable private key. */
public final class PemException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public PemException(String message) {
        super(message);
    }
}
