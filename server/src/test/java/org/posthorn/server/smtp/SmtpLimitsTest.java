package org.posthorn.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.config.MessageSize;
import org.posthorn.net.MemoryBudget;
import org.posthorn.testing.Eventually;
import org.posthorn.testing.LineClient;

/** The numbers of a session, each just met and just exceeded. */
class SmtpLimitsTest {
    private static final String HELO = "S: 220 ...\nC: HELO client\nS: 250 ...\n";
    private static final String MAIL = "C: MAIL FROM:<a@example.org>\nS: 250 ...\n";
    private static final String RCPT = "C: RCPT TO:<alice@posthorn.test>\nS: 250 ...\n";
    private static final String MESSAGE = MAIL + RCPT + "C: DATA\nS: 354 ...\nC: text\nC: .\nS: 250 ...\n";

    private static SmtpPort limited(SmtpLimits limits) throws IOException {
        return new SmtpPort(SmtpPort.config(SmtpRole.MX, limits, SmtpPort.FAST));
    }

    private static SmtpPort timed(UnaryOperator<SmtpTimes> change, UnaryOperator<SmtpServices> services)
            throws IOException {
        return new SmtpPort(
                SmtpPort.config(SmtpRole.MX, SmtpLimits.DEFAULT, change.apply(SmtpPort.FAST)),
                new MemoryBudget(MemoryBudget.Limits.NONE),
                services);
    }

