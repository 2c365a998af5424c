package org.posthorn.mail;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** One field of a header (RFC 5322 2.2), as a view of the bytes of {@link Headers}. Immutable. */
public final class FieldView {
    private final byte[] header;
    private final int start;
    private final int nameEnd;
    private final int valueStart;
    private final int end;

    FieldView(byte[] header, int start, int nameEnd, int valueStart, int end) {
        this.header = header;
        this.start = start;
        this.nameEnd = nameEnd;
        this.valueStart = valueStart;
        this.end = end;
    }

    /** The name in the case given. */
    public String name() {
        return HeaderText.ascii(header, start, nameEnd);
    }

    /** Whether this is its name, in any case. */
    public boolean is(String name) {
        return Headers.nameIs(header, start, nameEnd, name);
    }

    /** Where the field starts in the header, octets. */
    public int offset() {
        return start;
    }

    /** How long it is with its name, folding and the line end after it, octets. */
    public int length() {
        return end - start;
    }

    /**
     * The value, unfolded (RFC 5322 2.2.3) and without white space around it. Encoded words stay as they are; bytes above 127 are
     * read as UTF-8 (RFC 6532), or as ISO 8859-1 where they are not.
     */
    public String value() {
        return HeaderText.unfolded(header, valueStart, end);
    }

    /** As {@link #value}, but with the octets as they stand there, one char for each: for who passes them on (ISO 8859-1). */
    public String octets() {
        return HeaderText.unfoldedOctets(header, valueStart, end);
    }

    /** The value with its encoded words decoded (RFC 2047), for unstructured fields such as Subject. */
    public String decoded() {
        return EncodedWords.decode(value());
    }

    /** All bytes of the field, with its name, folding and the line end after it. */
    public byte[] raw() {
        return Arrays.copyOfRange(header, start, end);
    }

    /** The bytes after the colon, with folding and the line end. */
    public byte[] rawValue() {
        return Arrays.copyOfRange(header, valueStart, end);
    }

    /** Puts what {@link #raw} gives into an array; {@link #length} octets. */
    public void copyTo(byte[] to, int at) {
        System.arraycopy(header, start, to, at, end - start);
    }

    /** Writes what {@link #raw} gives. */
    public void writeTo(OutputStream out) throws IOException {
        out.write(header, start, end - start);
    }

    @Override
    public String toString() {
        return name() + ": " + value();
    }
}
