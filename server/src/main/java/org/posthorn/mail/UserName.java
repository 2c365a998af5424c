package org.posthorn.mail;

import java.text.Normalizer;
import java.util.Locale;

/**
 * Names of users as RFC 8265 3.3 prepares and compares them (UsernameCaseMapped): one form for what people see as one name, however it
 * was typed, and no name that could not be typed again.
 */
public final class UserName {
    private UserName() {}

    /** Width, case and normal form as they are compared. Never fails; what it gives may still be no name, see {@link #isValid}. */
    public static String mapped(String text) {
        if (text.chars().allMatch(c -> c < 0x80)) {
            return text.toLowerCase(Locale.ROOT);
        }
        StringBuilder narrow = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c >= 0xFF01 && c <= 0xFFEE) {
                narrow.append(Normalizer.normalize(Character.toString(c), Normalizer.Form.NFKC));
            } else {
                narrow.appendCodePoint(c);
            }
        });
        return Normalizer.normalize(narrow.toString().toLowerCase(Locale.ROOT), Normalizer.Form.NFC);
    }

    /**
     * Whether a mapped text can be a name: it stays as it is when it is mapped again, and holds only characters of the IdentifierClass
     * (RFC 8264 4.2) in one writing direction (RFC 5893). What that class allows by context alone, joiners among it, is refused.
     */
    public static boolean isValid(String mapped) {
        return !mapped.isEmpty()
                && mapped.equals(mapped(mapped))
                && mapped.codePoints().allMatch(UserName::isIdentifier)
                && !mixesArabicDigits(mapped)
                && WritingDirection.isOne(mapped);
    }

    private static boolean isIdentifier(int c) {
        if (c < 0x80) {
            return c > 0x20 && c < 0x7f;
        }
        // RFC 5892 2.6, the exceptions.
        if (c == 0x06FD || c == 0x06FE || c == 0x0F0B || c == 0x3007) {
            return true;
        }
        if (c == 0x0640 || c == 0x07FA || c == 0x302E || c == 0x302F || (c >= 0x3031 && c <= 0x3035) || c == 0x303B) {
            return false;
        }
        return isLetterOrDigit(c) && !isOldJamo(c) && !isIgnorable(c) && !isCompatibility(c);
    }

    private static boolean isLetterOrDigit(int c) {
        return switch (Character.getType(c)) {
            case Character.LOWERCASE_LETTER,
                    Character.UPPERCASE_LETTER,
                    Character.OTHER_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.DECIMAL_DIGIT_NUMBER,
                    Character.NON_SPACING_MARK,
                    Character.COMBINING_SPACING_MARK -> true;
            default -> false;
        };
    }

    private static boolean isOldJamo(int c) {
        return (c >= 0x1100 && c <= 0x11FF) || (c >= 0xA960 && c <= 0xA97C) || (c >= 0xD7B0 && c <= 0xD7FB);
    }

    /** Letters and marks that nobody sees: Default_Ignorable_Code_Point, as far as the categories let them through. */
    private static boolean isIgnorable(int c) {
        return c == 0x034F
                || c == 0x115F
                || c == 0x1160
                || c == 0x17B4
                || c == 0x17B5
                || (c >= 0x180B && c <= 0x180F)
                || c == 0x3164
                || (c >= 0xFE00 && c <= 0xFE0F)
                || c == 0xFFA0
                || (c >= 0xE0100 && c <= 0xE01EF);
    }

    private static boolean isCompatibility(int c) {
        return !Normalizer.isNormalized(Character.toString(c), Normalizer.Form.NFKC);
    }

    /** RFC 5892 A.8 and A.9. */
    private static boolean mixesArabicDigits(String text) {
        return text.codePoints().anyMatch(c -> c >= 0x0660 && c <= 0x0669)
                && text.codePoints().anyMatch(c -> c >= 0x06F0 && c <= 0x06F9);
    }
}
