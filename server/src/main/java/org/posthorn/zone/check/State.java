package org.posthorn.zone.check;

import java.util.Locale;

/** What became of one thing that was looked at. */
public enum State {
    FOUND,
    MISSING,
    WRONG,
    /** Nobody could tell. */
    UNKNOWN,
    /** Nothing to mend, but worth knowing. */
    NOTE;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
