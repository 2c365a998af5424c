package org.posthorn.mail.mime;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.posthorn.mail.MessageContent;

/**
 * Turns a message into one that fits a narrower way: of seven bits (RFC 6152 3), or with no line over 998 octets (RFC 5321
 * 4.5.3.1.6, RFC 5322 2.1.1). Parts that need it become quoted-printable (RFC 2045 6.7), a message without MIME becomes one with,
 * parts in base64 or quoted-printable get shorter lines, long header lines are folded at white space. A first pass, the
 * {@link PartSurvey}, finds the parts; the second is this. Bounded memory; used by one thread.
 */
public final class MessageConverter extends OutputStream {
    /** A line is handled in pieces of this many octets; only a whole line can be a boundary (RFC 2046 5.1.1: 70 characters). */
    private static final int PIECE = 4096;

    /** Octets of one part's header that can be changed; what we take in SMTP has 256 KiB, and our own fields on top. */
    static final int MAX_HEADER = 512 * 1024;

    private static final int MAX_DEPTH = 50;
    private static final int BLOCK = 16 * 1024;

    private enum Mode {
        /** Collecting a part's header. */
        HEADER,
        COPY,
        /** Before the first part and after the last, which nobody reads (RFC 2046 5.1.1). */
        MARGIN,
        ENCODE
    }

    private final OutputStream out;
    private final PartSurvey survey;
    private final boolean surveying;
    private final boolean sevenBit;
    private final byte[] line = new byte[PIECE];
    private final Deque<String> boundaries = new ArrayDeque<>();
    private final ByteArrayOutputStream header = new ByteArrayOutputStream();
    private QuotedPrintable quoted;
    private int length;
    private int column;
    private int part = -1;
    /** How many containers we are in where a signature covers what is within (RFC 1847 2.1); 0 for none. */
    private int signedAt;

    private boolean atLineStart = true;
    private Mode mode = Mode.HEADER;

    private MessageConverter(OutputStream out, PartSurvey survey, boolean surveying, boolean sevenBit) {
        this.out = out;
        this.survey = survey;
        this.surveying = surveying;
        this.sevenBit = sevenBit;
        this.quoted = new QuotedPrintable(out, QuotedPrintable.Input.RAW);
    }

    /** Reads the message once and finds what needs conversion. */
    public static PartSurvey survey(MessageContent content) throws IOException {
        PartSurvey survey = new PartSurvey();
        MessageConverter reader = new MessageConverter(OutputStream.nullOutputStream(), survey, true, false);
        try (InputStream in = content.open()) {
            byte[] block = new byte[Math.clamp(content.size(), 1, BLOCK)];
            for (int count = in.read(block); count >= 0; count = in.read(block)) {
                reader.write(block, 0, count);
            }
        }
        reader.end();
        return survey;
    }

    /**
     * For the second pass.
     *
     * @param survey of this very message
     * @param sevenBit whether octets above 127 must go too, not long lines alone
     */
    public static MessageConverter to(OutputStream out, PartSurvey survey, boolean sevenBit) {
        return new MessageConverter(out, survey, false, sevenBit);
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
    public void end() throws IOException {
        if (length > 0) {
            take(false);
        }
        if (mode == Mode.HEADER && header.size() > 0) {
            endHeader();
        }
    }

    private void take(boolean complete) throws IOException {
        boolean whole = atLineStart && complete;
        if (!(whole && isBoundary())) {
            switch (mode) {
                case HEADER -> collect(whole);
                case COPY -> {
                    look();
                    out.write(line, 0, length);
                }
                case MARGIN -> margin();
                case ENCODE -> quoted.write(line, length);
            }
        }
        atLineStart = complete;
        length = 0;
        column = complete ? 0 : column;
    }

    /** Notes what the piece of a body asks for. */
    private void look() {
        if (surveying) {
            int text = length;
            while (text > 0 && (line[text - 1] == '\n' || line[text - 1] == '\r')) {
                text--;
            }
            column += text;
            survey.body(part, hasEightBit(line, length), column > PartSurvey.MAX_LINE, signedAt > 0);
        }
    }

    private void margin() throws IOException {
        for (int i = 0; i < length; i++) {
            byte octet = line[i];
            if (column >= PartSurvey.MAX_LINE && octet != '\r' && octet != '\n' && signedAt == 0) {
                out.write('\r');
                out.write('\n');
                column = 0;
            }
            out.write(octet < 0 && sevenBit ? '?' : octet);
            column = octet == '\n' ? 0 : column + 1;
        }
    }

    private static boolean hasEightBit(byte[] bytes, int count) {
        for (int i = 0; i < count; i++) {
            if (bytes[i] < 0) {
                return true;
            }
        }
        return false;
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
                if (mode == Mode.HEADER && header.size() > 0) {
                    endHeader();
                }
                out.write(line, 0, length);
                boolean last = !text.equals(boundary);
                for (int i = 0; i < (last ? outer + 1 : outer); i++) {
                    boundaries.pop();
                }
                signedAt = boundaries.size() < signedAt ? 0 : signedAt;
                mode = last ? Mode.MARGIN : Mode.HEADER;
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
            endHeader();
        } else if (header.size() > MAX_HEADER) {
            // Nobody knows what the part is; its header and body go as they are.
            part++;
            mode = Mode.COPY;
            survey.stuck(part);
            if (surveying) {
                survey.body(part, hasEightBit(header.toByteArray(), header.size()), false, false);
            }
            header.writeTo(out);
            header.reset();
        }
    }

    private void endHeader() throws IOException {
        byte[] bytes = header.toByteArray();
        header.reset();
        part++;
        survey.header(hasEightBit(bytes, bytes.length) && surveying);
        begin(PartHeader.parse(bytes));
    }

    /** RFC 1428 3: text of which nobody said what it is; of a part within, nothing is said. */
    private Optional<String> charset() {
        return part == 0 ? Optional.of(survey.hasEightBit(0) ? "unknown-8bit" : "us-ascii") : Optional.empty();
    }

    private void begin(PartHeader found) throws IOException {
        boolean convert = survey.needsConversion(part, sevenBit, found.isEightBit(), signedAt > 0);
        boolean fold = signedAt == 0;
        if (found.isMessage()) {
            // RFC 2046 5.2.1: a message within is never encoded itself; its own parts are.
            out.write(found.with(sevenBit ? "7bit" : "", fold, Optional.empty()));
            mode = Mode.HEADER;
        } else if (found.boundary().isPresent() && boundaries.size() < MAX_DEPTH) {
            out.write(found.with(sevenBit ? "7bit" : "", fold, Optional.empty()));
            boundaries.push(found.boundary().get());
            signedAt = signedAt == 0 && found.type().equals("multipart/signed") ? boundaries.size() : signedAt;
            mode = Mode.MARGIN;
        } else if (found.isComposite() || !found.isKnownEncoding()) {
            // RFC 2045 6.4: such types bear no encoding, or one that we cannot read.
            survey.stuck(part);
            out.write(found.with("", fold, Optional.empty()));
            mode = Mode.COPY;
        } else if (convert && !surveying) {
            QuotedPrintable.Input input = found.input();
            out.write(found.with(input == QuotedPrintable.Input.RAW ? "quoted-printable" : "", fold, charset()));
            quoted = new QuotedPrintable(out, input);
            mode = Mode.ENCODE;
        } else {
            out.write(found.with("", fold, Optional.empty()));
            mode = Mode.COPY;
        }
    }
}
