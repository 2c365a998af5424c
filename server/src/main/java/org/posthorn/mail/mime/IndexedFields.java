package org.posthorn.mail.mime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.posthorn.mail.FieldView;
import org.posthorn.mail.HeaderText;
import org.posthorn.mail.Headers;

/**
 * The fields of a message's header that clients search, sort and list by, as an index keeps them: with all their octets and in their
 * order, so that whatever is read from them is what is read from the message. A row is a version octet and the fields; of a message
 * whose fields are too long together, or whose header is not known to its end, it is the version alone.
 */
public final class IndexedFields {
    /** The most that is kept of a message, octets. */
    public static final int MAX_OCTETS = 16 * 1024;

    private static final byte VERSION = 1;

    /** What ENVELOPE shows (RFC 3501 7.4.2) and THREAD asks for besides (RFC 5256). */
    private static final Set<String> NAMES = Set.of(
            "date",
            "subject",
            "from",
            "sender",
            "reply-to",
            "to",
            "cc",
            "bcc",
            "message-id",
            "in-reply-to",
            "references");

    /** Fields of so many octets fit into {@link MimeStructure#MAX_TEXT}, whatever they are. */
    private static final int SURELY_FITS = 3 * 1024;

    private IndexedFields() {}

    /** Whether a field is one of those that are kept. */
    public static boolean has(String name) {
        return NAMES.contains(HeaderText.lower(name));
    }

    /**
     * The row for a header.
     *
     * @param whole whether the header is here to its end
     */
    public static byte[] encode(Headers headers, boolean whole) {
        List<FieldView> kept = new ArrayList<>();
        int octets = 0;
        int described = 0;
        for (FieldView field : headers) {
            String name = HeaderText.lower(field.name());
            if (NAMES.contains(name)) {
                kept.add(field);
                octets += field.length();
            } else if (name.startsWith("content-")) {
                described += field.length();
            }
        }
        boolean known = whole && headers.count() < Headers.MAX_FIELDS && octets <= MAX_OCTETS;
        if (!known || (octets + described > SURELY_FITS && isCutShort(headers))) {
            return new byte[] {VERSION};
        }
        byte[] row = new byte[1 + octets];
        row[0] = VERSION;
        int at = 1;
        for (FieldView field : kept) {
            field.copyTo(row, at);
            at += field.length();
        }
        return row;
    }

    /** Whether the structure leaves something of this header out, so that its envelope cannot be told by the fields alone. */
    private static boolean isCutShort(Headers headers) {
        TextAllowance allowance = new TextAllowance();
        new OpenPart(0, true, ContentType.TEXT).readHeader(headers, true, allowance);
        return allowance.isExceeded();
    }

    /** Whether a row tells what there is to know; another is to be written anew. */
    public static boolean isCurrent(byte[] row) {
        return row.length > 0 && row[0] == VERSION;
    }

    /** A header of the kept fields alone; empty when the message must be read. The row must not change afterwards. */
    public static Optional<Headers> decode(byte[] row) {
        return isCurrent(row) && row.length > 1 ? Optional.of(Headers.parse(row, 1, row.length)) : Optional.empty();
    }
}
