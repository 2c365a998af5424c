package org.posthorn.dns;

import java.util.List;

/**
 * What a look-up gave.
 *
 * @param <T> the record's data
 */
public sealed interface Answer<T> {
    /** At least one record; {@code secure} when DNSSEC proved it. */
    record Found<T>(List<T> records, boolean secure) implements Answer<T> {
        public Found {
            records = List.copyOf(records);
            if (records.isEmpty()) {
                throw new IllegalArgumentException("an answer without records is NoData");
            }
        }
    }

    /** The name does not exist (NXDOMAIN). */
    record NoSuchName<T>() implements Answer<T> {}

    /** The name exists, but has no record of the type asked for. */
    record NoData<T>() implements Answer<T> {}

    /** Nobody could tell: time-out, SERVFAIL, a bogus signature. Temporary. */
    record Failure<T>(String reason) implements Answer<T> {}

    /** The records, or none for every other outcome; for callers to whom a failure is the same as nothing. */
    default List<T> recordsOrNone() {
        return this instanceof Found<T> found ? found.records() : List.of();
    }
}
