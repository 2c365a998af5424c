package org.posthorn.mail;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Collects a message's header from bytes that arrive in pieces, up to the empty line that ends it. Used by one thread.
 *
 * <p>What is a field, {@link Headers} decides, here as everywhere. Lines that are none are no way to hide the fields below them: other
 * readers pass over such lines. Between fields they become a field of their own, as Postfix does it with the "From " line of a
 * mailbox file; after the last field they begin the body, as if the empty line had stood before them. So whoever reads what is
 * written sees the fields that were judged. The empty line is to be written in any case: readers such as mbsync pass over a message
 * that is all header and has none.
 */
public final class HeaderScanner {
    /** The field that lines become which are none. */
    public static final String MALFORMED_LINE = "X-Malformed-Line";
    /** The field that the line becomes which stands before each message in a mailbox file; Postfix calls it so. */
    public static final String MAILBOX_LINE = "X-Mailbox-Line";

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
            int lf = LineEnds.indexOfLf(bytes, offset + taken, offset + count);
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
        Headers headers = Headers.parseAll(collected, length);
        List<HeaderField> fields = new ArrayList<>(headers.count());
        Optional<String> stray = Optional.empty();
        int end = 0;
        for (FieldView field : headers) {
            if (field.offset() > end) {
                stray = stray.isPresent() ? stray : lineAt(end);
                fields.add(fieldOfLines(end, field.offset()));
            }
            end = field.offset() + field.length();
            fields.add(new HeaderField(text(field.offset(), withoutLineEnd(field.offset(), end))));
        }
        if (end == length) {
            return new Scanned(fields, stray, "");
        }
        return new Scanned(
                fields, stray.isPresent() ? stray : lineAt(end), text(end, length) + (complete ? "\r\n" : ""));
    }

    /** One field of lines that are none: the first is its value, the others continue it. */
    private HeaderField fieldOfLines(int start, int end) {
        StringBuilder field = new StringBuilder(isMailboxLine(start, end) ? MAILBOX_LINE : MALFORMED_LINE).append(": ");
        for (int line = start; line < end; ) {
            int lf = LineEnds.indexOfLf(collected, line, end);
            int next = lf < 0 ? end : lf + 1;
            if (line > start && collected[line] != ' ' && collected[line] != '\t') {
                field.append(' ');
            }
            field.append(text(line, next == end ? withoutLineEnd(line, end) : next));
            line = next;
        }
        return new HeaderField(field.toString());
    }

    /** Whether it is the line of a mailbox file, perhaps quoted (RFC 4155, and the ">" of what came through one). */
    private boolean isMailboxLine(int start, int end) {
        int from = start;
        while (from < end && collected[from] == '>') {
            from++;
        }
        return end - from >= 5 && text(from, from + 5).equals("From ");
    }

    private int withoutLineEnd(int start, int end) {
        int stop = end > start && collected[end - 1] == '\n' ? end - 1 : end;
        return stop > start && collected[stop - 1] == '\r' ? stop - 1 : stop;
    }

    private Optional<String> lineAt(int start) {
        int lf = LineEnds.indexOfLf(collected, start, length);
        return Optional.of(text(start, withoutLineEnd(start, lf < 0 ? length : lf + 1)));
    }

    private String text(int start, int end) {
        return new String(collected, start, end - start, StandardCharsets.ISO_8859_1);
    }

    /**
     * A header taken apart.
     *
     * @param fields in the order of the message, with those that were made of lines that are none
     * @param stray the first line that is no field, without its line end
     * @param body lines after the last field that are none, with the empty line that followed them: the beginning of the body, "" as a
     *     rule; ISO 8859-1
     */
    public record Scanned(List<HeaderField> fields, Optional<String> stray, String body) {
        public Scanned {
            fields = List.copyOf(fields);
        }

        /** Whether there are more fields than {@link Headers} reads anywhere. */
        public boolean hasTooManyFields() {
            return fields.size() > Headers.MAX_FIELDS;
        }
    }
}
