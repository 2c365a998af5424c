package org.posthorn.dns;

import java.util.List;

/**
 * What a look-up gave. Of the states of RFC 4033 5, {@code secure} answers were proved by DNSSEC; those that are not are
 * insecure or indeterminate, which no mail standard treats differently; bogus ones are a {@link Failure}.
 *
 * @param <T> the record's data
 */
public sealed interface Answer<T> {
    /** At least one record. With aliases on the way, {@code secure} speaks of them all. */
    record Found<T>(List<T> records, boolean secure) implements Answer<T> {
        public Found {
            records = List.copyOf(records);
            if (records.isEmpty()) {
                throw new IllegalArgumentException("an answer without records is NoData");
            }
        }
    }

    /** The name does not exist (NXDOMAIN). */
    record NoSuchName<T>(boolean secure) implements Answer<T> {
        /** Not proved. */
        public NoSuchName() {
            this(false);
        }
    }

    /** The name exists, but has no record of the type asked for. */
    record NoData<T>(boolean secure) implements Answer<T> {
        /** Not proved. */
        public NoData() {
            this(false);
        }
    }

    /** Nobody could tell. Temporary; the reason is for people. */
    record Failure<T>(FailureKind kind, String reason) implements Answer<T> {}

    /** The records, or none for every other outcome; for callers to whom a failure is the same as nothing. */
    default List<T> recordsOrNone() {
        return this instanceof Found<T> found ? found.records() : List.of();
    }

    /** Whether DNSSEC proved the answer, be it that there is nothing. */
    default boolean isSecure() {
        return switch (this) {
            case Found<T> found -> found.secure();
            case NoSuchName<T> absent -> absent.secure();
            case NoData<T> empty -> empty.secure();
            case Failure<T> _ -> false;
        };
    }
}
