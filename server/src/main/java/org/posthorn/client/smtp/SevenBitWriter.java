package org.posthorn.client.smtp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Turns a MIME message into one of seven bits on its way to a server without 8BITMIME (RFC 6152 3): parts declared 8bit or
 * binary become quoted-printable (RFC 2045 6.7), containers of such parts become 7bit. What is not declared is not touched:
 * eight-bit text in a header, or in a message without MIME, goes as it came. One pass, bounded memory; used by one thread.
 */
final class SevenBitWriter extends OutputStream {
    /** A line is handled in pieces of this many octets; only a whole line can be a boundary (RFC 2046 5.1.1: 70 characters). */
    private static final int PIECE = 4096;

    private static final int MAX_HEADER = 64 * 1024;
    private static final int MAX_DEPTH = 50;

    private enum Mode {
        /** Collecting a part's header. */
        HEADER,
        COPY,
        ENCODE
    }

    private final OutputStream out;
    private final byte[] line = new byte[PIECE];
    private final Deque<String> boundaries = new ArrayDeque<>();
    private final ByteArrayOutputStream header = new ByteArrayOutputStream();
    private QuotedPrintable quoted;
    private int length;
    private boolean atLineStart = true;
    private Mode mode = Mode.HEADER;

    SevenBitWriter(OutputStream out) {
        this.out = out;
        this.quoted = new QuotedPrintable(out);
    }

    @Override
    public void write(int octet) throws IOException {
        line[length++] = (byte) octet;
        if (octet == '\n' || length == PIECE) {
            take(octet == '\n');
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        for (int i = offset; i < offset + count; i++) {
            write(bytes[i]);
        }
    }

    /** Writes what is held back; the end of the message. */
    void end() throws IOException {
        if (length > 0) {
            take(false);
        }
        if (mode == Mode.HEADER) {
            header.writeTo(out);
            header.reset();
        }
    }

    private void take(boolean complete) throws IOException {
        boolean whole = atLineStart && complete;
        if (!(whole && isBoundary())) {
            switch (mode) {
                case HEADER -> collect(whole);
                case COPY -> out.write(line, 0, length);
                case ENCODE -> quoted.write(line, length);
            }
        }
        atLineStart = complete;
        length = 0;
    }

    /** Whether the line ends or begins a part of a container that we are in; then it is written, and the mode set. */
    private boolean isBoundary() throws IOException {
        if (length < 4 || line[0] != '-' || line[1] != '-') {
            return false;
        }
        String text = new String(line, 2, length - 2, StandardCharsets.ISO_8859_1).stripTrailing();
        int outer = 0;
        for (String boundary : boundaries) {
            if (text.equals(boundary) || text.equals(boundary + "--")) {
                header.writeTo(out);
                header.reset();
                out.write(line, 0, length);
                boolean last = !text.equals(boundary);
                for (int i = 0; i < (last ? outer + 1 : outer); i++) {
                    boundaries.pop();
                }
                mode = last ? Mode.COPY : Mode.HEADER;
                return true;
            }
            outer++;
        }
        return false;
    }

    private void collect(boolean whole) throws IOException {
        header.write(line, 0, length);
        boolean empty = whole && (length == 1 || (length == 2 && line[0] == '\r'));
        if (empty) {
            PartHeader part = PartHeader.parse(header.toByteArray());
            header.reset();
            begin(part);
        } else if (header.size() > MAX_HEADER) {
            header.writeTo(out);
            header.reset();
            mode = Mode.COPY;
        }
    }

    private void begin(PartHeader part) throws IOException {
        if (part.isMessage()) {
            // RFC 2046 5.2.1: a message within is never encoded itself; its own parts are.
            out.write(part.withEncoding("7bit"));
            mode = Mode.HEADER;
        } else if (part.boundary().isPresent() && boundaries.size() < MAX_DEPTH) {
            out.write(part.withEncoding("7bit"));
            boundaries.push(part.boundary().get());
            mode = Mode.COPY;
        } else if (part.isEightBit()) {
            out.write(part.withEncoding("quoted-printable"));
            quoted = new QuotedPrintable(out);
            mode = Mode.ENCODE;
        } else {
            out.write(part.bytes());
            mode = Mode.COPY;
        }
    }
}
