package org.posthorn.mailbox;

import java.util.HexFormat;
import java.util.Optional;

/**
 * Names a message within its account for good: it stays when the message moves to another mailbox, and a copy gets one of its own. An
 * objectid of RFC 8474 (EMAILID) and an Id of RFC 8621 in its text, which is {@code m} and 32 hexadecimal digits.
 *
 * @param high the first 64 of its 128 bits
 */
public record EmailId(long high, long low) {
    private static final HexFormat HEX = HexFormat.of();
    private static final int DIGITS = 16;
    private static final int LENGTH = 1 + 2 * DIGITS;

    /** Reads what {@link #text} gives; empty for anything else. */
    public static Optional<EmailId> parse(String text) {
        if (text.length() != LENGTH || text.charAt(0) != 'm' || !text.equals(text.toLowerCase(java.util.Locale.ROOT))) {
            return Optional.empty();
        }
        try {
            return Optional.of(new EmailId(
                    HexFormat.fromHexDigitsToLong(text, 1, 1 + DIGITS),
                    HexFormat.fromHexDigitsToLong(text, 1 + DIGITS, LENGTH)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    public String text() {
        return "m" + HEX.toHexDigits(high) + HEX.toHexDigits(low);
    }

    @Override
    public String toString() {
        return text();
    }
}
