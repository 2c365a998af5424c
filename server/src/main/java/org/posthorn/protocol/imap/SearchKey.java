package org.posthorn.protocol.imap;

import java.time.LocalDate;
import java.util.List;

/**
 * What SEARCH looks for (RFC 3501 6.4.4), reduced: {@code NEW} is written as recent and not seen, {@code UNSEEN} as not
 * seen, and so on. Texts are decoded from their charset.
 */
public sealed interface SearchKey {
    record All() implements SearchKey {}

    record HasFlag(FlagList.SystemFlag flag) implements SearchKey {}

    record HasKeyword(String keyword) implements SearchKey {}

    record Recent() implements SearchKey {}

    /** In FROM, TO, CC or BCC; {@code field} in upper case. */
    record Address(String field, String text) implements SearchKey {}

    /** In any header field; an empty text asks whether the field is there. */
    record Header(String field, String text) implements SearchKey {}

    record Body(String text) implements SearchKey {}

    /** In header or body. */
    record Text(String text) implements SearchKey {}

    /** By the internal date, without regard to time and zone. */
    record Received(Comparison comparison, LocalDate date) implements SearchKey {}

    /** By the Date field, without regard to time and zone. */
    record Sent(Comparison comparison, LocalDate date) implements SearchKey {}

    record LargerThan(long octets) implements SearchKey {}

    record SmallerThan(long octets) implements SearchKey {}

    record Sequence(SequenceSet set) implements SearchKey {}

    record Uid(SequenceSet set) implements SearchKey {}

    record Not(SearchKey key) implements SearchKey {}

    record Or(SearchKey left, SearchKey right) implements SearchKey {}

    record And(List<SearchKey> keys) implements SearchKey {
        public And {
            keys = List.copyOf(keys);
        }
    }

    /** How a message's day lies to the day given: BEFORE, ON, SINCE. */
    enum Comparison {
        BEFORE,
        ON,
        SINCE
    }
}
