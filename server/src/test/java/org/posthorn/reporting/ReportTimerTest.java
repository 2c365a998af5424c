package org.posthorn.reporting;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.posthorn.log.MailLog;

class ReportTimerTest {
    private Instant now = Instant.EPOCH;

    @Test
    void waitsForTheTimeDrawnForTheDayAndLetsNoReporterStopAnother() {
        List<Instant> cleared = new ArrayList<>();
        List<Instant> sent = new ArrayList<>();
        Reporter broken = (_, _, _) -> {
            throw new IOException("no store");
        };
        Reporter good = (time, _, _) -> {
            // What is too old has gone by then.
            assertThat(cleared).hasSize(sent.size() + 1);
            sent.add(time);
            return List.of();
        };
        // always draws the last minute of the three hours
        RandomGenerator last = new RandomGenerator() {
            @Override
            public long nextLong() {
                return 0;
            }

            @Override
            public int nextInt(int bound) {
                return bound - 1;
            }
        };
        try (ReportTimer timer =
                new ReportTimer(cleared::add, List.of(broken, good), () -> now, last, MailLog.none())) {
            for (String time : List.of("00:10:00", "02:58:59", "02:59:00", "23:00:00")) {
                now = Instant.parse("2026-03-02T" + time + "Z");
                timer.look();
            }
            now = Instant.parse("2026-03-03T00:10:00Z");
            timer.look();
        }
        assertThat(sent).containsExactly(Instant.parse("2026-03-02T02:59:00Z"), Instant.parse("2026-03-02T23:00:00Z"));
        assertThat(cleared).isEqualTo(sent);
    }
}
