package org.posthorn.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.abuse.LoginConfig;
import org.posthorn.abuse.LoginGuard;
import org.posthorn.config.ConfigException;
import org.posthorn.config.ConfigFile;
import org.posthorn.intake.IncomingMessage;
import org.posthorn.intake.MessageIntake;
import org.posthorn.intake.SmtpClient;
import org.posthorn.mail.Address;
import org.posthorn.mail.Envelope;
import org.posthorn.net.Connection;
import org.posthorn.net.MemoryBudget;
import org.posthorn.server.Port;
import org.posthorn.testing.Eventually;
import org.posthorn.testing.LineClient;

/** What a session says in rarer cases, and what it waits for. */
class SmtpSessionGapTest {
    private static final String HELO = "S: 220 ...\nC: HELO client\nS: 250 ...\n";
    private static final String MAIL = "C: MAIL FROM:<a@example.org>\nS: 250 ...\n";
    private static final String RCPT = "C: RCPT TO:<alice@posthorn.test>\nS: 250 ...\n";

    private static final String SECURED = """
            S: 220 ...
            C: STARTTLS
            S: 220 ...
            TLS
            C: EHLO client
            S: 250-...
            S: 250-...
            S: 250-...
            S: 250-AUTH ...
            S: 250-...
            S: 250-...
            S: 250 ...
            """;

    /** Of alice, with the password "secret", and with another. */
    private static final String PLAIN = "C: AUTH PLAIN AGFsaWNlQHBvc3Rob3JuLnRlc3QAc2VjcmV0\n";

    private static final String WRONG = "C: AUTH PLAIN AGFsaWNlQHBvc3Rob3JuLnRlc3QAd3Jvbmc=\n";

    private static SmtpPort port(SmtpRole role, SmtpTimes times, UnaryOperator<SmtpServices> change)
            throws IOException {
        return new SmtpPort(
                SmtpPort.config(role, SmtpLimits.DEFAULT, times), new MemoryBudget(MemoryBudget.Limits.NONE), change);
    }

    private static SmtpServices with(SmtpServices by, MessageIntake intake) {
        return new SmtpServices(intake, by.startTls(), by.sasl(), by.guard(), by.postmaster(), by.busy(), by.log());
    }

    private static SmtpTimes times(Duration dataGrace, Duration errorDelay) {
        SmtpTimes fast = SmtpPort.FAST;
        return new SmtpTimes(
                fast.command(),
                fast.data(),
                fast.underLoad(),
                fast.session(),
                dataGrace,
                fast.dataRate(),
                errorDelay,
                fast.afterFault());
    }

    /** Refuses everybody in the words of another language. */
    private static final MessageIntake STRANGE = new MessageIntake() {
        @Override
        public Decision sender(SmtpClient client, Optional<Address> sender, long size) {
            return sender.isEmpty() ? Decision.ACCEPT : Decision.refuse(550, "5.7.1", "\u00fc\u0100 gr\u00fc\u00dft");
        }

        @Override
        public Decision recipient(SmtpClient client, Optional<Address> sender, Address recipient) {
            return Decision.refuse(550, "5.7.1", "\u00fc\u0100");
        }

        @Override
        public IncomingMessage begin(SmtpClient client, Envelope envelope) {
            throw new IllegalStateException();
        }
    };

    /** RFC 6531 3.7.4.2: UTF-8 only within a transaction that was begun with SMTPUTF8. */
    @Test
    void saysNothingButAsciiToWhoHasNotAskedForMore() throws IOException {
        try (SmtpPort port = port(SmtpRole.MX, SmtpPort.FAST, by -> with(by, STRANGE))) {
            port.play(HELO + """
                    C: MAIL FROM:<a@example.org> SMTPUTF8
                    S: 550 5.7.1 ?? gr??t
                    C: MAIL FROM:<>
                    S: 250 ...
                    C: RCPT TO:<alice@posthorn.test>
                    S: 550 5.7.1 ??
                    C: RSET
                    S: 250 ...
                    C: MAIL FROM:<> SMTPUTF8
                    S: 250 ...
                    C: RCPT TO:<alice@posthorn.test>
                    S: 550 5.7.1 \u00fc\u0100
                    """);
        }
    }

    /** Takes recipients when it is told to. */
    private record Waiting(MessageIntake intake, CountDownLatch asked, CountDownLatch go) implements MessageIntake {
        @Override
        public Decision sender(SmtpClient client, Optional<Address> sender, long size) {
            return intake.sender(client, sender, size);
        }

        @Override
        public Decision recipient(SmtpClient client, Optional<Address> sender, Address recipient) {
            asked.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return intake.recipient(client, sender, recipient);
        }

        @Override
        public IncomingMessage begin(SmtpClient client, Envelope envelope) {
            return intake.begin(client, envelope);
        }
    }

