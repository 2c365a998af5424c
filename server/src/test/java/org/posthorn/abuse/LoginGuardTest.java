package org.posthorn.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.posthorn.mail.Network;
import org.posthorn.testing.Eventually;

class LoginGuardTest {
    private static final LoginConfig LIMITS = new LoginConfig(
            3,
            6,
            Duration.ofMinutes(1),
            Duration.ofSeconds(1),
            Duration.ofMillis(2500),
            List.of(Network.parse("127.0.0.0/8"), Network.parse("2001:db8:99::/48")));

    private Instant now = Instant.parse("2026-11-23T20:00:00Z");
    private final LoginGuard guard = new LoginGuard(LIMITS, () -> now);

    private int delayed;

    private static InetAddress client(String address) throws UnknownHostException {
        return InetAddress.ofLiteral(address);
    }

    @Test
    void barsAfterTheLimitAndForgetsOneByOne() throws Exception {
        InetAddress client = client("192.0.2.1");
        for (int i = 0; i < 3; i++) {
            assertThat(guard.isBarred(client)).isFalse();
            guard.failed(client, "x" + now);
        }
        assertThat(guard.isBarred(client)).isTrue();
        now = now.plusSeconds(59);
        assertThat(guard.isBarred(client)).isTrue();
        now = now.plusSeconds(2);
        assertThat(guard.isBarred(client)).isFalse();
        guard.failed(client, "x" + now);
        assertThat(guard.isBarred(client)).isTrue();
        assertThat(guard.isBarred(client("192.0.2.2"))).isFalse();
    }

    @Test
    void answersLaterWithEachFailureUpToTheLongestDelay() throws Exception {
        InetAddress client = client("192.0.2.1");
        assertThat(guard.failed(client, "x" + delayed++)).isEqualTo(Duration.ofSeconds(1));
        assertThat(guard.failed(client, "x" + delayed++)).isEqualTo(Duration.ofSeconds(2));
        assertThat(guard.failed(client, "x" + delayed++)).isEqualTo(Duration.ofMillis(2500));
    }

    @Test
    void passwordsAreCheckedTwoAtOnceAndNetworksByTurns() throws Exception {
        List<CountDownLatch> over = List.of(new CountDownLatch(1), new CountDownLatch(1));
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        List<Thread> checks = new ArrayList<>();
        for (CountDownLatch held : over) {
            checks.add(check("192.0.2.1", () -> {
                order.add("first");
                awaitUninterruptibly(held);
            }));
        }
        Eventually.await(() -> order.size() == 2);
        List<Thread> later = new ArrayList<>();
        for (String from :
                List.of("192.0.2.1", "192.0.2.1", "192.0.2.1", "2001:db8::1", "2001:db8::2", "198.51.100.7")) {
            later.add(check(from, () -> order.add(from)));
            Eventually.await(() -> guard.waitingChecks() == later.size());
        }
        // one of the two places stays taken: the other passes from hand to hand, in an order that no scheduler changes
        over.getFirst().countDown();
        for (Thread check : later) {
            check.join();
        }
        over.getLast().countDown();
        for (Thread check : checks) {
            check.join();
        }
        assertThat(order.subList(2, 8))
                .containsExactly("192.0.2.1", "2001:db8::1", "198.51.100.7", "192.0.2.1", "2001:db8::2", "192.0.2.1");
    }

    @Test
    void aPasswordIsWaitedForTwentySeconds() {
        assertThat(LoginGuard.PATIENCE).isEqualTo(Duration.ofSeconds(20));
    }

