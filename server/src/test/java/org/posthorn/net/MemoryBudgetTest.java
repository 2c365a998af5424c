package org.posthorn.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.posthorn.testing.Eventually;
import org.posthorn.testing.QuietObserver;

@Timeout(60)
class MemoryBudgetTest {
    private final MemoryBudget budget = new MemoryBudget(new MemoryBudget.Limits(100_000, 50_000, 2));

    @Test
    void givesStrangersTheirShareAndNoMore() throws IOException {
        SessionMemory one = new SessionMemory(budget);
        SessionMemory other = new SessionMemory(budget);
        one.charge(60_000);
        assertThat(other.tryCharge(40_001)).isFalse();
        assertThat(other.tryCharge(40_000)).isTrue();
        assertThatThrownBy(() -> one.charge(1)).isInstanceOf(MemoryShortageException.class);
        assertThat(budget.heldByStrangers()).isEqualTo(100_000);
    }

    @Test
    void leavesUsersAShareThatStrangersCannotTake() throws IOException {
        SessionMemory user = new SessionMemory(budget);
        user.charge(6_000);
        new SessionMemory(budget).charge(94_000);
        assertThat(user.logIn("alice@posthorn.test")).isEqualTo(SessionMemory.Login.ADMITTED);
        assertThat(user.tryCharge(44_000)).isTrue();
        assertThat(user.tryCharge(1)).isFalse();
        assertThat(budget.heldByStrangers()).isEqualTo(94_000);
        assertThat(budget.heldByUsers()).isEqualTo(50_000);
    }

    @Test
    void refusesALoginWhereTheUsersShareIsUsedUp() throws IOException {
        SessionMemory user = new SessionMemory(budget);
        user.charge(50_001);
        assertThat(user.logIn("alice@posthorn.test")).isEqualTo(SessionMemory.Login.NO_MEMORY);
        assertThat(budget.heldByUsers()).isZero();
        assertThat(budget.heldByStrangers()).isEqualTo(50_001);
    }

