package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ChangeLogTest {
    private final ChangeLog log = new ChangeLog(10);
    private final Set<Long> changed = new TreeSet<>();
    private final Set<Long> expunged = new TreeSet<>();

    @Test
    void tellsWhatCameAfterAPoint() {
        log.changed(11, 1);
        log.changed(12, 2);
        log.expunged(13, 1);
        log.changed(13, 3);
        log.since(11, changed, expunged);
        assertThat(changed).containsExactly(2L, 3L);
        assertThat(expunged).containsExactly(1L);
        assertThat(log.covers(9)).isFalse();
        assertThat(log.covers(10)).isTrue();
    }

    @Test
    void keepsTheLast512() {
        for (int i = 1; i <= 512; i++) {
            log.changed(10 + i, i);
        }
        assertThat(log.covers(10)).isTrue();
        log.since(10, changed, expunged);
        assertThat(changed).hasSize(512);
        log.changed(523, 513);
        assertThat(log.covers(10)).isFalse();
        assertThat(log.covers(11)).isTrue();
        changed.clear();
        log.since(11, changed, expunged);
        assertThat(changed).hasSize(512).doesNotContain(1L).contains(2L, 513L);
    }
}
