package org.posthorn.mail;

import java.util.Locale;

/**
 * One field of a message header as it came (RFC 5322 2.2).
 *
 * @param raw name, colon and value with its folds, without the final CRLF; ISO 8859-1, one char per octet
 */
public record HeaderField(String raw) {
    /** Makes a field of ASCII text. */
    public static HeaderField of(String name, String value) {
        return new HeaderField(name + ": " + value);
    }

    /** The name in the case given, without white space before the colon; all of {@link #raw} where there is no colon. */
    public String name() {
        int end = colon();
        while (end > 0 && (raw.charAt(end - 1) == ' ' || raw.charAt(end - 1) == '\t')) {
            end--;
        }
        return raw.substring(0, end);
    }

    /** The name in lower case. */
    public String lowerName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean is(String name) {
        return raw.regionMatches(true, 0, name, 0, name.length()) && name().length() == name.length();
    }

    /** Whether it is one of those by which a mailing list shows that it has sent the message on (RFC 2919, RFC 2369). */
    public boolean isOfList() {
        return is("List-Id") || is("List-Post") || is("Mailing-List");
    }

    /** What follows the colon, as it came. */
    public String value() {
        return raw.substring(Math.min(raw.length(), colon() + 1));
    }

    /** The value on one line, trimmed: line ends are removed, the white space of folds stays (RFC 5322 2.2.3). */
    public String unfolded() {
        return value().replace("\r", "").replace("\n", "").strip();
    }

    private int colon() {
        int colon = raw.indexOf(':');
        return colon < 0 ? raw.length() : colon;
    }
}
