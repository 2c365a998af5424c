package org.posthorn.zone.keylife;

import org.posthorn.directory.DkimKeyEntry;

/** Looks into DNS from outside. */
@FunctionalInterface
public interface KeyWatch {
    /** What is seen of a key's record. */
    sealed interface Sighting {
        /** Every server that was asked shows the record. */
        record Seen() implements Sighting {}

        /** Not everywhere yet; {@code where} says in words what is missing. */
        record NotYet(String where) implements Sighting {}
    }

    Sighting look(DkimKeyEntry key);
}
