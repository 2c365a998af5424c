package org.posthorn.protocol.dkim;

import java.util.List;
import org.posthorn.mail.HeaderField;

/**
 * Writes the field of a signature, of DKIM or ARC: tags in the order given, folded where a line would grow too long, {@code b=}
 * last. ASCII. Used by one thread.
 */
public final class SignatureWriter {
    /** Octets of a line, without CRLF. */
    private static final int LINE = 76;

    private final StringBuilder field = new StringBuilder(768);
    private int lineStart;
    private boolean any;

    public SignatureWriter(String fieldName) {
        field.append(fieldName).append(':');
    }

    /** Adds a tag. */
    public SignatureWriter tag(String name, String value) {
        separate(name.length() + value.length() + 2);
        field.append(name).append('=').append(value);
        return this;
    }

    /** Adds {@code h=}. */
    public SignatureWriter names(List<String> names) {
        separate(LINE);
        field.append("h=");
        for (int i = 0; i < names.size(); i++) {
            String colon = i == 0 ? "" : ":";
            field.append(colon);
            // One octet is left for the colon or semicolon that follows.
            if (field.length() - lineStart + names.get(i).length() + 1 > LINE) {
                fold("\r\n\t ");
            }
            field.append(names.get(i));
        }
        return this;
    }

    private void separate(int length) {
        if (any) {
            field.append(';');
        }
        any = true;
        if (field.length() - lineStart + length + 1 > LINE) {
            fold("\r\n\t");
        } else {
            field.append(' ');
        }
    }

    private void fold(String space) {
        field.append(space);
        lineStart = field.length() - space.length() + 2;
    }

    /** The field with an empty {@code b=}, as it is hashed. */
    public HeaderField unsigned() {
        separate(LINE);
        return new HeaderField(field.append("b=").toString());
    }

    /** The field, with CRLF. */
    static String signed(HeaderField unsigned, String base64) {
        StringBuilder field = new StringBuilder(unsigned.raw());
        int room = LINE - 3;
        for (int i = 0; i < base64.length(); ) {
            int end = Math.min(base64.length(), i + room);
            field.append(base64, i, end);
            if (end < base64.length()) {
                field.append("\r\n\t ");
            }
            i = end;
            room = LINE - 2;
        }
        return field.append("\r\n").toString();
    }
}
