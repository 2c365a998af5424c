package org.posthorn.mailbox.maildir;

/** Where the last read of a converted message ended. Thread-safe. */
final class Bookmarks {
    /** The same place in the file and in its converted form. */
    record Bookmark(long uid, long converted, long raw) {}

    private static final Bookmark NONE = new Bookmark(0, 0, 0);

    private volatile Bookmark last = NONE;

    /** A known place at or before one of the converted form. */
    Bookmark before(long uid, long converted) {
        Bookmark bookmark = last;
        return bookmark.uid() == uid && bookmark.converted() <= converted ? bookmark : NONE;
    }

    void put(long uid, long converted, long raw) {
        last = new Bookmark(uid, converted, raw);
    }
}
