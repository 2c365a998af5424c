package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.posthorn.mailbox.MailboxException;

class MessageTallyTest {
    private final AtomicLong millis = new AtomicLong(1_000_000);
    private long there;
    private int counts;

    private long count() {
        counts++;
        return there;
    }

    private boolean takes(MessageTally tally, int more) throws Exception {
        try {
            tally.take(more, this::count, MailboxException.Reason.OVER_QUOTA);
            there += more;
            return true;
        } catch (MailboxException e) {
            assertThat(e.reason()).isEqualTo(MailboxException.Reason.OVER_QUOTA);
            assertThat(e).hasMessage("More than 200 messages");
            return false;
        }
    }

    /** Of 200 messages two come between two counts. */
    @Test
    void countsAfterEachHundredthOfTheLimit() throws Exception {
        MessageTally tally = new MessageTally(200, millis::get);
        there = 195;
        assertThat(takes(tally, 1)).isTrue();
        assertThat(takes(tally, 1)).isTrue();
        assertThat(counts).isZero();
        assertThat(takes(tally, 1)).isTrue();
        assertThat(counts).isEqualTo(1);
        assertThat(takes(tally, 1)).isTrue();
        assertThat(counts).isEqualTo(1);
        assertThat(takes(tally, 1)).isTrue();
        assertThat(counts).isEqualTo(2);
        assertThat(there).isEqualTo(200);
        assertThat(takes(tally, 1)).isFalse();
    }

    @Test
    void aThousandComeBetweenTwoCountsAtMost() throws Exception {
        MessageTally tally = new MessageTally(1_000_000, millis::get);
        for (int i = 0; i < 1_000; i++) {
            assertThat(takes(tally, 1)).isTrue();
        }
        assertThat(counts).isZero();
        assertThat(takes(tally, 1)).isTrue();
        assertThat(counts).isEqualTo(1);
    }

    @Test
    void manyAtATimeAreCountedOnce() throws Exception {
        MessageTally tally = new MessageTally(200, millis::get);
        assertThat(takes(tally, 100)).isTrue();
        assertThat(counts).isEqualTo(1);
        there = 10;
        assertThat(takes(tally, 100)).isTrue();
        assertThat(counts).isEqualTo(2);
    }

    @Test
    void whoIsAtTheLimitIsCountedAgainAfterTenSeconds() throws Exception {
        MessageTally tally = new MessageTally(200, millis::get);
        there = 200;
        assertThat(takes(tally, 3)).isFalse();
        assertThat(counts).isEqualTo(1);
        there = 100;
        millis.addAndGet(9_999);
        assertThat(takes(tally, 1)).isFalse();
        assertThat(counts).isEqualTo(1);
        millis.addAndGet(1);
        assertThat(takes(tally, 1)).isTrue();
        assertThat(counts).isEqualTo(2);
    }

    /** A clock that was set back is no reason to wait. */
    @Test
    void countsAgainWhereTheClockWasSetBack() throws Exception {
        MessageTally tally = new MessageTally(200, millis::get);
        there = 200;
        assertThat(takes(tally, 3)).isFalse();
        there = 100;
        millis.addAndGet(-10_000);
        assertThat(takes(tally, 1)).isTrue();
        assertThatThrownBy(() -> tally.take(201, () -> 0, MailboxException.Reason.LIMIT))
                .isInstanceOf(MailboxException.class)
                .extracting(e -> ((MailboxException) e).reason())
                .isEqualTo(MailboxException.Reason.LIMIT);
    }
}