    private Thread check(String from, Runnable password) {
        return Thread.ofPlatform().daemon().start(() -> {
            try {
                guard.inTurn(client(from), () -> {
                    password.run();
                    return true;
                });
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(e);
            }
        });
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void countsTheNetworkOfOneCustomerTogether() throws Exception {
        for (int i = 1; i <= 3; i++) {
            guard.failed(client("2001:db8:1:2::" + i), "x" + i);
        }
        assertThat(guard.isBarred(client("2001:db8:1:2:ffff::1"))).isTrue();
        assertThat(guard.isBarred(client("2001:db8:1:3::1"))).isFalse();
    }

    @Test
    void remembersNoMoreThanItsBound() throws Exception {
        for (int i = 0; i < 30_000; i++) {
            guard.failed(client("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255)), "x");
        }
        assertThat(guard.size()).isEqualTo(20_000);
    }

    @Test
    void forgetsClientsWhoseFailuresAreLongAgo() throws Exception {
        guard.failed(client("192.0.2.1"), "x");
        now = now.plusSeconds(61);
        assertThat(guard.isBarred(client("192.0.2.1"))).isFalse();
        assertThat(guard.size()).isZero();
    }

    @Test
    void neverBarsAnExemptClient() throws Exception {
        for (int i = 0; i < 40; i++) {
            guard.failed(client("127.0.0.1"), "nobody" + i % 10);
            guard.failed(client("2001:db8:99:1::7"), "nobody" + i % 10);
        }
        assertThat(guard.isBarred(client("127.0.0.1"))).isFalse();
        assertThat(guard.isBarred(client("2001:db8:99:2::1"))).isFalse();
        assertThat(guard.admits(client("127.0.0.1"), "alice@posthorn.test")).isTrue();
        assertThat(guard.size()).isZero();
    }

    @Test
    void slowsGuessesOfAnExemptClientAtOneAccount() throws Exception {
        InetAddress webmail = client("127.0.0.1");
        for (int i = 0; i < 6; i++) {
            assertThat(guard.admits(webmail, ALICE)).isTrue();
            guard.failed(webmail, ALICE);
        }
        assertThat(guard.failed(webmail, ALICE)).isEqualTo(Duration.ofMillis(2500));
        assertThat(guard.admits(webmail, ALICE)).as("one attempt").isTrue();
        assertThat(guard.admits(webmail, ALICE)).as("another at once").isFalse();
        assertThat(guard.admits(webmail, "bob@posthorn.test")).isTrue();
        now = now.plusMillis(2499);
        assertThat(guard.admits(webmail, ALICE)).isFalse();
        now = now.plusMillis(2);
        assertThat(guard.admits(webmail, ALICE)).isTrue();
    }

    private static final String ALICE = "alice@posthorn.test";

    private void guessAtAlice() throws Exception {
        for (int i = 1; i <= 6; i++) {
            assertThat(guard.admits(client("203.0.113." + i), ALICE)).isTrue();
            guard.failed(client("203.0.113." + i), ALICE);
        }
    }

    @Test
    void slowsGuessesOfManyWithoutLockingTheOwnerOut() throws Exception {
        guard.succeeded(client("192.0.2.1"), ALICE);
        guessAtAlice();
        assertThat(guard.admits(client("203.0.113.77"), ALICE)).isFalse();
        assertThat(guard.isBarred(client("203.0.113.77"))).isFalse();
        assertThat(guard.admits(client("192.0.2.1"), ALICE)).as("the owner").isTrue();
        assertThat(guard.admits(client("192.0.2.1"), "bob@posthorn.test")).isTrue();
        now = now.plusSeconds(61);
        assertThat(guard.admits(client("203.0.113.77"), ALICE)).isTrue();
        guard.failed(client("203.0.113.77"), ALICE);
        assertThat(guard.admits(client("203.0.113.78"), ALICE)).isFalse();
    }

    @Test
    void remembersPlacesOverARestart() throws Exception {
        guard.succeeded(client("192.0.2.1"), ALICE);
        guard.succeeded(client("2001:db8::1"), ALICE);
        assertThat(guard.hasNewPlaces()).isTrue();
        String saved = guard.places();
        guard.succeeded(client("192.0.2.1"), ALICE);
        assertThat(guard.hasNewPlaces()).isFalse();
        LoginGuard next = new LoginGuard(LIMITS, () -> now);
        next.remember("damaged x\n" + saved + ALICE + " 4?");
        for (int i = 1; i <= 6; i++) {
            next.failed(client("203.0.113." + i), ALICE);
        }
        assertThat(next.admits(client("192.0.2.1"), ALICE)).isTrue();
        assertThat(next.admits(client("2001:db8::2"), ALICE)).isTrue();
        assertThat(next.admits(client("192.0.2.2"), ALICE)).isFalse();
    }

    @Test
    void remembersTheLastTwentyPlaces() throws Exception {
        for (int i = 1; i <= 21; i++) {
            guard.succeeded(client("192.0.2." + i), ALICE);
        }
        guessAtAlice();
        assertThat(guard.admits(client("192.0.2.1"), ALICE)).isFalse();
        assertThat(guard.admits(client("192.0.2.2"), ALICE)).isTrue();
    }

    @Test
    void hasTheLimitsThatAreDocumented() {
        assertThat(LoginConfig.DEFAULT)
                .isEqualTo(new LoginConfig(
                        20,
                        50,
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(8),
                        List.of(Network.parse("127.0.0.0/8"), Network.parse("::1"))));
    }
}
