package org.posthorn.server.imap;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.posthorn.mail.FieldView;
import org.posthorn.mail.Headers;
import org.posthorn.mail.MessageContent;
import org.posthorn.mail.mime.ByteRange;
import org.posthorn.protocol.imap.FetchItem.Section;

/** HEADER.FIELDS and HEADER.FIELDS.NOT (RFC 3501 6.4.5): some fields of a header as they stand there, and an empty line. */
final class HeaderSubset {
    private HeaderSubset() {}

    /** Octets of memory for each octet of a header that is read: itself, its fields, and what is chosen. */
    static final int COST = 4;

    static byte[] of(MessageContent content, ByteRange header, Section section) throws IOException {
        ByteArrayOutputStream chosen = new ByteArrayOutputStream(512);
        boolean listed = section.kind() == Section.Kind.HEADER_FIELDS;
        for (FieldView field : read(content, header)) {
            if (section.fields().stream().anyMatch(field::is) == listed) {
                field.writeTo(chosen);
            }
        }
        chosen.write('\r');
        chosen.write('\n');
        return chosen.toByteArray();
    }

    /** A part's header, as much of it as is looked at anywhere. */
    static Headers read(MessageContent content, ByteRange header) throws IOException {
        long length = Math.min(header.length(), Headers.MAX_OCTETS);
        try (InputStream in = content.open(header.start(), length)) {
            return Headers.parse(in.readNBytes((int) length));
        }
    }
}
