package org.posthorn.protocol.sasl;

/** A SASL message, name or password that breaks the grammar. */
public final class SaslSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SaslSyntaxException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
