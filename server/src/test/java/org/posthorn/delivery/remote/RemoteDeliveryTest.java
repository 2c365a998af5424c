package org.posthorn.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.posthorn.client.smtp.SmtpTimeouts;
import org.posthorn.dns.FailureKind;
import org.posthorn.dns.RecordType;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.mail.Address;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.MessageContent;
import org.posthorn.queue.DeliveryAgent;
import org.posthorn.queue.DeliveryOutcome;
import org.posthorn.queue.Destination;
import org.posthorn.queue.QueueId;
import org.posthorn.queue.QueuedMessage;
import org.posthorn.testing.FakeSmtpServer;
import org.posthorn.testing.RecordedLog;

@Timeout(60)
class RemoteDeliveryTest {
    private static final String HELLO = """
            S: 220 mx ESMTP
            C: EHLO mail.example.net
            S: 250 mx
            """;
    private static final String QUIT = "C: QUIT\nS: 221 bye\n";

    private ZoneResolver zone = new ZoneResolver();
    private final RecordedLog log = new RecordedLog();
    private final List<TlsSessions.Session> sessions = new ArrayList<>();
    private RemoteDeliveryConfig config =
            RemoteDeliveryConfig.standard("mail.example.net").withTimeouts(SmtpTimeouts.all(Duration.ofSeconds(20)));

    /** A message for these recipients, as the server sees it, and the replies to RCPT and to the text. */
    private static String transaction(String recipient, String reply) {
        return """
                C: MAIL FROM:<alice@example.net>
                S: 250 ok
                C: RCPT TO:<%s>
                S: 250 ok
                C: DATA
                S: 354 go
                DATA
                S: %s
                """.formatted(recipient, reply);
    }

    private static String refused(String recipient, String reply) {
        return """
                C: MAIL FROM:<alice@example.net>
                S: 250 ok
                C: RCPT TO:<%s>
                S: %s
                """.formatted(recipient, reply);
    }

    private static final class TestJob implements DeliveryAgent.Job {
        private final List<Address> recipients;
        private final List<String> settled = new ArrayList<>();

        TestJob(String... recipients) {
            this.recipients = Stream.of(recipients).map(Address::parse).toList();
        }

        @Override
        public QueuedMessage message() {
            return new QueuedMessage(
                    new QueueId("MESSAGE0001"),
                    Instant.EPOCH,
                    new Envelope(Optional.of(Address.parse("alice@example.net")), recipients, false, false),
                    MessageContent.of("Subject: x\r\n\r\nHello\r\n".getBytes(StandardCharsets.US_ASCII)));
        }

        @Override
        public List<Address> recipients() {
            return recipients;
        }

        @Override
        public void settle(Address recipient, DeliveryOutcome outcome) {
            String kind = outcome.getClass().getSimpleName();
            settled.add(recipient.localPart() + " " + kind + " " + outcome.status() + " " + outcome.text());
        }
    }

    private void deliver(String destination, TestJob... jobs) {
        try (RemoteDelivery agent = agent()) {
            deliver(agent, destination, jobs);
        }
    }

    private RemoteDelivery agent() {
        return new RemoteDelivery(config, zone, TlsPolicy.OPPORTUNISTIC, sessions::add, new Random(1), log);
    }

    private static void deliver(RemoteDelivery agent, String destination, TestJob... jobs) {
        Deque<DeliveryAgent.Job> due = new ArrayDeque<>(List.of(jobs));
        agent.deliver(Destination.smtp(destination), () -> Optional.ofNullable(due.poll()));
        assertThat(due).isEmpty();
    }

    private static String hop(FakeSmtpServer server) {
        return "127.0.0.1:" + server.port();
    }

    /** Two servers on one port of different loopback addresses, as two MX hosts have it. */
    private FakeSmtpServer second(FakeSmtpServer first, String... transcripts) throws IOException {
        return new FakeSmtpServer(InetAddress.ofLiteral("127.0.0.2"), first.port(), transcripts);
    }

    private void twoHosts(FakeSmtpServer first) {
        config = config.withPort(first.port());
        zone = new ZoneResolver()
                .withMx("example.org", 10, "mx1.example.org")
                .withMx("example.org", 20, "mx2.example.org")
                .withAddress("mx1.example.org", "127.0.0.1")
                .withAddress("mx2.example.org", "127.0.0.2");
    }

