package org.posthorn.mail.mime;

/**
 * Undoes a transfer encoding (RFC 2045 6) piece by piece. Tolerant: what is no encoding is passed over (base64) or taken as it is
 * (quoted-printable). Used by one thread.
 */
sealed interface TransferDecoder permits Base64Decoder, QuotedPrintableDecoder, IdentityDecoder {
    /** How much longer the output of a piece may be than the piece: what was held back before. */
    int MAX_HELD_BACK = 300;

    /**
     * Decodes {@code in[0, length)} into {@code out}.
     *
     * @return octets put out, at most {@code length} and {@link #MAX_HELD_BACK}
     */
    int decode(byte[] in, int length, byte[] out);

    /** Puts out what was held back, at the end; at most {@link #MAX_HELD_BACK} octets. */
    int finish(byte[] out);

    /** The decoder of an encoding in lower case; an unknown one is taken for none at all. */
    static TransferDecoder of(String encoding) {
        return switch (encoding) {
            case "base64" -> new Base64Decoder();
            case "quoted-printable" -> new QuotedPrintableDecoder();
            default -> new IdentityDecoder();
        };
    }
}
