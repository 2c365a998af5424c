package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BookmarksTest {
    private static final Bookmarks.Bookmark START = new Bookmarks.Bookmark(0, 0, 0);

    @Test
    void aPlaceIsKnownForItsMessageAndWhatFollows() {
        Bookmarks bookmarks = new Bookmarks();
        assertThat(bookmarks.before(7, 100)).isEqualTo(START);
        bookmarks.put(7, 100, 90);
        assertThat(bookmarks.before(7, 100)).isEqualTo(new Bookmarks.Bookmark(7, 100, 90));
        assertThat(bookmarks.before(7, 101)).isEqualTo(new Bookmarks.Bookmark(7, 100, 90));
        assertThat(bookmarks.before(7, 99)).isEqualTo(START);
        assertThat(bookmarks.before(8, 101)).isEqualTo(START);
    }
}