    /** RFC 5321 4.5.3.1 and 4.5.3.2. */
    @Test
    void hasTheDocumentedLimits() {
        assertThat(SmtpLimits.DEFAULT).isEqualTo(new SmtpLimits(1000, 10, 100, 100, 10_000));
        assertThat(SmtpTimes.DEFAULT)
                .isEqualTo(new SmtpTimes(
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(3),
                        Duration.ofSeconds(10),
                        Duration.ofHours(2),
                        Duration.ofMinutes(10),
                        512,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5)));
        assertThat(MessageSize.DEFAULT).isEqualTo(104_857_600);
        assertThat(new SmtpLimits(100, 1, 1, 1, 1).recipients()).isEqualTo(100);
        assertThatIllegalArgumentException().isThrownBy(() -> new SmtpLimits(99, 1, 1, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new SmtpLimits(100, 0, 1, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new SmtpLimits(100, 1, 0, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new SmtpLimits(100, 1, 1, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new SmtpLimits(100, 1, 1, 1, 0));
        assertThat(new SmtpConfig(SmtpRole.MX, "h", 65_536, SmtpLimits.DEFAULT, SmtpTimes.DEFAULT).hostname())
                .isEqualTo("h");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SmtpConfig(SmtpRole.MX, "h", 65_535, SmtpLimits.DEFAULT, SmtpTimes.DEFAULT));
        Duration second = Duration.ofSeconds(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SmtpTimes(second, second, second, second, second, 0, second, second));
        assertThat(new SmtpTimes(second, second, second, second, second, 1, second, second).dataRate())
                .isEqualTo(1);
    }

    @Test
    void turnsAwayWithACodeWhereThereAreTooMany() throws IOException {
        try (SmtpPort port = SmtpPort.mx()) {
            assertThat(port.server().busyGreeting())
                    .isEqualTo("421 4.3.2 mx.posthorn.test too many connections, try again later\r\n");
        }
    }

    @Test
    void endsTheSessionAtTheMessageTooMany() throws IOException {
        try (SmtpPort port = limited(new SmtpLimits(100, 10, 100, 100, 2))) {
            port.play(HELO + MESSAGE + MESSAGE + """
                    C: MAIL FROM:<a@example.org>
                    S: 421 4.7.0 Too many messages in one session, connect again
                    S: [end]
                    """);
            assertThat(port.intake().open()).isZero();
        }
    }

    @Test
    void whoSendsMailMayErrNowAndThen() throws IOException {
        String two = "C: XYZZY\nS: 500 ...\nC: NOOP\nS: 250 ...\n".repeat(2);
        String unknown = "C: RCPT TO:<nobody@posthorn.test>\nS: 550 ...\n".repeat(2);
        try (SmtpPort port = limited(new SmtpLimits(100, 3, 3, 4, 100))) {
            String round = two + MAIL + unknown + RCPT + "C: DATA\nS: 354 ...\nC: text\nC: .\nS: 250 ...\n";
            port.play(
                    HELO + round + round
                            + "C: XYZZY\nS: 500 ...\nC: XYZZY\nS: 500 ...\nC: XYZZY\nS: 500 ...\nS: 421 4.7.0 mx.posthorn.test too many errors\nS: [end]\n");
            assertThat(port.log().lines())
                    .anyMatch(line -> line.startsWith("smtpd : too many errors after UNKNOWN from unknown[127.0.0.1]"));
        }
    }

    /** Refused recipients of no message are errors like others. */
    @Test
    void recipientsCountByThemselvesWithinAMessageOnly() throws IOException {
        try (SmtpPort port = limited(new SmtpLimits(100, 2, 3, 100, 100))) {
            port.play(HELO + "C: RCPT TO:<x@posthorn.test>\nS: 503 ...\n".repeat(2) + "S: 421 4.7.0 ...\nS: [end]\n");
            port.play(HELO + MAIL + "C: RCPT TO:<x@posthorn.test>\nS: 550 ...\n".repeat(3)
                    + "S: 421 4.7.0 ...\nS: [end]\n");
        }
    }

    /** One line in the log will do for any number of recipients too many; one that is there already is none. */
    @Test
    void recipientsBeyondTheLimitAreForAnotherMessage() throws IOException {
        try (SmtpPort port = limited(new SmtpLimits(100, 10, 100, 100, 100));
                LineClient client = port.client()) {
            client.play(HELO + MAIL);
            for (int i = 0; i < 100; i++) {
                client.play("C: RCPT TO:<u" + i + "@posthorn.test>\nS: 250 2.1.5 Ok\n");
            }
            client.play("""
                    C: RCPT TO:<u100@posthorn.test>
                    S: 452 4.5.3 Too many recipients
                    C: RCPT TO:<u101@posthorn.test>
                    S: 452 4.5.3 Too many recipients
                    C: RCPT TO:<u102@posthorn.test>
                    S: 452 4.5.3 Too many recipients
                    C: RCPT TO:<u99@posthorn.test>
                    S: 250 2.1.5 Ok
                    """);
            assertThat(port.log().lines())
                    .filteredOn(line -> line.contains("452 4.5.3"))
                    .singleElement()
                    .asString()
                    .contains("to=<u100@posthorn.test>");
        }
    }

    /** RFC 1870 6. */
    @ParameterizedTest
    @CsvSource({
        "SIZE=1048576, 250 2.1.0 Ok",
        "SIZE=1048577, 552 5.3.4 Message size exceeds fixed maximum",
        "SIZE=00000000000000000001, 552 5.3.4 Message size exceeds fixed maximum",
        "SIZE=000000000000000001, 250 2.1.0 Ok",
        "SIZE=999999999999999999999, 501 5.5.4 SIZE takes a number",
        "SIZE=, 501 5.5.4 ...",
        "SIZE, 501 5.5.4 SIZE takes a number",
        "SIZE=1a, 501 5.5.4 SIZE takes a number",
        "SIZE=-1, 501 5.5.4 SIZE takes a number",
        "SIZE=1:, 501 5.5.4 SIZE takes a number",
        "SIZE=/, 501 5.5.4 SIZE takes a number",
        "BODY=7bit, 250 2.1.0 Ok",
        "BODY=8BITMIME, 250 2.1.0 Ok",
        "BODY, 501 5.5.4 BODY takes 7BIT or 8BITMIME",
        "SMTPUTF8, 250 2.1.0 Ok",
        "SMTPUTF8=yes, 501 5.5.4 SMTPUTF8 takes no value",
    })
    void readsParametersOfMail(String parameter, String reply) throws IOException {
        try (SmtpPort port = SmtpPort.mx()) {
            port.play(HELO + "C: MAIL FROM:<a@example.org> " + parameter + "\nS: " + reply + "\n");
        }
    }

    @Test
    void aMessageOfTheLargestSizeIsTaken() throws IOException {
        // 1,048,576 octets: 1024 lines of 1022 and CRLF.
        String lines = ("C: " + "x".repeat(1022) + "\n").repeat(1023);
        try (SmtpPort port = SmtpPort.mx()) {
            port.play(HELO + MAIL + RCPT + "C: DATA\nS: 354 ...\n" + lines + "C: " + "x".repeat(1022)
                    + "\nC: .\nS: 250 ...\n" + MAIL + RCPT + "C: DATA\nS: 354 ...\n" + lines + "C: " + "x".repeat(1023)
                    + "\nC: .\nS: 552 5.3.4 ...\n");
            assertThat(port.intake().only().octets()).hasSize(1_048_576);
            assertThat(port.intake().open()).isZero();
        }
    }

    @Test
    void aSenderThatIsRefusedIsLogged() throws IOException {
        try (SmtpPort port = SmtpPort.mx()) {
            port.play(HELO + """
                    C: MAIL FROM:<banned@example.com>
                    S: 550 5.7.1 Sender refused
                    C: RCPT TO:<alice@posthorn.test>
                    S: 503 5.5.1 Need MAIL first
                    """);
            assertThat(port.log().lines())
                    .contains("smtpd NOQUEUE: reject: MAIL from unknown[127.0.0.1]: 550 5.7.1 Sender refused;"
                            + " from=<banned@example.com> proto=SMTP helo=<client>");
        }
    }

    @Test
    void aMessageThatIsRefusedAtItsEndIsLogged() throws IOException {
        try (SmtpPort port = SmtpPort.mx()) {
            port.play(HELO + MAIL + RCPT
                    + "C: DATA\nS: 354 ...\nC: a\\0b\nC: .\nS: 554 5.6.0 NUL ...\nC: QUIT\nS: 221 ...\n");
            assertThat(port.log().lines())
                    .contains("smtpd NOQUEUE: reject: END-OF-MESSAGE from unknown[127.0.0.1]: 554 5.6.0 NUL in message"
                            + " (RFC 2045 2.8); from=<a@example.org> proto=SMTP helo=<client>");
            assertThat(port.intake().open()).isZero();
        }
    }

    @Test
    void withoutAPostmasterItsMailHasToWait() throws IOException {
        try (SmtpPort port = timed(
                times -> times,
                by -> new SmtpServices(
                        by.intake(), by.startTls(), by.sasl(), by.guard(), Optional::empty, by.busy(), by.log()))) {
            port.play(HELO + MAIL + "C: RCPT TO:<postmaster>\nS: 451 4.3.5 There is no postmaster yet\n");
        }
    }

    @Test
    void offersNothingThatIsNotThere() throws IOException {
        try (SmtpPort port = timed(
                times -> times,
                by -> new SmtpServices(
                        by.intake(), Optional.empty(), by.sasl(), by.guard(), by.postmaster(), by.busy(), by.log()))) {
            port.play("""
                    S: 220 ...
                    C: EHLO client
                    S: 250-mx.posthorn.test
                    S: 250-PIPELINING
                    S: 250-SIZE 1048576
                    S: 250-ENHANCEDSTATUSCODES
                    S: 250-8BITMIME
                    S: 250 SMTPUTF8
                    C: STARTTLS
                    S: 502 5.5.1 STARTTLS is not offered
                    C: AUTH PLAIN AAAA
                    S: 502 5.5.1 AUTH is not offered here
                    C: QUIT
                    S: 221 2.0.0 Bye
                    S: [end]
                    """);
        }
    }

    @Test
    void waitsLessWhileConnectionsRunShort() throws IOException {
        // The time under load is a tenth of a second, the one else 20 seconds, for which this client does not wait.
        try (SmtpPort port = timed(
                times -> times,
                by -> new SmtpServices(
                        by.intake(), by.startTls(), by.sasl(), by.guard(), by.postmaster(), () -> true, by.log()))) {
            port.play("S: 220 ...\nS: 421 4.4.2 mx.posthorn.test timeout exceeded\nS: [end]\n");
            port.play(HELO + MAIL + RCPT
                    + "C: DATA\nS: 354 ...\nS: 421 4.4.2 mx.posthorn.test timeout exceeded\nS: [end]\n");
            assertThat(port.log().lines())
                    .contains("smtpd : timeout after CONNECT from unknown[127.0.0.1]")
                    .contains("smtpd : timeout after DATA from unknown[127.0.0.1]");
            assertThat(port.intake().open()).isZero();
        }
    }

    @Test
    void aSessionHasItsTime() throws IOException {
        try (SmtpPort port = timed(
                by -> new SmtpTimes(
                        by.command(),
                        by.data(),
                        by.underLoad(),
                        Duration.ZERO,
                        by.dataGrace(),
                        by.dataRate(),
                        by.errorDelay(),
                        by.afterFault()),
                services -> services)) {
            port.play("S: 220 ...\nC: NOOP\nS: 421 4.4.2 mx.posthorn.test session takes too long\nS: [end]\n");
        }
    }

    @Test
    void theFourthErrorWaitsForItsAnswer() throws IOException {
        try (SmtpPort port = timed(
                        by -> new SmtpTimes(
                                by.command(),
                                by.data(),
                                by.underLoad(),
                                by.session(),
                                by.dataGrace(),
                                by.dataRate(),
                                Duration.ofHours(1),
                                by.afterFault()),
                        services -> services);
                LineClient client = port.client()) {
            client.play(HELO + "C: XYZZY\nS: 500 ...\n".repeat(3) + "C: NOOP\nS: 250 ...\nC: XYZZY\n");
            client.socket().setSoTimeout(200);
            assertThatThrownBy(client::line).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1", "POST / HTTP/1.1", "CONNECT mx.posthorn.test:25 HTTP/1.1"})
    void turnsEveryBrowserAway(String request) throws IOException {
        try (SmtpPort port = SmtpPort.mx()) {
            port.play("S: 220 ...\nC: " + request + "\nS: 421 4.7.0 This is not a web server\nS: [end]\n");
        }
    }

    /** 2048 characters, of AUTH 12,288. */
    @Test
    void linesAreBounded() throws IOException {
        try (SmtpPort port = SmtpPort.mx()) {
            port.play(HELO
                    + """
                    C: NOOP %s
                    S: 250 2.0.0 Ok
                    C: NOOP %sx
                    S: 500 5.5.2 Line too long
                    C: AUTH %s
                    S: 502 ...
                    C: AUTH %sA
                    S: 500 5.5.2 Line too long
                    """.formatted(
                                    "x".repeat(2048 - "NOOP ".length()),
                                    "x".repeat(2048 - "NOOP ".length()),
                                    "PLAIN " + "A".repeat(12_288 - "AUTH PLAIN ".length()),
                                    "PLAIN " + "A".repeat(12_288 - "AUTH PLAIN ".length())));
        }
    }

    @Test
    void saysWhoLoggedInAndWhoDidNotAndHow() throws Exception {
        String secured = """
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
        try (SmtpPort port = SmtpPort.submission()) {
            port.play(secured + """
                    C: AUTH plain AGFsaWNlQHBvc3Rob3JuLnRlc3QAd3Jvbmc=
                    S: 535 ...
                    C: AUTH plain AGFsaWNlQHBvc3Rob3JuLnRlc3QAc2VjcmV0
                    S: 235 ...
                    C: MAIL FROM:<alice@posthorn.test> SMTPUTF8
                    S: 250 ...
                    C: RCPT TO:<bob@posthorn.test>
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    C: .
                    S: 250 ...
                    C: QUIT
                    S: 221 ...
                    S: [end]
                    """);
            Eventually.await(() -> port.accounts().held() == 0);
            assertThat(port.intake().only().client().protocol()).isEqualTo("UTF8SMTPSA");
            assertThat(port.log().lines())
                    .anyMatch(line -> line.startsWith("submission/smtpd : Anonymous TLS connection established from"
                            + " unknown[127.0.0.1]: TLSv1.3 TLS_"))
                    .anyMatch(line -> line.startsWith(
                                    "submission/smtpd : warning: unknown[127.0.0.1]: SASL PLAIN authentication failed: ")
                            && line.endsWith(", sasl_username=alice@posthorn.test"))
                    .anyMatch(line -> line.endsWith(
                            ": login [client, unknown[127.0.0.1], mechanism, PLAIN, account, alice@posthorn.test]"))
                    .noneMatch(line -> line.contains("plaintext-after-starttls"));
        }
    }
}
