package org.posthorn.protocol.sasl;

import java.text.Normalizer;

/**
 * Prepares names and passwords for comparison (RFC 4013, a profile of RFC 3454). Normalization follows the Unicode version
 * of the platform rather than 3.2, so that what people type today (emoji included) is not refused.
 */
public final class SaslPrep {
    private static final int[] MAPPED_TO_NOTHING = ranges(
            0x00AD, 0x00AD, 0x034F, 0x034F, 0x1806, 0x1806, 0x180B, 0x180D, 0x200C, 0x200D, 0x2060, 0x2060, 0xFE00,
            0xFE0F, 0xFEFF, 0xFEFF);

    /** RFC 3454 C.1.2. */
    private static final int[] OTHER_SPACES =
            ranges(0x00A0, 0x00A0, 0x1680, 0x1680, 0x2000, 0x200B, 0x202F, 0x202F, 0x205F, 0x205F, 0x3000, 0x3000);

    /** RFC 3454 C.2.1, C.2.2 and C.3 to C.9, as far as the mapping leaves them. */
    private static final int[] PROHIBITED = ranges(
            0x0000, 0x001F, 0x007F, 0x009F, 0x0340, 0x0341, 0x06DD, 0x06DD, 0x070F, 0x070F, 0x180E, 0x180E, 0x200E,
            0x200F, 0x2028, 0x202E, 0x2061, 0x2063, 0x206A, 0x206F, 0x2FF0, 0x2FFB, 0xD800, 0xF8FF, 0xFDD0, 0xFDEF,
            0xFFF9, 0xFFFF, 0x1D173, 0x1D17A, 0xE0001, 0xE0001, 0xE0020, 0xE007F, 0xF0000, 0x10FFFF);

    private SaslPrep() {}

    /** Prepares what a client sent. Throws {@link SaslSyntaxException} for prohibited characters. */
    public static String query(String text) {
        return isPlainAscii(text) ? text : prepare(text);
    }

    /**
     * Prepares what we are about to store: as {@link #query}, and code points that Unicode has not assigned yet are
     * refused, since their normalization may change. Throws {@link SaslSyntaxException}.
     */
    public static String stored(String text) {
        String prepared = query(text);
        if (prepared.codePoints().anyMatch(c -> !Character.isDefined(c))) {
            throw new SaslSyntaxException("unassigned character");
        }
        return prepared;
    }

    private static boolean isPlainAscii(String text) {
        return text.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
    }

    private static String prepare(String text) {
        StringBuilder mapped = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (contains(OTHER_SPACES, c)) {
                mapped.append(' ');
            } else if (!contains(MAPPED_TO_NOTHING, c)) {
                mapped.appendCodePoint(c);
            }
        });
        String prepared = Normalizer.normalize(mapped, Normalizer.Form.NFKC);
        boolean rightToLeft = false;
        boolean leftToRight = false;
        for (int i = 0; i < prepared.length(); ) {
            int c = prepared.codePointAt(i);
            // C.4: the last two code points of every plane are not characters.
            if (contains(PROHIBITED, c) || (c & 0xFFFE) == 0xFFFE) {
                throw new SaslSyntaxException("prohibited character");
            }
            rightToLeft |= isRightToLeft(c);
            leftToRight |= Character.getDirectionality(c) == Character.DIRECTIONALITY_LEFT_TO_RIGHT;
            i += Character.charCount(c);
        }
        // RFC 3454 6: right-to-left text holds no left-to-right character, and begins and ends with a right-to-left
        // one.
        if (rightToLeft
                && (leftToRight
                        || !isRightToLeft(prepared.codePointAt(0))
                        || !isRightToLeft(prepared.codePointBefore(prepared.length())))) {
            throw new SaslSyntaxException("mixed writing directions");
        }
        return prepared;
    }

    private static boolean isRightToLeft(int c) {
        byte direction = Character.getDirectionality(c);
        return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
    }

    private static int[] ranges(int... bounds) {
        return bounds;
    }

    private static boolean contains(int[] ranges, int c) {
        for (int i = 0; i < ranges.length && c >= ranges[i]; i += 2) {
            if (c <= ranges[i + 1]) {
                return true;
            }
        }
        return false;
    }
}