    private List<String> heard() {
        return sessions.stream()
                .map(session -> session.domain() + " " + session.server().host() + " "
                        + session.outcome()
                                .failure()
                                .map(failure -> failure.reason().word())
                                .orElse("success"))
                .toList();
    }

    @Test
    void tellsOnceOfEachConnectionHowTlsWent() throws Exception {
        String transaction = transaction("a@example.org", "250 2.0.0 one");
        String offer = "S: 220 mx ESMTP\nC: EHLO mail.example.net\nS: 250-mx\nS: 250 STARTTLS\nC: STARTTLS\n";
        String hello = "C: EHLO mail.example.net\nS: 250 mx\n";
        for (List<String> way : List.of(
                List.of("success", offer + "S: 220 go\nTLS\n" + hello + transaction + QUIT),
                List.of("starttls-not-supported", HELLO + transaction + QUIT),
                List.of("validation-failure", offer + "S: 454 4.7.0 no key\n" + transaction + QUIT),
                List.of("validation-failure", offer + "S: 220 go\nS: nonsense\n", HELLO + transaction + QUIT))) {
            sessions.clear();
            try (FakeSmtpServer server =
                    new FakeSmtpServer(way.subList(1, way.size()).toArray(String[]::new))) {
                config = config.withPort(server.port());
                zone = new ZoneResolver()
                        .withMx("example.org", 10, "mx1.example.org")
                        .withAddress("mx1.example.org", "127.0.0.1");
                TestJob job = new TestJob("a@example.org");
                deliver("example.org", job);
                assertThat(job.settled).hasSize(1).allMatch(text -> text.startsWith("a Delivered"));
            }
            assertThat(heard()).containsExactly("example.org mx1.example.org " + way.getFirst());
            assertThat(sessions.getFirst().policy()).isEqualTo(new AppliedPolicy.NotFound());
            assertThat(sessions.getFirst().outcome().local().isLoopbackAddress())
                    .isTrue();
        }
    }

    @Test
    void tellsNothingOfConfiguredWays() throws Exception {
        try (FakeSmtpServer server = new FakeSmtpServer(HELLO + transaction("a@example.org", "250 ok") + QUIT)) {
            deliver(hop(server), new TestJob("a@example.org"));
        }
        assertThat(sessions).isEmpty();
    }

    @Test
    void sendsSeveralMessagesOverOneConnection() throws Exception {
        try (FakeSmtpServer server = new FakeSmtpServer(HELLO
                + transaction("a@example.org", "250 2.0.0 one")
                + refused("b@example.org", "550 5.1.1 unknown")
                + "C: RSET\nS: 250 ok\n"
                + transaction("c@example.org", "250 2.0.0 three")
                + QUIT)) {
            TestJob one = new TestJob("a@example.org");
            TestJob two = new TestJob("b@example.org");
            TestJob three = new TestJob("c@example.org");
            deliver(hop(server), one, two, three);
            assertThat(one.settled).containsExactly("a Delivered 2.0.0 250 2.0.0 one");
            assertThat(two.settled).containsExactly("b Failed 5.1.1 550 5.1.1 unknown");
            assertThat(three.settled).containsExactly("c Delivered 2.0.0 250 2.0.0 three");
            assertThat(server.complaints()).isEmpty();
        }
    }

    @Test
    void makesANewConnectionAfterSoManyMessages() throws Exception {
        config = new RemoteDeliveryConfig(
                config.hostName(),
                config.ownNames(),
                config.ownSockets(),
                25,
                config.families(),
                config.source4(),
                config.source6(),
                10,
                1,
                Set.of(),
                Map.of(),
                config.timeouts());
        try (FakeSmtpServer server = new FakeSmtpServer(
                HELLO + transaction("a@example.org", "250 one") + QUIT,
                HELLO + transaction("b@example.org", "250 two") + QUIT)) {
            deliver(hop(server), new TestJob("a@example.org"), new TestJob("b@example.org"));
            assertThat(server.complaints()).isEmpty();
        }
    }

