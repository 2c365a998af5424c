package org.posthorn.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LoginGuardTest {
    private static final LoginGuard.Limits LIMITS =
            new LoginGuard.Limits(3, Duration.ofMinutes(1), Duration.ofSeconds(1), Duration.ofMillis(2500));

    private Instant now = Instant.parse("2026-11-23T20:00:00Z");
    private final LoginGuard guard = new LoginGuard(LIMITS, () -> now);

    private static InetAddress client(String address) throws UnknownHostException {
        return InetAddress.ofLiteral(address);
    }

    @Test
    void barsAfterTheLimitAndForgetsOneByOne() throws Exception {
        InetAddress client = client("192.0.2.1");
        for (int i = 0; i < 3; i++) {
            assertThat(guard.isBarred(client)).isFalse();
            guard.failed(client);
        }
        assertThat(guard.isBarred(client)).isTrue();
        now = now.plusSeconds(59);
        assertThat(guard.isBarred(client)).isTrue();
        now = now.plusSeconds(2);
        assertThat(guard.isBarred(client)).isFalse();
        guard.failed(client);
        assertThat(guard.isBarred(client)).isTrue();
        assertThat(guard.isBarred(client("192.0.2.2"))).isFalse();
    }

    @Test
    void answersLaterWithEachFailureUpToTheLongestDelay() throws Exception {
        InetAddress client = client("192.0.2.1");
        assertThat(guard.failed(client)).isEqualTo(Duration.ofSeconds(1));
        assertThat(guard.failed(client)).isEqualTo(Duration.ofSeconds(2));
        assertThat(guard.failed(client)).isEqualTo(Duration.ofMillis(2500));
    }

    @Test
    void countsTheNetworkOfOneCustomerTogether() throws Exception {
        for (int i = 1; i <= 3; i++) {
            guard.failed(client("2001:db8:1:2::" + i));
        }
        assertThat(guard.isBarred(client("2001:db8:1:2:ffff::1"))).isTrue();
        assertThat(guard.isBarred(client("2001:db8:1:3::1"))).isFalse();
    }

    @Test
    void remembersNoMoreThanItsBound() throws Exception {
        for (int i = 0; i < 30_000; i++) {
            guard.failed(client("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255)));
        }
        assertThat(guard.size()).isEqualTo(20_000);
    }

    @Test
    void forgetsClientsWhoseFailuresAreLongAgo() throws Exception {
        guard.failed(client("192.0.2.1"));
        now = now.plusSeconds(61);
        assertThat(guard.isBarred(client("192.0.2.1"))).isFalse();
        assertThat(guard.size()).isZero();
    }
}
