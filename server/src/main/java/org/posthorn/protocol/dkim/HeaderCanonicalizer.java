package org.posthorn.protocol.dkim;

import java.util.Locale;
import org.posthorn.mail.HeaderField;

/** Brings header fields into canonical form (RFC 6376 3.4.1, 3.4.2). Text is ISO 8859-1, one char per octet. */
public final class HeaderCanonicalizer {
    private HeaderCanonicalizer() {}

    /** Appends the field, without a line end. */
    public static void append(StringBuilder target, HeaderField field, Canonicalization form) {
        if (form == Canonicalization.SIMPLE) {
            target.append(field.raw());
            return;
        }
        String raw = field.raw();
        int colon = raw.indexOf(':');
        if (colon < 0) {
            target.append(field.lowerName());
            return;
        }
        target.append(field.name().toLowerCase(Locale.ROOT)).append(':');
        int start = target.length();
        boolean space = false;
        for (int i = colon + 1; i < raw.length(); i++) {
            char c = raw.charAt(i);
            switch (c) {
                case '\r', '\n' -> {
                    // Unfolding removes the line end; the white space after it counts (RFC 6376 3.4.2).
                }
                case ' ', '\t' -> space = true;
                default -> {
                    if (space && target.length() > start) {
                        target.append(' ');
                    }
                    space = false;
                    target.append(c);
                }
            }
        }
    }

    /** The field with the value of its {@code b=} tag taken away (RFC 6376 3.7), and all white space around that value. */
    public static HeaderField withoutSignature(HeaderField field) {
        String raw = field.raw();
        int start = raw.indexOf(':') + 1;
        while (start < raw.length()) {
            int semicolon = raw.indexOf(';', start);
            int end = semicolon < 0 ? raw.length() : semicolon;
            int equals = raw.indexOf('=', start);
            if (equals >= 0
                    && equals < end
                    && raw.substring(start, equals).strip().equals("b")) {
                return new HeaderField(raw.substring(0, equals + 1) + raw.substring(end));
            }
            start = end + 1;
        }
        return field;
    }
}
