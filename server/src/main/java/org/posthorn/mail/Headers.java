package org.posthorn.mail;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The header of a message or part: its bytes, and where each field lies in them. Immutable. The only place that says what a field is:
 * what is judged, signed, stored and shown agrees for that reason.
 *
 * <p>Lenient: a line that is no field, such as an mbox separator, is passed over together with the lines that continue it; white
 * space before the colon is tolerated (RFC 5322 4.5.8), a lone LF ends a line. Bounded: of a larger header the first
 * {@link #MAX_OCTETS} are kept, of more fields the first {@link #MAX_FIELDS}.
 */
public final class Headers implements Iterable<FieldView> {
    /** How much of a header is kept, octets. */
    public static final int MAX_OCTETS = 256 * 1024;
    /** How many fields are kept. */
    public static final int MAX_FIELDS = 10_000;

    private static final int PER_FIELD = 4;

    private final byte[] bytes;
    /** For each field: its start, the end of its name, the start of its value, its end. */
    private final int[] places;

    private final int count;
    private final boolean complete;

    private Headers(byte[] bytes, int[] places, int count, boolean complete) {
        this.bytes = bytes;
        this.places = places;
        this.count = count;
        this.complete = complete;
    }

    /** Reads a header from the start of some bytes, up to its empty line or the end; the array must not change afterwards. */
    public static Headers parse(byte[] bytes) {
        return parse(bytes, 0, bytes.length);
    }

    /** Reads a header from a range of some bytes; offsets count from the start of the array. */
    public static Headers parse(byte[] bytes, int from, int to) {
        return parse(bytes, from, Math.min(to, from + MAX_OCTETS), MAX_FIELDS);
    }

    /** Reads a header that was bounded before, with all its fields. */
    static Headers parseAll(byte[] bytes, int to) {
        return parse(bytes, 0, to, Integer.MAX_VALUE);
    }

    private static Headers parse(byte[] bytes, int from, int limit, int maxFields) {
        int[] places = new int[PER_FIELD * 24];
        int count = 0;
        boolean open = false;
        boolean complete = false;
        int line = from;
        while (line < limit) {
            int lf = LineEnds.indexOfLf(bytes, line, limit);
            int next = lf < 0 ? limit : lf + 1;
            byte first = bytes[line];
            if (first == '\n' || (first == '\r' && lf == line + 1)) {
                complete = true;
                break;
            }
            if (first == ' ' || first == '\t') {
                if (open) {
                    places[PER_FIELD * count - 1] = next;
                }
            } else {
                int nameEnd = endOfName(bytes, line, next);
                int colon = nameEnd == line ? -1 : colonAfter(bytes, nameEnd, next);
                open = colon >= 0;
                if (open) {
                    if (count == maxFields) {
                        break;
                    }
                    if (places.length == PER_FIELD * count) {
                        places = Arrays.copyOf(places, 2 * places.length);
                    }
                    int at = PER_FIELD * count++;
                    places[at] = line;
                    places[at + 1] = nameEnd;
                    places[at + 2] = colon + 1;
                    places[at + 3] = next;
                }
            }
            line = next;
        }
        return new Headers(bytes, places, count, complete);
    }

    /** Reads the header of a message. */
    public static Headers read(MessageContent content) throws IOException {
        return read(content, 0, content.size());
    }

    /** Reads the header of a part, which lies in a range of the message. */
    public static Headers read(MessageContent content, long from, long length) throws IOException {
        HeaderCollector header = new HeaderCollector();
        try (InputStream in = content.open(from, length)) {
            byte[] chunk = new byte[Math.clamp(length, 1, 8192)];
            for (int n = in.read(chunk); n >= 0; n = header.isComplete() ? -1 : in.read(chunk)) {
                header.accept(chunk, 0, n);
            }
        }
        return header.headers();
    }

    /** How many fields. */
    public int count() {
        return count;
    }

    /** A field by its place, from 0. */
    public FieldView field(int index) {
        int at = PER_FIELD * index;
        return new FieldView(bytes, places[at], places[at + 1], places[at + 2], places[at + 3]);
    }

    /** The fields in order. */
    public List<FieldView> fields() {
        List<FieldView> fields = new ArrayList<>(count);
        forEach(fields::add);
        return fields;
    }

    /** The fields of a name, in order. */
    public List<FieldView> all(String name) {
        List<FieldView> fields = new ArrayList<>();
        for (int i = indexOf(name, 0); i >= 0; i = indexOf(name, i + 1)) {
            fields.add(field(i));
        }
        return fields;
    }

    /** The first field of a name, in any case. */
    public Optional<FieldView> first(String name) {
        int i = indexOf(name, 0);
        return i < 0 ? Optional.empty() : Optional.of(field(i));
    }

    /** The unfolded value of the first field of a name. */
    public Optional<String> value(String name) {
        return first(name).map(FieldView::value);
    }

    public boolean has(String name) {
        return indexOf(name, 0) >= 0;
    }

    /** How many fields have a name. */
    public int count(String name) {
        int found = 0;
        for (int i = indexOf(name, 0); i >= 0; i = indexOf(name, i + 1)) {
            found++;
        }
        return found;
    }

    /** Whether the empty line after the header was seen within the limits. */
    public boolean isComplete() {
        return complete;
    }

    @Override
    public Iterator<FieldView> iterator() {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < count;
            }

            @Override
            public FieldView next() {
                if (next >= count) {
                    throw new NoSuchElementException();
                }
                return field(next++);
            }
        };
    }

    /** The place of the first field of a name at or after a place, or -1. */
    private int indexOf(String name, int from) {
        for (int i = from; i < count; i++) {
            if (nameIs(bytes, places[PER_FIELD * i], places[PER_FIELD * i + 1], name)) {
                return i;
            }
        }
        return -1;
    }

    static boolean nameIs(byte[] bytes, int from, int to, String name) {
        if (to - from != name.length()) {
            return false;
        }
        for (int i = from; i < to; i++) {
            int c = bytes[i];
            int other = name.charAt(i - from);
            if (c != other && (lower(c) != lower(other))) {
                return false;
            }
        }
        return true;
    }

    private static int lower(int c) {
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    }

    /** RFC 5322 2.2: printable ASCII but the colon. */
    private static int endOfName(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] > ' ' && bytes[i] < 0x7f && bytes[i] != ':') {
            i++;
        }
        return i;
    }

    private static int colonAfter(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && (bytes[i] == ' ' || bytes[i] == '\t')) {
            i++;
        }
        return i < to && bytes[i] == ':' ? i : -1;
    }
}
