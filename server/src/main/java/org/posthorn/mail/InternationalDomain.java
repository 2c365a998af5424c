package org.posthorn.mail;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * U-labels and A-labels of domains (RFC 5890), mapped as UTS #46 does without its transitional processing: {@code faß.de} is not
 * {@code fass.de}. The tables are those of the JDK's Unicode.
 */
final class InternationalDomain {
    private static final String PREFIX = "xn--";
    private static final String DOTS = "[.\u3002\uff0e\uff61]";
    /** Signs after which a joiner may stand (RFC 5892 A.1, A.2: those of combining class Virama). */
    private static final String VIRAMAS =
            "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d3b\u0d3c\u0d4d\u0dca\u0e3a\u0eba"
                    + "\u0f84\u1039\u103a\u1714\u1734\u17d2\u1a60\u1b44\u1baa\u1bab\u1bf2\u1bf3\u2d7f\ua806\ua82c\ua8c4\ua953\ua9c0\uaaf6\uabed";

    private InternationalDomain() {}

    /** The domain in A-labels; empty when it has none. Whether the result is a host name is still to be checked. */
    static Optional<String> toAscii(String text) {
        if (text.codePoints().anyMatch(InternationalDomain::hidesDot)) {
            return Optional.empty();
        }
        List<String> ascii = new ArrayList<>();
        boolean bidi = false;
        for (String label : map(text).split(DOTS, -1)) {
            Optional<String> unicode = label.startsWith(PREFIX) ? decode(label) : Optional.of(label);
            if (unicode.isEmpty() || !isValid(unicode.get())) {
                return Optional.empty();
            }
            bidi |= Bidi.isRightToLeft(unicode.get());
            ascii.add(isAscii(unicode.get()) ? unicode.get() : PREFIX + Punycode.encode(unicode.get()));
        }
        String name = String.join(".", ascii);
        return bidi && !Bidi.mayAllStand(toUnicode(name)) ? Optional.empty() : Optional.of(name);
    }

    /** The domain in U-labels; a label that is no A-label stays as it is. */
    static String toUnicode(String name) {
        return Arrays.stream(name.split("\\.", -1))
                .map(label -> label.startsWith(PREFIX) ? decode(label).orElse(label) : label)
                .collect(Collectors.joining("."));
    }

    /** RFC 5890 2.3.2.1: an A-label says what a U-label says, and nothing that could be said without. */
    private static Optional<String> decode(String label) {
        return Punycode.decode(label.substring(PREFIX.length()))
                .filter(unicode -> !isAscii(unicode)
                        && map(unicode).equals(unicode)
                        && isValid(unicode)
                        && label.equals(PREFIX + Punycode.encode(unicode)));
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    /** UTS #46 4 steps 1 and 2: characters to their lower case and compatible form, invisible ones left out. */
    private static String map(String text) {
        StringBuilder lower = new StringBuilder(text.length());
        Normalizer.normalize(text, Form.NFKC).codePoints().forEach(c -> {
            if (!isIgnored(c)) {
                // each by itself, for a sigma at the end must not become a final one
                lower.append(Character.toString(c).toLowerCase(Locale.ROOT));
            }
        });
        return Normalizer.normalize(lower, Form.NFKC);
    }

    /** Whether the compatible form has a dot in it, such as that of the digit one with a full stop. */
    private static boolean hidesDot(int c) {
        return c >= 0x80
                && DOTS.indexOf(c) < 0
                && Normalizer.normalize(Character.toString(c), Form.NFKC).indexOf('.') >= 0;
    }

    private static boolean isIgnored(int c) {
        return c == 0xad
                || c == 0x34f
                || c == 0x200b
                || c == 0x2060
                || c == 0x2064
                || c == 0xfeff
                || (c >= 0xfe00 && c <= 0xfe0f)
                || (c >= 0x180b && c <= 0x180f)
                || (c >= 0xe0100 && c <= 0xe01ef)
                || c == 0x115f
                || c == 0x1160;
    }

    /** UTS #46 4.1. */
    private static boolean isValid(String label) {
        if (isAscii(label)) {
            return !label.startsWith(PREFIX);
        }
        boolean hyphens = label.startsWith("-") || label.endsWith("-") || label.startsWith("--", 2);
        return !hyphens
                && !isMark(label.codePointAt(0))
                && label.codePoints().allMatch(InternationalDomain::isAllowed)
                && joinersStandRight(label);
    }

    private static boolean isAllowed(int c) {
        if (c < 0x80) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        }
        return switch (Character.getType(c)) {
            case Character.UNASSIGNED,
                    Character.CONTROL,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UPPERCASE_LETTER,
                    Character.TITLECASE_LETTER -> false;
            case Character.FORMAT -> c == 0x200c || c == 0x200d;
            default -> c != 0xfffd && c != 0x3002 && (c < 0x2ff0 || c > 0x2ffb);
        };
    }

    private static boolean isMark(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK -> true;
            default -> false;
        };
    }

    /** RFC 5892 A.1 and A.2; that Arabic letters are joined by a non-joiner's neighbours is taken from their script. */
    private static boolean joinersStandRight(String label) {
        for (int i = 0; i < label.length(); i++) {
            char c = label.charAt(i);
            boolean afterVirama = i > 0 && VIRAMAS.indexOf(label.charAt(i - 1)) >= 0;
            boolean betweenArabic = c == '\u200c'
                    && i > 0
                    && i + 1 < label.length()
                    && Bidi.isArabicLetter(label.charAt(i - 1))
                    && Bidi.isArabicLetter(label.charAt(i + 1));
            if ((c == '\u200c' || c == '\u200d') && !afterVirama && !betweenArabic) {
                return false;
            }
        }
        return true;
    }
}
