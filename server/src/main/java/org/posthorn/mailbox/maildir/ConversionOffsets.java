package org.posthorn.mailbox.maildir;

/** Where the last read of a converted message ended. Thread-safe. */
final class ConversionOffsets {
    /** The same place in the file and in its converted form. */
    record Offset(long uid, long converted, long raw) {}

    private static final Offset NONE = new Offset(0, 0, 0);

    private volatile Offset last = NONE;

    /** A known place at or before one of the converted form. */
    Offset before(long uid, long converted) {
        Offset offset = last;
        return offset.uid() == uid && offset.converted() <= converted ? offset : NONE;
    }

    void put(long uid, long converted, long raw) {
        last = new Offset(uid, converted, raw);
    }
}
