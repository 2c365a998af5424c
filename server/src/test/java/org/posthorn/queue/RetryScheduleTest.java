package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {
    private final RetrySchedule schedule = new RetrySchedule(
            List.of(Duration.ofMinutes(5), Duration.ofMinutes(30), Duration.ofHours(4)), new Random(7));

    @Test
    void followsTheListAndStaysAtItsEnd() {
        assertNear(schedule.delayBefore(2), Duration.ofMinutes(5));
        assertNear(schedule.delayBefore(3), Duration.ofMinutes(30));
        assertNear(schedule.delayBefore(4), Duration.ofHours(4));
        assertNear(schedule.delayBefore(400), Duration.ofHours(4));
    }

    private static void assertNear(Duration delay, Duration plain) {
        assertThat(delay)
                .isBetween(
                        plain.multipliedBy(9).dividedBy(10),
                        plain.multipliedBy(11).dividedBy(10));
    }

    @Test
    void spreadsWhatFailedTogether() {
        Set<Duration> delays = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            delays.add(schedule.delayBefore(2));
        }
        assertThat(delays.size()).isGreaterThan(90);
    }

    @Test
    void waitsTheSameForEveryRecipientOfAMessageAndSpreadsMessages() {
        Set<Duration> delays = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            QueueId message = new QueueId("0A1B2C3D4E" + String.format("%02d", i));
            Duration delay = schedule.delayBefore(2, message);
            assertThat(schedule.delayBefore(2, message)).isEqualTo(delay);
            assertNear(delay, Duration.ofMinutes(5));
            delays.add(delay);
        }
        assertThat(delays.size()).isGreaterThan(90);
    }

    /** 4 h and a tenth is the longest wait there is. */
    @Test
    void isDueNowWhereItsTimeIsFurtherAwayThanAnyDelay() {
        long longest = Duration.ofMinutes(264).toMillis();
        assertThat(schedule.due(1000 + longest, 1000)).isEqualTo(1000 + longest);
        assertThat(schedule.due(1001 + longest, 1000)).isEqualTo(1000);
        assertThat(schedule.due(5, 1000)).isEqualTo(5);
    }
}
