package org.posthorn.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ConnectionRateTest {
    private static final InetAddress CLIENT = InetAddress.ofLiteral("192.0.2.1");

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));
    private final ConnectionRate rate = new ConnectionRate(30, now::get);

    private int admitted(InetAddress client, int tries) {
        int count = 0;
        for (int i = 0; i < tries; i++) {
            count += rate.admits(client) ? 1 : 0;
        }
        return count;
    }

    private void pass(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    @Test
    void turnsAwayWhoComesMoreOftenUntilTimeHasPassed() {
        assertThat(admitted(CLIENT, 100)).isEqualTo(30);
        pass(Duration.ofSeconds(10));
        assertThat(admitted(CLIENT, 100)).isEqualTo(5);
        pass(Duration.ofMinutes(5));
        assertThat(admitted(CLIENT, 100)).isEqualTo(30);
    }

    @Test
    void waitsForNoTimeThatTheClockWasAt() {
        assertThat(admitted(CLIENT, 100)).isEqualTo(30);
        pass(Duration.ofDays(-365));
        assertThat(admitted(CLIENT, 100)).isZero();
        pass(Duration.ofSeconds(10));
        assertThat(admitted(CLIENT, 100)).isEqualTo(5);
    }

    @Test
    void countsEachClientApartAndANetworkOfIpv6Together() {
        assertThat(admitted(CLIENT, 100)).isEqualTo(30);
        assertThat(admitted(InetAddress.ofLiteral("192.0.2.2"), 100)).isEqualTo(30);
        assertThat(admitted(InetAddress.ofLiteral("2001:db8::1"), 100)).isEqualTo(30);
        assertThat(admitted(InetAddress.ofLiteral("2001:db8::2"), 100)).isZero();
    }

    @Test
    void neverLimitsThisMachine() {
        assertThat(admitted(InetAddress.ofLiteral("127.0.0.1"), 1000)).isEqualTo(1000);
        assertThat(admitted(InetAddress.ofLiteral("::1"), 1000)).isEqualTo(1000);
    }

    @Test
    void takesANewLimitAtOnce() {
        assertThat(admitted(CLIENT, 100)).isEqualTo(30);
        rate.limit(40);
        assertThat(admitted(CLIENT, 100)).isEqualTo(10);
    }
}