    @Test
    void triesTheNextHostAfterATemporaryRefusalOfSomeAndSettlesEachOnce() throws Exception {
        String some = """
                C: MAIL FROM:<alice@example.net>
                S: 250 ok
                C: RCPT TO:<a@example.org>
                S: 250 ok
                C: RCPT TO:<b@example.org>
                S: 451 4.7.1 greylisted
                C: RCPT TO:<c@example.org>
                S: 550 5.1.1 unknown
                C: DATA
                S: 354 go
                DATA
                S: 250 first
                """;
        try (FakeSmtpServer first = new FakeSmtpServer(HELLO + some + QUIT);
                FakeSmtpServer second = second(first, HELLO + transaction("b@example.org", "250 second") + QUIT)) {
            twoHosts(first);
            TestJob job = new TestJob("a@example.org", "b@example.org", "c@example.org");
            deliver("example.org", job);
            assertThat(job.settled)
                    .containsExactlyInAnyOrder(
                            "a Delivered 2.0.0 250 first",
                            "b Delivered 2.0.0 250 second",
                            "c Failed 5.1.1 550 5.1.1 unknown");
            assertThat(first.complaints()).isEmpty();
            assertThat(second.complaints()).isEmpty();
        }
    }

    @Test
    void triesTheNextHostAfterARefusedConnectionAGreetingAndALostConnection() throws Exception {
        for (String bad :
                List.of("S: 554 go away", "S: 421 busy", "S: rubbish", HELLO + "C: MAIL FROM:<alice@example.net>")) {
            try (FakeSmtpServer first = new FakeSmtpServer(bad);
                    FakeSmtpServer second = second(first, HELLO + transaction("a@example.org", "250 ok") + QUIT)) {
                twoHosts(first);
                TestJob job = new TestJob("a@example.org");
                deliver("example.org", job);
                assertThat(job.settled).as(bad).containsExactly("a Delivered 2.0.0 250 ok");
                assertThat(second.complaints()).isEmpty();
            }
        }
    }

    @Test
    void theOnlyHostsGreetingOf5yzIsNotTheMessagesFault() throws Exception {
        try (FakeSmtpServer server = new FakeSmtpServer("S: 554 5.7.1 go away")) {
            TestJob job = new TestJob("a@example.org");
            deliver(hop(server), job);
            assertThat(job.settled).containsExactly("a Deferred 4.7.1 554 5.7.1 go away");
        }
    }

    /** RFC 5321 3.8: whatever it was in answer to, the message waits, and log and notification have the server's words. */
    @Test
    void a421DefersWithTheServersWords() throws Exception {
        String mail = "C: MAIL FROM:<alice@example.net>\n";
        String rcpt = mail + "S: 250 ok\nC: RCPT TO:<a@example.org>\n";
        String data = rcpt + "S: 250 ok\nC: DATA\n";
        String ehlo = HELLO.substring(0, HELLO.lastIndexOf("S: "));
        for (String until :
                List.of(ehlo, HELLO + mail, HELLO + rcpt, HELLO + data, HELLO + data + "S: 354 go\nDATA\n")) {
            try (FakeSmtpServer server = new FakeSmtpServer(until + "S: 421 4.3.2 shutting down")) {
                TestJob job = new TestJob("a@example.org");
                deliver(hop(server), job);
                assertThat(job.settled).as(until).containsExactly("a Deferred 4.3.2 421 4.3.2 shutting down");
                assertThat(server.complaints()).isEmpty();
            }
        }
    }

    @Test
    void aPermanentRefusalIsTheEnd() throws Exception {
        try (FakeSmtpServer first = new FakeSmtpServer(HELLO + transaction("a@example.org", "554 5.7.1 spam") + QUIT)) {
            twoHosts(first);
            TestJob job = new TestJob("a@example.org");
            deliver("example.org", job);
            assertThat(job.settled).containsExactly("a Failed 5.7.1 554 5.7.1 spam");
        }
    }

    @Test
    void doesNotGiveToAnotherHostWhatTheFirstMayHave() throws Exception {
        String lost = HELLO + """
                C: MAIL FROM:<alice@example.net>
                S: 250 ok
                C: RCPT TO:<a@example.org>
                S: 250 ok
                C: DATA
                S: 354 go
                DATA
                """;
        try (FakeSmtpServer first = new FakeSmtpServer(lost);
                FakeSmtpServer second = second(first, HELLO)) {
            twoHosts(first);
            TestJob job = new TestJob("a@example.org");
            deliver("example.org", job);
            assertThat(job.settled).hasSize(1).first().asString().startsWith("a Deferred 4.4.2 lost connection");
            assertThat(second.connections()).isZero();
        }
    }

