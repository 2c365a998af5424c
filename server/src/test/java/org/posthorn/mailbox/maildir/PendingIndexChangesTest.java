package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Message;

class PendingIndexChangesTest {
    private final PendingIndexChanges unsaved = new PendingIndexChanges();
    private final Entries entries = new Entries();
    private final Keywords keywords = new Keywords(() -> Path.of("none"), 40);

    @BeforeEach
    void three() {
        for (long uid = 1; uid <= 3; uid++) {
            entries.add(new Entry(new Message(uid, 10 + uid, Flags.NONE, 0, 5), "base" + uid, "2,", 5));
        }
    }

    private FolderSave take() {
        FolderSave save = unsaved.take(new FolderRow(7, "", 4, 9, 8, 1, 0, 0, 0, "boot", "run"), entries, keywords);
        assertThat(unsaved.isEmpty()).isTrue();
        assertThat(unsaved.size()).isZero();
        return save;
    }

    @Test
    void nothingIsThereAtFirst() {
        assertThat(unsaved.isEmpty()).isTrue();
        FolderSave save = take();
        assertThat(save.whole()).isFalse();
        assertThat(save.changed()).isEmpty();
    }

    @Test
    void whatChangedIsSavedOnce() {
        unsaved.changed(2);
        unsaved.changed(2);
        unsaved.changed(9);
        assertThat(unsaved.isEmpty()).isFalse();
        assertThat(unsaved.size()).isEqualTo(2);
        FolderSave save = take();
        assertThat(save.changed()).extracting(saved -> saved.entry().uid()).containsExactly(2L);
        assertThat(save.changed().getFirst().moreKeywords()).isEmpty();
        assertThat(take().changed()).isEmpty();
    }

    @Test
    void allIsSavedWhereAllIsAskedFor() {
        unsaved.whole();
        assertThat(unsaved.isEmpty()).isFalse();
        FolderSave save = take();
        assertThat(save.whole()).isTrue();
        assertThat(save.changed()).extracting(saved -> saved.entry().uid()).containsExactly(1L, 2L, 3L);
        assertThat(take().whole()).isFalse();
    }

    @Test
    void numbersAloneAreSavedToo() {
        unsaved.numbers();
        assertThat(unsaved.isEmpty()).isFalse();
        assertThat(unsaved.size()).isZero();
        assertThat(take().changed()).isEmpty();
    }

    @Test
    void whatIsGoneIsNotSaved() {
        unsaved.changed(2);
        unsaved.structure(2, new byte[10]);
        unsaved.structure(3, new byte[10]);
        assertThat(unsaved.size()).isEqualTo(3);
        unsaved.gone(2, 20, false);
        assertThat(unsaved.size()).isEqualTo(2);
        FolderSave save = take();
        assertThat(save.changed()).isEmpty();
        assertThat(save.gone()).containsExactly(new FolderSave.Gone(2, 20, false));
        assertThat(save.structures()).containsOnlyKeys(3L);
        assertThat(take().gone()).isEmpty();
    }

    @Test
    void whatAMessageHasOfAnotherIsSavedOnceAndNotOfOneThatIsGone() {
        FolderSave.Inherited two = new FolderSave.Inherited(2, new FolderSave.Origin(6, 9), true);
        unsaved.inherit(two);
        unsaved.inherit(new FolderSave.Inherited(3, new FolderSave.Origin(6, 8), false));
        assertThat(unsaved.isEmpty()).isFalse();
        assertThat(unsaved.inherits(3)).isTrue();
        unsaved.gone(3, 20, true);
        assertThat(unsaved.inherits(3)).isFalse();
        assertThat(take().inherited()).containsExactly(two);
        assertThat(take().inherited()).isEmpty();
    }

    @Test
    void structuresWaitUpToAMebibyte() {
        unsaved.structure(1, new byte[1_048_000]);
        unsaved.structure(2, new byte[577]);
        unsaved.structure(3, new byte[576]);
        assertThat(unsaved.isEmpty()).isFalse();
        assertThat(take().structures().keySet()).isEqualTo(Set.of(1L, 3L));
        unsaved.structure(2, new byte[1_048_576]);
        assertThat(take().structures()).containsOnlyKeys(2L);
    }
}
