package org.posthorn.mail.mime;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.posthorn.mail.Headers;
import org.posthorn.mail.LineEnds;

/** One pass over a message: finds line ends, the empty lines after headers, and delimiters. Used once. */
final class StructureParser {
    private static final int BUFFER = 32 * 1024;

    private final byte[] buffer;
    /** Where the buffer lies in the message, octets. */
    private long base;

    /** The message and the parts around the place being read, each within the one before. */
    private final List<OpenPart> open = new ArrayList<>();

    private int multiparts;
    private int parts;
    private boolean inHeader;

    private byte[] header = new byte[1024];
    private int headerLength;
    private final TextAllowance allowance = new TextAllowance();
    private int headersLeft = MimeStructure.MAX_HEADERS;

    private long lineFeeds;
    /** Octets of the end of the line before: 2, 1, or 0 at the start. */
    private int terminator;

    StructureParser(long size) {
        this.buffer = new byte[Math.clamp(size, 2 * MimeStructure.MAX_BOUNDARY, BUFFER)];
    }

    MimePart parse(InputStream in) throws IOException {
        begin(0, true, ContentType.TEXT);
        int limit = 0;
        int line = 0;
        boolean lineGoesOn = false;
        boolean endsInCr = false;
        for (int n = fill(in, 0); n > 0; n = fill(in, limit)) {
            limit += n;
            for (int lf = LineEnds.indexOfLf(buffer, limit - n, limit); lf >= 0; ) {
                if (lineGoesOn) {
                    restOfLine(line, lf + 1);
                } else {
                    line(line, lf + 1);
                }
                terminator = (lf > line ? buffer[lf - 1] == '\r' : lineGoesOn && endsInCr) ? 2 : 1;
                lineFeeds++;
                lineGoesOn = false;
                line = lf + 1;
                lf = LineEnds.indexOfLf(buffer, line, limit);
            }
            if (limit == buffer.length && line == 0) {
                // longer than any delimiter: what is there of the line can go
                if (lineGoesOn) {
                    restOfLine(0, limit);
                } else {
                    line(0, limit);
                }
                lineGoesOn = true;
                endsInCr = buffer[limit - 1] == '\r';
                line = limit;
            }
            if (limit == buffer.length) {
                System.arraycopy(buffer, line, buffer, 0, limit - line);
                base += line;
                limit -= line;
                line = 0;
            }
        }
        if (limit > line && !lineGoesOn) {
            line(line, limit);
        }
        return finish(base + limit);
    }

    private int fill(InputStream in, int limit) throws IOException {
        return in.read(buffer, limit, buffer.length - limit);
    }

    /** A line, or the first piece of one that is longer than the buffer. */
    private void line(int from, int to) {
        if (multiparts > 0 && to - from > 2 && buffer[from] == '-' && buffer[from + 1] == '-' && delimiter(from, to)) {
            return;
        }
        if (inHeader) {
            if (buffer[from] == '\n' || (buffer[from] == '\r' && to - from == 2 && buffer[from + 1] == '\n')) {
                endHeader(base + to, lineFeeds + 1);
            } else {
                keepHeader(from, to);
            }
        }
    }

    private void restOfLine(int from, int to) {
        if (inHeader) {
            keepHeader(from, to);
        }
    }

    private void keepHeader(int from, int to) {
        int count = Math.min(Math.min(to - from, Headers.MAX_OCTETS - headerLength), headersLeft);
        if (headerLength + count > header.length) {
            header = Arrays.copyOf(header, Math.max(2 * header.length, headerLength + count));
        }
        System.arraycopy(buffer, from, header, headerLength, count);
        headerLength += count;
        headersLeft -= count;
    }

    private void begin(long start, boolean isMessage, ContentType defaultType) {
        open.add(new OpenPart(start, isMessage, defaultType));
        parts++;
        inHeader = true;
        headerLength = 0;
    }

    /** The innermost part's body starts; a message in it starts with it. */
    private void endHeader(long bodyStart, long linesBefore) {
        OpenPart part = open.getLast();
        boolean mayNest = open.size() < MimeStructure.MAX_DEPTH && parts < MimeStructure.MAX_PARTS;
        part.readHeader(Headers.parse(header, 0, headerLength), mayNest, allowance);
        part.startBody(bodyStart, linesBefore);
        inHeader = false;
        if (part.hasDelimiter()) {
            multiparts++;
        } else if (part.type().isMessage()) {
            begin(bodyStart, true, ContentType.TEXT);
            if (part.isBase64()) {
                // RFC 2046 5.2.1 forbids it; no field is to be read from it
                endHeader(bodyStart, linesBefore);
            }
        }
    }

    /** Acts on a delimiter of one of the multiparts around; false when the line is none. */
    private boolean delimiter(int from, int to) {
        Optional<Delimiter> found = match(from + 2, to);
        if (found.isEmpty()) {
            return false;
        }
        int level = found.get().level();
        boolean another = !found.get().closes();
        if (another && parts >= MimeStructure.MAX_PARTS) {
            return false;
        }
        closeDownTo(level, base + from);
        OpenPart multipart = open.get(level);
        if (another) {
            begin(base + to, false, multipart.defaultOfParts());
        } else {
            multipart.closeDelimiter();
            multiparts--;
        }
        return true;
    }

    private record Delimiter(int level, boolean closes) {}

    /**
     * The innermost multipart whose delimiter this is, the hyphens before it left out (RFC 2046 5.1.1: the delimiter of a multipart
     * further out ends those within it).
     */
    private Optional<Delimiter> match(int from, int to) {
        for (int level = open.size() - 1; level >= 0; level--) {
            OpenPart part = open.get(level);
            int after = part.hasDelimiter() ? part.afterBoundary(buffer, from, to) : -1;
            if (after >= 0) {
                boolean closes = to - after >= 2 && buffer[after] == '-' && buffer[after + 1] == '-';
                if (isBlank(closes ? after + 2 : after, to)) {
                    return Optional.of(new Delimiter(level, closes));
                }
            }
        }
        return Optional.empty();
    }

    /** RFC 2046 5.1.1: white space after the boundary was added on the way. */
    private boolean isBlank(int from, int to) {
        for (int i = from; i < to; i++) {
            byte c = buffer[i];
            if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
                return false;
            }
        }
        return true;
    }

    /** Ends all parts within a multipart before the delimiter that starts here. */
    private void closeDownTo(int level, long delimiter) {
        while (inHeader) {
            endHeader(delimiter, lineFeeds);
        }
        // RFC 2046 5.1.1: the line end before a delimiter belongs to it
        long end = delimiter - terminator;
        while (open.size() - 1 > level) {
            boolean cutOff = open.size() - 2 > level;
            end = closeLast(end, end < delimiter ? lineFeeds - 1 : lineFeeds, cutOff);
        }
    }

    /**
     * Ends the innermost part.
     *
     * @param cutOff not by a delimiter of the multipart that it is in
     * @return where it really ends, for a delimiter may follow its header at once
     */
    private long closeLast(long end, long lines, boolean cutOff) {
        OpenPart part = open.removeLast();
        if (part.hasDelimiter()) {
            multiparts--;
        }
        boolean misplacedEnd = cutOff && part.isNothing(end);
        if (!misplacedEnd) {
            open.getLast().add(part.close(end, lines));
        }
        return part.endAt(end);
    }

    private MimePart finish(long end) {
        while (inHeader) {
            endHeader(end, lineFeeds);
        }
        while (open.size() > 1) {
            closeLast(end, lineFeeds, true);
        }
        return open.getFirst().close(end, lineFeeds);
    }
}
