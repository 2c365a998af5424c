package org.posthorn.queue.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.posthorn.queue.QueueId;
import org.posthorn.queue.SettableClock;

class QueueIdsTest {
    @Test
    void risesThoughTheClockStandsOrIsSetBack() {
        SettableClock clock = new SettableClock();
        QueueIds ids = new QueueIds(clock, 0);
        QueueId first = ids.next();
        QueueId second = ids.next();
        clock.advance(Duration.ofDays(-400));
        QueueId third = ids.next();
        clock.advance(Duration.ofDays(900));
        QueueId fourth = ids.next();
        assertThat(first).isLessThan(second);
        assertThat(second).isLessThan(third);
        assertThat(third).isLessThan(fourth);
        assertThat(new QueueIds(new SettableClock(), QueueIds.number(fourth)).next())
                .isGreaterThan(fourth);
    }

    @Test
    void hasElevenDigitsForThisCentury() {
        long end = Instant.parse("2099-12-31T00:00:00Z").getEpochSecond() * 1_000_000 * 32;
        assertThat(QueueIds.of(end).text()).hasSize(11);
        assertThat(QueueIds.number(QueueIds.of(end))).isEqualTo(end);
        assertThat(QueueIds.of(1).text()).isEqualTo("00000000001");
    }
}
