package org.posthorn.protocol.reportmail;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Unpacks one attachment, in memory. Used once. */
public final class Unpacker {
    /** Octets of an attachment as it came. */
    public static final int MAX_PACKED = 10 << 20;
    /** Octets of all that comes out of one attachment. */
    public static final int MAX_UNPACKED = 16 << 20;
    /** How many times larger than what it is made of the result may be, beyond the first MiB; reports shrink to a tenth as a rule. */
    public static final int MAX_RATIO = 200;
    /** Entries of a zip file that are looked at. */
    public static final int MAX_ENTRIES = 20;
    /** A packed file in a packed file; one more is no report. */
    public static final int MAX_NESTING = 2;

    private static final int FREE = 1 << 20;

    private final List<ReportDocument> found = new ArrayList<>();
    private long unpacked;

    private Unpacker() {}

    /**
     * The reports in an attachment: itself where it is plain.
     *
     * @return none when it is something else, such as a text or a picture
     */
    public static List<ReportDocument> unpack(byte[] attachment) {
        if (attachment.length > MAX_PACKED) {
            throw new UnreadableAttachmentException("more than " + MAX_PACKED + " octets");
        }
        Unpacker unpacker = new Unpacker();
        try {
            unpacker.look(attachment, 0);
        } catch (IOException | IllegalArgumentException e) {
            // IllegalArgumentException: names in a zip file that are no text
            throw new UnreadableAttachmentException("damaged: " + e.getMessage(), e);
        }
        return unpacker.found;
    }

    /** Whether something begins like a report or what one is packed in; a few octets are enough, white space is passed over. */
    static boolean mayHoldReport(byte[] start) {
        return isGzip(start) || isZip(start) || format(start).isPresent();
    }

    private void look(byte[] bytes, int depth) throws IOException {
        boolean packed = isGzip(bytes) || isZip(bytes);
        if (packed && depth == MAX_NESTING) {
            throw new UnreadableAttachmentException("packed more than " + MAX_NESTING + " times");
        }
        if (isGzip(bytes)) {
            try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                look(read(in, bytes.length), depth + 1);
            }
        } else if (isZip(bytes)) {
            entries(bytes, depth);
        } else {
            format(bytes).ifPresent(format -> found.add(new ReportDocument(format, bytes)));
        }
    }

    private void entries(byte[] bytes, int depth) throws IOException {
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            int count = 0;
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (++count > MAX_ENTRIES) {
                    throw new UnreadableAttachmentException("more than " + MAX_ENTRIES + " files in it");
                }
                if (!entry.isDirectory()) {
                    look(read(in, bytes.length), depth + 1);
                }
            }
        }
    }

    private byte[] read(InputStream in, long packed) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] block = new byte[8192];
        for (int n = in.read(block); n >= 0; n = in.read(block)) {
            unpacked += n;
            if (unpacked > MAX_UNPACKED) {
                throw new UnreadableAttachmentException("unpacks to more than " + MAX_UNPACKED + " octets");
            }
            if (unpacked > FREE && unpacked > MAX_RATIO * packed) {
                throw new UnreadableAttachmentException("unpacks to more than " + MAX_RATIO + " times its size");
            }
            out.write(block, 0, n);
        }
        return out.toByteArray();
    }

    private static boolean isGzip(byte[] bytes) {
        // RFC 1952 2.3.1
        return bytes.length > 2 && bytes[0] == 0x1f && bytes[1] == (byte) 0x8b;
    }

    private static boolean isZip(byte[] bytes) {
        return bytes.length > 4 && bytes[0] == 'P' && bytes[1] == 'K' && bytes[2] == 3 && bytes[3] == 4;
    }

    private static Optional<ReportDocument.Format> format(byte[] bytes) {
        for (byte octet : bytes) {
            switch (octet) {
                // white space, byte order marks, and the zeros of UTF-16
                case ' ', '\t', '\r', '\n', 0, (byte) 0xef, (byte) 0xbb, (byte) 0xbf, (byte) 0xfe, (byte) 0xff -> {}
                case '<' -> {
                    return Optional.of(ReportDocument.Format.XML);
                }
                case '{' -> {
                    return Optional.of(ReportDocument.Format.JSON);
                }
                default -> {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }
}