    @Test
    void keepsTheConnectionForTheNextDeliveryToTheSameDestination() throws Exception {
        try (FakeSmtpServer server = new FakeSmtpServer(HELLO
                        + transaction("a@example.org", "250 one")
                        + transaction("b@example.org", "250 two")
                        + QUIT);
                FakeSmtpServer other = new FakeSmtpServer(HELLO + transaction("c@example.com", "250 other") + QUIT)) {
            TestJob two = new TestJob("b@example.org");
            try (RemoteDelivery agent = agent()) {
                deliver(agent, hop(server), new TestJob("a@example.org"));
                deliver(agent, hop(other), new TestJob("c@example.com"));
                deliver(agent, hop(server), two);
            }
            assertThat(two.settled).containsExactly("b Delivered 2.0.0 250 two");
            assertThat(server.complaints()).isEmpty();
            assertThat(other.complaints()).isEmpty();
        }
    }

    @Test
    void saysGoodbyeWhenNobodyWantsTheConnection() throws Exception {
        try (FakeSmtpServer server = new FakeSmtpServer(HELLO + transaction("a@example.org", "250 one") + QUIT);
                RemoteDelivery agent = agent()) {
            deliver(agent, hop(server), new TestJob("a@example.org"));
            // Waits for the transcript's end, which nothing but the passing of time brings about.
            assertThat(server.complaints()).isEmpty();
        }
    }

    @Test
    void comesAgainWhenTheServerHasClosedBetweenMessages() throws Exception {
        try (FakeSmtpServer server = new FakeSmtpServer(
                HELLO + transaction("a@example.org", "250 one"),
                HELLO + transaction("b@example.org", "250 two") + QUIT)) {
            TestJob two = new TestJob("b@example.org");
            deliver(hop(server), new TestJob("a@example.org"), two);
            assertThat(two.settled).containsExactly("b Delivered 2.0.0 250 two");
            assertThat(server.complaints()).isEmpty();
        }
    }

    @Test
    void defersTheRestWithoutTryingWhenNobodyIsThere() throws Exception {
        int port;
        try (FakeSmtpServer server = new FakeSmtpServer()) {
            port = server.port();
        }
        TestJob one = new TestJob("a@example.org");
        TestJob two = new TestJob("b@example.org", "c@example.org");
        deliver("127.0.0.1:" + port, one, two);
        String text = "Deferred 4.4.1 connect to 127.0.0.1[127.0.0.1]:" + port + ": Connection refused";
        assertThat(one.settled).containsExactly("a " + text);
        assertThat(two.settled).containsExactly("b " + text, "c " + text);
        assertThat(log.lines())
                .filteredOn(line -> line.contains("host-unusable"))
                .hasSize(1);
    }

    @Test
    void aServersWordOutlastsAnotherServersSilence() throws Exception {
        try (FakeSmtpServer first = new FakeSmtpServer(HELLO + refused("a@example.org", "450 4.2.0 busy") + QUIT)) {
            twoHosts(first);
            TestJob job = new TestJob("a@example.org");
            deliver("example.org", job);
            assertThat(job.settled).containsExactly("a Deferred 4.2.0 450 4.2.0 busy");
        }
    }

    @Test
    void failsAtOnceWhatHasNoHost() {
        zone.withMx("null.example.org", 0, "").withFailure(RecordType.MX, "broken.example.org", FailureKind.SERVFAIL);
        TestJob job = new TestJob("a@null.example.org");
        deliver("null.example.org", job);
        assertThat(job.settled).hasSize(1).first().asString().startsWith("a Failed 5.1.10 ");
        TestJob later = new TestJob("a@broken.example.org");
        deliver("broken.example.org", later);
        assertThat(later.settled).hasSize(1).first().asString().startsWith("a Deferred 4.4.3 ");
    }

    @Test
    void triesOnlySoManyAddresses() throws Exception {
        int port;
        try (FakeSmtpServer server = new FakeSmtpServer()) {
            port = server.port();
        }
        for (int i = 1; i <= 30; i++) {
            zone.withAddress("example.org", "127.0.1." + i);
        }
        config = config.withPort(port);
        TestJob job = new TestJob("a@example.org");
        deliver("example.org", job);
        assertThat(log.lines())
                .filteredOn(line -> line.contains("host-unusable"))
                .hasSize(10);
        assertThat(job.settled).hasSize(1);
    }
}
