package org.posthorn.protocol.imap;

import java.util.List;
import java.util.Optional;

/** One thing that FETCH gives of a message (RFC 3501 6.4.5). */
public sealed interface FetchItem {
    /** Items without a section. */
    enum Simple implements FetchItem {
        /** The structure without extension data. */
        BODY,
        BODYSTRUCTURE,
        ENVELOPE,
        FLAGS,
        INTERNALDATE,
        RFC822_SIZE,
        UID
    }

    /**
     * A part of the message's text.
     *
     * @param label how the response names it, without the partial's origin
     * @param peek false: the fetch sets {@code \Seen}
     * @param partial a window of the section's octets
     */
    record Text(String label, Section section, boolean peek, Optional<Partial> partial) implements FetchItem {}

    /**
     * {@code <first.count>}.
     *
     * @param first octets to skip
     * @param count the most octets to give, at least 1
     */
    record Partial(long first, long count) {}

    /**
     * What stands between the brackets.
     *
     * @param path part numbers from 1; empty for the message itself
     * @param fields header field names, as written, for the two kinds that have them
     */
    record Section(List<Integer> path, Kind kind, List<String> fields) {
        /** Which octets of the part. */
        public enum Kind {
            /** All of it: {@code BODY[]}, {@code BODY[1]}. */
            WHOLE,
            HEADER,
            HEADER_FIELDS,
            HEADER_FIELDS_NOT,
            TEXT,
            MIME
        }

        public static final Section ALL = new Section(List.of(), Kind.WHOLE, List.of());

        public Section {
            path = List.copyOf(path);
            fields = List.copyOf(fields);
        }
    }
}
