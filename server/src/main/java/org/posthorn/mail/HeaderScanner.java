package org.posthorn.mail;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Collects a message's header from bytes that arrive in pieces, up to the empty line that ends it. Used by one thread.
 *
 * <p>A line that is neither a field nor the continuation of one ends the header too, as if the empty line had stood
 * before it; that is what other mail servers make of it.
 */
public final class HeaderScanner {
    private final int max;
    private byte[] collected = new byte[2048];
    private int length;
    private int lineStart;
    private boolean complete;
    private boolean tooLarge;

    /** @param max the largest header accepted, in octets with its empty line */
    public HeaderScanner(int max) {
        this.max = max;
    }

    /**
     * Takes what belongs to the header.
     *
     * @return how many octets were taken: all, unless the header is complete now; what follows is body
     */
    public int feed(byte[] bytes, int offset, int count) {
        int taken = 0;
        while (taken < count && !complete && !tooLarge) {
            int lf = indexOfLf(bytes, offset + taken, offset + count);
            int part = (lf < 0 ? count : lf - offset + 1) - taken;
            if (!append(bytes, offset + taken, part)) {
                break;
            }
            taken += part;
            if (lf >= 0) {
                endLine();
            }
        }
        return taken;
    }

    private void endLine() {
        int lineLength = length - lineStart;
        complete = lineLength == 1 || (lineLength == 2 && collected[lineStart] == '\r');
        if (complete) {
            length = lineStart;
        }
        lineStart = length;
    }

    private boolean append(byte[] bytes, int offset, int count) {
        if (length + count > max) {
            tooLarge = true;
            return false;
        }
        if (length + count > collected.length) {
            collected = Arrays.copyOf(collected, Math.min(max, Math.max(2 * collected.length, length + count)));
        }
        System.arraycopy(bytes, offset, collected, length, count);
        length += count;
        return true;
    }

    private static int indexOfLf(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** Whether the empty line has come. */
    public boolean isComplete() {
        return complete;
    }

    /** Whether the header exceeds its limit; nothing more is taken then. */
    public boolean isTooLarge() {
        return tooLarge;
    }

    /** What has been collected, in two parts. May be called before the header is complete: a message may be all header. */
    public Scanned scanned() {
        List<HeaderField> fields = new ArrayList<>();
        int start = 0;
        while (start < length) {
            int end = endOfField(start);
            if (!isField(start, end)) {
                break;
            }
            fields.add(new HeaderField(text(start, withoutLineEnd(start, end))));
            start = end;
        }
        return new Scanned(fields, text(start, length));
    }

    /** After the last line of the field that begins at start. */
    private int endOfField(int start) {
        int end = start;
        do {
            int lf = indexOfLf(collected, end, length);
            end = lf < 0 ? length : lf + 1;
        } while (end < length && (collected[end] == ' ' || collected[end] == '\t'));
        return end;
    }

    /** RFC 5322 2.2: a name of printable ASCII without a colon; 4.5.8 lets white space stand before the colon. */
    private boolean isField(int start, int end) {
        int i = start;
        while (i < end && collected[i] > 0x20 && collected[i] < 0x7f && collected[i] != ':') {
            i++;
        }
        int nameEnd = i;
        while (i < end && (collected[i] == ' ' || collected[i] == '\t')) {
            i++;
        }
        return nameEnd > start && i < end && collected[i] == ':';
    }

    private int withoutLineEnd(int start, int end) {
        int stop = end > start && collected[end - 1] == '\n' ? end - 1 : end;
        return stop > start && collected[stop - 1] == '\r' ? stop - 1 : stop;
    }

    private String text(int start, int end) {
        return new String(collected, start, end - start, StandardCharsets.ISO_8859_1);
    }

    /**
     * A header taken apart.
     *
     * @param fields in the order of the message
     * @param body lines that were taken for header but are none: the beginning of the body, "" as a rule; ISO 8859-1
     */
    public record Scanned(List<HeaderField> fields, String body) {
        public Scanned {
            fields = List.copyOf(fields);
        }
    }
}
