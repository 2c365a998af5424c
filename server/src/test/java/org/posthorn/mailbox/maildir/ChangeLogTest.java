package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.posthorn.mailbox.Change;
import org.posthorn.mailbox.EmailId;
import org.posthorn.mailbox.MailboxName;

class ChangeLogTest {
    private final ChangeLog log = new ChangeLog(10, 512);

    private static Change flags(long modSeq, long uid) {
        return new Change.FlagsChanged(modSeq, MailboxName.INBOX, uid);
    }

    @Test
    void tellsWhatCameAfterAPointInItsOrder() {
        Change gone = new Change.Expunged(13, MailboxName.INBOX, 1, new EmailId(1, 2));
        log.add(flags(11, 1));
        log.add(flags(12, 2));
        log.add(gone);
        log.add(flags(13, 3));
        assertThat(log.since(11)).containsExactly(flags(12, 2), gone, flags(13, 3));
        assertThat(log.since(13)).isEmpty();
        assertThat(log.covers(9)).isFalse();
        assertThat(log.covers(10)).isTrue();
    }

    @Test
    void keepsTheLast512() {
        for (int i = 1; i <= 512; i++) {
            log.add(flags(10 + i, i));
        }
        assertThat(log.covers(10)).isTrue();
        assertThat(log.since(10)).hasSize(512);
        log.add(flags(523, 513));
        assertThat(log.size()).isEqualTo(512);
        assertThat(log.covers(10)).isFalse();
        assertThat(log.covers(11)).isTrue();
        assertThat(log.since(11)).hasSize(512).doesNotContain(flags(11, 1)).contains(flags(12, 2), flags(523, 513));
    }

    /** Of changes that happened at once some may be forgotten: then nobody is told the others as if they were all. */
    @Test
    void doesNotCoverAPointInTheMiddleOfWhatHappenedAtOnce() {
        ChangeLog two = new ChangeLog(10, 2);
        two.add(flags(11, 1));
        two.add(flags(11, 2));
        two.add(flags(11, 3));
        assertThat(two.covers(10)).isFalse();
        assertThat(two.covers(11)).isTrue();
        assertThat(two.since(11)).isEmpty();
    }

    @Test
    void whatIsForgottenIsNotCovered() {
        log.add(flags(11, 1));
        log.clear(20);
        assertThat(log.size()).isZero();
        assertThat(log.covers(19)).isFalse();
        assertThat(log.covers(20)).isTrue();
    }
}