    @Test
    void saysGoodbyeAtTheNextOfSeveralCommands() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (SmtpPort port = port(SmtpRole.MX, SmtpPort.FAST, by -> with(by, new Waiting(by.intake(), asked, go)));
                LineClient client = port.client()) {
            client.play(HELO + MAIL);
            client.send("RCPT TO:<alice@posthorn.test>\r\nNOOP\r\nNOOP\r\n");
            asked.await();
            port.listener().windDown();
            go.countDown();
            client.play("S: 250 2.1.5 Ok\nS: 421 4.3.2 mx.posthorn.test shutting down\nS: [end]\n");
        }
    }

    @Test
    void logsAConnectionThatBreaks() throws Exception {
        try (SmtpPort port = SmtpPort.mx()) {
            try (LineClient client = port.client()) {
                client.play(HELO + "C: NOOP\nS: 250 ...\n");
                // What follows is a reset, not an end.
                client.socket().setSoLinger(true, 0);
            }
            Eventually.await(() -> port.log().lines().stream().anyMatch(line -> line.contains("disconnect from")));
            assertThat(port.log().lines()).contains("smtpd : lost connection after NOOP from unknown[127.0.0.1]");
        }
    }

    /** Errors and refused recipients count together towards the delay. */
    @Test
    void twoErrorsAndTwoRefusedRecipientsAreFour() throws IOException {
        try (SmtpPort port = port(SmtpRole.MX, times(Duration.ofSeconds(20), Duration.ofHours(1)), by -> by);
                LineClient client = port.client()) {
            client.play(HELO + "C: XYZZY\nS: 500 ...\n".repeat(2) + MAIL
                    + "C: RCPT TO:<x@posthorn.test>\nS: 550 ...\nC: RCPT TO:<x@posthorn.test>\n");
            client.socket().setSoTimeout(200);
            assertThatThrownBy(client::line).isInstanceOf(SocketTimeoutException.class);
        }
    }

    /** Of 20 seconds for the next octets and 300 ms for the whole message, the shorter one counts. */
    @Test
    void aSilentMessageHasItsTimeAsAWhole() throws IOException {
        try (SmtpPort port = port(SmtpRole.MX, times(Duration.ofMillis(300), Duration.ZERO), by -> by);
                LineClient client = port.client()) {
            client.socket().setSoTimeout(15_000);
            client.play(HELO + MAIL + RCPT + "C: DATA\nS: 354 ...\n"
                    + "S: 421 4.4.2 mx.posthorn.test timeout exceeded\nS: [end]\n");
            assertThat(port.intake().open()).isZero();
        }
    }

    @Test
    void whoIsInterruptedWhileItPausesStops() throws IOException {
        try (SmtpPort port = SmtpPort.mx();
                LineClient client = port.client();
                Connection connection = new Connection(client.socket())) {
            SmtpSession session = new SmtpSession(
                    SmtpPort.config(SmtpRole.MX, SmtpLimits.DEFAULT, SmtpPort.FAST), port.services(), connection);
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> session.pause(Duration.ofHours(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("interrupted");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aBouncesRecipientIsRefusedInTheLogWithoutASender() throws IOException {
        try (SmtpPort port = SmtpPort.mx()) {
            port.play(HELO + "C: MAIL FROM:<>\nS: 250 ...\nC: RCPT TO:<x@posthorn.test>\nS: 550 ...\n");
            assertThat(port.log().lines())
                    .anyMatch(line -> line.endsWith("; from=<> to=<x@posthorn.test> proto=SMTP helo=<client>"));
        }
    }

    @ParameterizedTest
    @CsvSource({"'', false", "' BODY=7BIT', false", "' BODY=8BITMIME', true"})
    void tellsWhetherAMessageIs8Bit(String parameter, boolean eightBit) throws IOException {
        try (SmtpPort port = SmtpPort.mx()) {
            port.play(HELO + "C: MAIL FROM:<a@example.org>" + parameter + "\nS: 250 ...\n" + RCPT
                    + "C: DATA\nS: 354 ...\nC: .\nS: 250 ...\n");
            assertThat(port.intake().only().envelope().eightBitMime()).isEqualTo(eightBit);
        }
    }

    @Test
    void offersNoLoginWhereNobodyCanLogIn() throws IOException {
        try (SmtpPort port = port(
                SmtpRole.SUBMISSION,
                SmtpPort.FAST,
                by -> new SmtpServices(
                        by.intake(),
                        by.startTls(),
                        Optional.empty(),
                        by.guard(),
                        by.postmaster(),
                        by.busy(),
                        by.log()))) {
            port.play("""
                    S: 220 ...
                    C: AUTH PLAIN AAAA
                    S: 502 5.5.1 AUTH is not offered here
                    C: STARTTLS
                    S: 220 ...
                    TLS
                    C: EHLO client
                    S: 250-mx.posthorn.test
                    S: 250-PIPELINING
                    S: 250-SIZE 1048576
                    S: 250-ENHANCEDSTATUSCODES
                    S: 250-8BITMIME
                    S: 250 SMTPUTF8
                    C: AUTH PLAIN AAAA
                    S: 502 5.5.1 AUTH is not offered here
                    """);
        }
    }

    /** RFC 4954 4 and 5. */
    @Test
    void aLineOfALoginMayNotHoldABareLineEndAndAuthNeedsAValue() throws IOException {
        try (SmtpPort port = SmtpPort.submission()) {
            port.play(SECURED + """
                    C: AUTH PLAIN
                    S: 334...
                    C: AG\\rFs
                    S: 500 5.5.2 Bare CR or LF in command
                    """ + PLAIN + """
                    S: 235 ...
                    C: MAIL FROM:<alice@posthorn.test> AUTH
                    S: 555 5.5.4 Unsupported option: AUTH
                    """);
        }
    }

    @Test
    void logsWhoIsBarredFromGuessing() throws IOException {
        try (SmtpPort port = SmtpPort.submission()) {
            port.play(SECURED + (WRONG + "S: 535 ...\n").repeat(3) + PLAIN + "S: 454 ...\n");
            assertThat(port.log().lines())
                    .contains("submission/smtpd : warning: unknown[127.0.0.1]: SASL PLAIN authentication failed:"
                            + " too many failures");
        }
    }

    @Test
    void aWrongPasswordWaitsForItsAnswer() throws IOException {
        LoginConfig slow =
                new LoginConfig(3, 1000, Duration.ofDays(1), Duration.ofHours(1), Duration.ofHours(1), List.of());
        try (SmtpPort port = port(
                        SmtpRole.SUBMISSION,
                        SmtpPort.FAST,
                        by -> new SmtpServices(
                                by.intake(),
                                by.startTls(),
                                by.sasl(),
                                new LoginGuard(slow, InstantSource.system()),
                                by.postmaster(),
                                by.busy(),
                                by.log()));
                LineClient client = port.client()) {
            client.play(SECURED + WRONG);
            client.socket().setSoTimeout(200);
            assertThatThrownBy(client::line).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void aLoginNeedsMemoryOfTheUsers() throws IOException {
        MemoryBudget memory = new MemoryBudget(new MemoryBudget.Limits(10 << 20, 1, 5));
        try (SmtpPort port =
                new SmtpPort(SmtpPort.config(SmtpRole.SUBMISSION, SmtpLimits.DEFAULT, SmtpPort.FAST), memory)) {
            port.play(SECURED + PLAIN + """
                    S: 454 4.7.0 Short of memory, try again later
                    C: MAIL FROM:<alice@posthorn.test>
                    S: 530 5.7.0 Authentication required
                    """);
        }
    }

    @Test
    void listensWhereMailIsSentTo() {
        assertThat(new SmtpProtocol().ports()).extracting(Port::number).contains(25, 587, 465);
    }

    private static SmtpConfig read(String text) throws ConfigException {
        ConfigFile file = ConfigFile.parse("test.toml", text);
        SmtpConfig config = SmtpConfig.read(file.root().section("smtp"), SmtpRole.SUBMISSION, "mx.posthorn.test");
        file.finish();
        return config;
    }

    @Test
    void readsEveryKey() throws ConfigException {
        assertThat(read(""))
                .isEqualTo(new SmtpConfig(
                        SmtpRole.SUBMISSION, "mx.posthorn.test", 100 << 20, SmtpLimits.DEFAULT, SmtpTimes.DEFAULT));
        assertThat(read("""
                        [smtp]
                        max-message-size = "1 MiB"
                        max-recipients = 101
                        max-errors = 2
                        max-refused-recipients = 3
                        max-idle-commands = 11
                        max-messages = 5
                        command-timeout = "6s"
                        data-timeout = "7s"
                        timeout-under-load = "8s"
                        session-limit = "9m"
                        data-grace = "10s"
                        data-rate = 11
                        error-delay = "12s"
                        """))
                .isEqualTo(new SmtpConfig(
                        SmtpRole.SUBMISSION,
                        "mx.posthorn.test",
                        1 << 20,
                        new SmtpLimits(101, 2, 3, 11, 5),
                        new SmtpTimes(
                                Duration.ofSeconds(6),
                                Duration.ofSeconds(7),
                                Duration.ofSeconds(8),
                                Duration.ofMinutes(9),
                                Duration.ofSeconds(10),
                                11,
                                Duration.ofSeconds(12),
                                Duration.ofSeconds(5))));
    }
}