    @Test
    void limitsTheSessionsOfAnAccount() {
        List<SessionMemory> sessions = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            sessions.add(new SessionMemory(budget));
            assertThat(sessions.getLast().logIn("alice@posthorn.test")).isEqualTo(SessionMemory.Login.ADMITTED);
        }
        SessionMemory third = new SessionMemory(budget);
        assertThat(third.logIn("alice@posthorn.test")).isEqualTo(SessionMemory.Login.TOO_MANY_SESSIONS);
        assertThat(third.logIn("bob@posthorn.test")).isEqualTo(SessionMemory.Login.ADMITTED);
        sessions.getFirst().close();
        assertThat(new SessionMemory(budget).logIn("alice@posthorn.test")).isEqualTo(SessionMemory.Login.ADMITTED);
    }

    @Test
    void takesEverythingBackAtTheEndOnce() throws IOException {
        SessionMemory session = new SessionMemory(budget);
        session.charge(70_000);
        session.release(10_000);
        session.close();
        session.release(60_000);
        session.close();
        assertThat(budget.heldByStrangers()).isZero();
        assertThat(session.tryCharge(1)).isFalse();
        assertThat(budget.heldByStrangers()).isZero();
    }

    /** Decision 165. */
    @Test
    void chargesAndWaitsAsDocumented() {
        assertThat(MemoryBudget.STRANGER_IDLE).isEqualTo(Duration.ofMillis(250));
        assertThat(MemoryBudget.USER_STUCK).isEqualTo(Duration.ofSeconds(10));
        assertThat(SessionMemory.CONNECTION).isEqualTo(6 * 1024);
        assertThat(SessionMemory.TLS_BEFORE_LOGIN).isEqualTo(40 * 1024);
        assertThat(SessionMemory.TLS).isEqualTo(16 * 1024);
    }

    @Test
    void readsTheShareOfTheHeap() {
        assertThat(MemoryBudget.Limits.ofHeap(192L << 20, 25, 10, 100))
                .isEqualTo(new MemoryBudget.Limits(50_331_625, 20_132_650, 100));
    }

    @Test
    void tellsForAMinuteOfWorkThatWasRefused() {
        AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
        MemoryBudget told = new MemoryBudget(new MemoryBudget.Limits(1000, 1000, 1), MemoryBudget.USER_STUCK, now::get);
        SessionMemory session = new SessionMemory(told);
        assertThat(session.tryCharge(1000)).isTrue();
        assertThat(told.faults()).isEmpty();
        assertThat(session.tryCharge(1)).isFalse();
        now.addAndGet(Duration.ofSeconds(59).toNanos());
        assertThat(told.faults())
                .singleElement()
                .asString()
                .contains("before login")
                .contains("listen.memory-for-strangers");
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(told.faults()).isEmpty();
    }

    private static final SessionHandler LINES = new SessionHandler() {
        @Override
        public void serve(Connection connection) throws IOException {
            connection.out().println("220 here").flush();
            try {
                String line = connection.in().readLine(64 * 1024);
                connection.out().println("250 " + line.length()).flush();
            } catch (MemoryShortageException e) {
                connection.out().println("421 short").flush();
            }
        }

        @Override
        public String busyGreeting() {
            return "421 busy\r\n";
        }
    };

    private static Listener listener(MemoryBudget budget) throws IOException {
        return listener(budget, 1000);
    }

    private static Listener listener(MemoryBudget budget, int maxConnections) throws IOException {
        return listener(budget, maxConnections, LINES, Duration.ofSeconds(10));
    }

    private static Listener listener(
            MemoryBudget budget, int maxConnections, SessionHandler handler, Duration writeTimeout) throws IOException {
        return Listener.start(
                new Listener.Settings(
                        "smtp",
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        maxConnections,
                        1000,
                        writeTimeout,
                        Optional.empty(),
                        _ -> true),
                handler,
                new QuietObserver(),
                budget);
    }

    private static Socket greeted(Listener listener) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port());
        socket.setSoTimeout(20_000);
        assertThat(line(socket)).isEqualTo("220 here");
        return socket;
    }

    private static String line(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        int octet = socket.getInputStream().read();
        while (octet >= 0 && octet != '\n') {
            line.append((char) octet);
            octet = socket.getInputStream().read();
        }
        return line.toString().strip();
    }

    @Test
    void cutsTheStrangerThatHasBeenSilentLongestForANewOne() throws Exception {
        // Three connections of 6 KiB, and no fourth.
        MemoryBudget three = new MemoryBudget(new MemoryBudget.Limits(19_000, 1, 1));
        try (Listener listener = listener(three);
                Socket oldest = greeted(listener)) {
            Thread.sleep(300);
            try (Socket second = greeted(listener);
                    Socket third = greeted(listener);
                    Socket fourth = greeted(listener)) {
                assertThat(isCut(oldest)).isTrue();
                assertThat(three.cut()).isEqualTo(1);
                for (Socket socket : List.of(second, third, fourth)) {
                    socket.getOutputStream().write("abc\r\n".getBytes(StandardCharsets.US_ASCII));
                    assertThat(line(socket)).isEqualTo("250 3");
                }
            }
        }
    }

    private static boolean isCut(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    @Test
    void cutsTheLongestSilentStrangerWhereThereAreTooManyConnections() throws Exception {
        MemoryBudget plenty = new MemoryBudget(MemoryBudget.Limits.NONE);
        try (Listener listener = listener(plenty, 2);
                Socket oldest = greeted(listener)) {
            Thread.sleep(300);
            try (Socket second = greeted(listener);
                    Socket third = greeted(listener);
                    Socket fourth = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
                assertThat(isCut(oldest)).isTrue();
                assertThat(line(fourth)).as("nobody has been silent for long").isEqualTo("421 busy");
                for (Socket socket : List.of(second, third)) {
                    socket.getOutputStream().write("abc\r\n".getBytes(StandardCharsets.US_ASCII));
                    assertThat(line(socket)).isEqualTo("250 3");
                }
            }
        }
    }

    /** Logs in, then writes without end. */
    private static final SessionHandler WRITER = new SessionHandler() {
        @Override
        public void serve(Connection connection) throws IOException {
            connection.out().println("220 here").flush();
            connection.memory().logIn(connection.in().readLine(100));
            byte[] much = new byte[1 << 20];
            while (true) {
                connection.out().write(much);
            }
        }

        @Override
        public String busyGreeting() {
            return "421 busy\r\n";
        }
    };

    private static Socket loggedIn(Listener listener, String name) throws IOException {
        Socket socket = greeted(listener);
        socket.getOutputStream().write((name + "\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    @Test
    void cutsAUserWhoDoesNotReadForOneWhoDoes() throws Exception {
        // Two connections of users, and no third.
        MemoryBudget two = new MemoryBudget(
                new MemoryBudget.Limits(1 << 20, 2 * SessionMemory.CONNECTION, 2),
                Duration.ofMillis(250),
                System::nanoTime);
        try (Listener listener = listener(two, 1000, WRITER, Duration.ofMinutes(5));
                Socket deaf = loggedIn(listener, "deaf");
                Socket reader = loggedIn(listener, "reader")) {
            awaitUsers(two, 2);
            // The writes to the one that does not read are stuck as soon as the buffers of both sockets are full.
            SessionMemory third = new SessionMemory(two);
            third.charge(SessionMemory.CONNECTION);
            byte[] into = new byte[1 << 20];
            while (third.logIn("third") != SessionMemory.Login.ADMITTED) {
                reader.getInputStream().readNBytes(into, 0, into.length);
            }
            assertThat(two.cut()).isEqualTo(1);
            assertThat(isCutAfterWhatWasSent(deaf)).isTrue();
            assertThat(reader.getInputStream().readNBytes(into, 0, into.length)).isEqualTo(into.length);
        }
    }

    private static void awaitUsers(MemoryBudget budget, int count) throws InterruptedException {
        Eventually.await(() -> budget.heldByUsers() >= count * SessionMemory.CONNECTION);
    }

    private static boolean isCutAfterWhatWasSent(Socket socket) throws IOException {
        byte[] into = new byte[1 << 20];
        try {
            while (socket.getInputStream().read(into) >= 0) {
                // What was sent before it was cut.
            }
            return true;
        } catch (SocketException e) {
            return true;
        }
    }

    @Test
    void cutsWhoTakesLongerThanTheWriteTimeout() throws Exception {
        MemoryBudget plenty = new MemoryBudget(MemoryBudget.Limits.NONE);
        try (Listener listener = listener(plenty, 1000, WRITER, Duration.ofMillis(100));
                Socket deaf = loggedIn(listener, "deaf")) {
            awaitUsers(plenty, 1);
            Eventually.await(() -> listener.connections() == 0);
            assertThat(isCutAfterWhatWasSent(deaf)).isTrue();
        }
        assertThat(plenty.heldByUsers()).isZero();
    }

    /** Nobody has been silent for long when the fourth comes, so it waits until somebody has. */
    @Test
    void servesTheOneThatComesInAFlood() throws Exception {
        MemoryBudget three = new MemoryBudget(new MemoryBudget.Limits(19_000, 1, 1));
        try (Listener listener = listener(three);
                Socket first = greeted(listener);
                Socket second = greeted(listener);
                Socket third = greeted(listener);
                Socket fourth = greeted(listener)) {
            fourth.getOutputStream().write("abc\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(line(fourth)).isEqualTo("250 3");
            assertThat(List.of(first, second, third)).allMatch(Socket::isConnected);
            assertThat(three.cut()).isPositive();
            assertThat(three.faults()).isEmpty();
        }
    }

    @Test
    void turnsAwayWhereNobodyHasBeenSilentLongEnough() throws Exception {
        MemoryBudget none = new MemoryBudget(new MemoryBudget.Limits(6_143, 1, 1));
        try (Listener listener = listener(none);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
            assertThat(line(socket)).isEqualTo("421 busy");
        }
    }

    @Test
    void paysForALineThatGrowsAndGivesItBack() throws Exception {
        // A connection, a buffer of 16 KiB and one part of a longer line.
        MemoryBudget small = new MemoryBudget(new MemoryBudget.Limits((6 + 16 + 32) << 10, 1, 1));
        try (Listener listener = listener(small)) {
            try (Socket client = greeted(listener)) {
                client.getOutputStream().write(("x".repeat(20_000) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                assertThat(line(client)).isEqualTo("250 20000");
            }
            try (Socket client = greeted(listener)) {
                client.getOutputStream().write("x".repeat(40_000).getBytes(StandardCharsets.US_ASCII));
                assertThat(line(client)).isEqualTo("421 short");
            }
            listener.windDown();
            listener.await(Duration.ofSeconds(20));
        }
        assertThat(small.heldByStrangers()).isZero();
    }
}
