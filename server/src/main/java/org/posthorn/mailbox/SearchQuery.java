package org.posthorn.mailbox;

import java.time.LocalDate;
import java.util.List;

/**
 * What a search looks for: a tree of keys, without regard to the protocol that asks. Texts are looked for as substrings, without regard to
 * case.
 */
public sealed interface SearchQuery {
    record All() implements SearchQuery {}

    /** Has a flag: one of {@link Flags#SEEN} and the others. */
    record HasFlag(int flag) implements SearchQuery {}

    record HasKeyword(String keyword) implements SearchQuery {}

    /** One of these messages. */
    record Uids(List<UidRange> ranges) implements SearchQuery {
        public Uids {
            ranges = List.copyOf(ranges);
            for (int i = 1; i < ranges.size(); i++) {
                if (ranges.get(i).first() <= ranges.get(i - 1).last()) {
                    throw new IllegalArgumentException("ranges of UIDs that do not ascend");
                }
            }
        }

        boolean contains(long uid) {
            int low = 0;
            int high = ranges.size() - 1;
            while (low <= high) {
                int middle = (low + high) >>> 1;
                UidRange range = ranges.get(middle);
                if (uid > range.last()) {
                    low = middle + 1;
                } else if (uid < range.first()) {
                    high = middle - 1;
                } else {
                    return true;
                }
            }
            return false;
        }
    }

    /** From first to last, both included. */
    record UidRange(long first, long last) {}

    /** In a field that holds addresses, as it stands there or as it is shown. */
    record Address(String field, String text) implements SearchQuery {}

    /** In any header field; an empty text asks whether the field is there. */
    record Header(String field, String text) implements SearchQuery {}

    record Body(String text) implements SearchQuery {}

    /** In header or body. */
    record Text(String text) implements SearchQuery {}

    /** By the internal date in UTC, without regard to the time. */
    record Received(Comparison comparison, LocalDate date) implements SearchQuery {}

    /** By the Date field, without regard to time and zone. */
    record Sent(Comparison comparison, LocalDate date) implements SearchQuery {}

    record LargerThan(long octets) implements SearchQuery {}

    record SmallerThan(long octets) implements SearchQuery {}

    record Not(SearchQuery query) implements SearchQuery {}

    record Or(SearchQuery left, SearchQuery right) implements SearchQuery {}

    record And(List<SearchQuery> queries) implements SearchQuery {
        public And {
            queries = List.copyOf(queries);
        }
    }

    /** How a message's day lies to the day given. */
    enum Comparison {
        BEFORE,
        ON,
        SINCE;

        boolean holds(LocalDate day, LocalDate given) {
            return switch (this) {
                case BEFORE -> day.isBefore(given);
                case ON -> day.isEqual(given);
                case SINCE -> !day.isBefore(given);
            };
        }
    }
}
