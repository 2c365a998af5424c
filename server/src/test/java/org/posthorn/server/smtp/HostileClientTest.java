package org.posthorn.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.posthorn.testing.Eventually;
import org.posthorn.testing.LineClient;

/** Input that is meant to harm. */
class HostileClientTest {
    private static final String BEGUN = """
            S: 220 ...
            C: HELO client
            S: 250 ...
            C: MAIL FROM:<a@example.org>
            S: 250 ...
            C: RCPT TO:<alice@posthorn.test>
            S: 250 ...
            """;

    @Test
    void skipsOverlongLineAndGoesOn() throws IOException {
        try (SmtpPort port = SmtpPort.mx()) {
            port.play("""
                    S: 220 ...
                    C: HELO client
                    S: 250 ...
                    C: NOOP %s
                    S: 500 5.5.2 Line too long
                    C: NOOP %s
                    S: 500 5.5.2 Line too long
                    C: NOOP
                    S: 250 ...
                    """.formatted("x".repeat(100_000), "x".repeat(3000)));
        }
    }

    @Test
    void cutsClientThatSendsEndlessLine() throws Exception {
        try (SmtpPort port = SmtpPort.mx();
                LineClient client = port.client()) {
            byte[] junk = "x".repeat(64 << 10).getBytes(StandardCharsets.US_ASCII);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1000; i++) {
                            client.send(junk);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void refusesControlCharactersAndBareLineEndsInCommands() throws IOException {
        try (SmtpPort port = SmtpPort.mx()) {
            port.play("""
                    S: 220 ...
                    C: HELO client\\0
                    S: 500 5.5.2 Control character in command
                    C: HELO client\\n\\
                    S: 500 5.5.2 Bare CR or LF in command
                    C: HELO cli\\rent
                    S: 500 5.5.2 Bare CR or LF in command
                    C: HELO client
                    S: 250 ...
                    """);
        }
    }

    @Test
    void endsSessionAfterTooManyErrors() throws IOException {
        try (SmtpPort port = SmtpPort.mx()) {
            port.play("S: 220 ...\n" + "C: XYZZY\nS: 500 5.5.2 ...\n".repeat(10) + """
                    S: 421 4.7.0 mx.posthorn.test too many errors
                    S: [end]
                    """);
        }
    }

    @Test
    void endsSessionOfClientThatGuessesAddresses() throws IOException {
        SmtpLimits limits = new SmtpLimits(100, 10, 20, 100, 100);
        try (SmtpPort port = new SmtpPort(SmtpPort.config(SmtpRole.MX, limits, SmtpPort.FAST))) {
            port.play(BEGUN + "C: RCPT TO:<x@posthorn.test>\nS: 550 ...\n".repeat(20) + """
                    S: 421 4.7.0 ...
                    S: [end]
                    """);
        }
    }

    @Test
    void endsSessionThatBringsNoMail() throws IOException {
        try (SmtpPort port = SmtpPort.mx()) {
            port.play("S: 220 ...\n" + "C: NOOP\nS: 250 ...\n".repeat(100) + "S: 421 4.7.0 ...\nS: [end]\n");
        }
    }

    @Test
    void turnsAwayBrowser() throws IOException {
        try (SmtpPort port = SmtpPort.mx()) {
            port.play("""
                    S: 220 ...
                    C: POST / HTTP/1.1
                    C: Host: mx.posthorn.test
                    S: 421 4.7.0 This is not a web server
                    S: [end]
                    """);
        }
    }

    @Test
    void takesThousandRecipientsAndAnswers452ToAllFurtherOnes() throws IOException {
        try (SmtpPort port = SmtpPort.mx();
                LineClient client = port.client()) {
            client.play("S: 220 ...\nC: HELO client\nS: 250 ...\nC: MAIL FROM:<a@example.org>\nS: 250 ...\n");
            for (int from = 0; from < 100_000; from += 500) {
                StringBuilder group = new StringBuilder();
                for (int i = from; i < from + 500; i++) {
                    group.append("RCPT TO:<u").append(i).append("@posthorn.test>\r\n");
                }
                client.send(group.toString());
                for (int i = from; i < from + 500; i++) {
                    client.expect(i < 1000 ? "250 2.1.5 Ok" : "452 4.5.3 Too many recipients");
                }
            }
            client.play("C: DATA\nS: 354 ...\nC: text\nC: .\nS: 250 ...\n");
            assertThat(port.intake().only().envelope().addresses()).hasSize(1000);
        }
    }

    @Test
    void cutsMessageTwiceTheSizeAllowed() throws IOException {
        try (SmtpPort port = SmtpPort.mx();
                LineClient client = port.client()) {
            client.play(BEGUN + "C: DATA\nS: 354 ...\n");
            byte[] line = ("x".repeat(998) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 2100; i++) {
                client.send(line);
            }
            client.play("S: 552 5.3.4 ...\nS: [end]\n");
            assertThat(port.intake().taken()).isEmpty();
        }
    }

    @Test
    void refusesNulInMessage() throws IOException {
        try (SmtpPort port = SmtpPort.mx()) {
            port.play(BEGUN + "C: DATA\nS: 354 ...\nC: a\\0b\nC: .\nS: 554 5.6.0 NUL ...\nC: NOOP\nS: 250 ...\n");
            assertThat(port.intake().taken()).isEmpty();
        }
    }

    @Test
    void endsSessionWhoseClientTricklesCommand() throws Exception {
        try (SmtpPort port = new SmtpPort(times(Duration.ofMillis(300), Duration.ofSeconds(5)));
                LineClient client = port.client()) {
            client.play("S: 220 ...\n");
            Thread trickle = trickle(client, "N");
            // However often a byte arrives, the line as a whole has its time.
            client.play("S: 421 4.4.2 mx.posthorn.test timeout exceeded\n");
            trickle.interrupt();
            trickle.join();
        }
    }

    @Test
    void endsSessionWhoseClientTricklesMessage() throws Exception {
        try (SmtpPort port = new SmtpPort(times(Duration.ofSeconds(5), Duration.ofMillis(300)));
                LineClient client = port.client()) {
            client.play(BEGUN + "C: DATA\nS: 354 ...\n");
            Thread trickle = trickle(client, "x");
            client.play("S: 421 4.4.2 mx.posthorn.test timeout exceeded\n");
            trickle.interrupt();
            trickle.join();
            assertThat(port.intake().taken()).isEmpty();
        }
    }

    @Test
    void dropsMessageWhoseClientLeavesInItsMidst() throws Exception {
        SmtpPort port = SmtpPort.mx();
        try (LineClient client = port.client()) {
            client.play(BEGUN + "C: DATA\nS: 354 ...\nC: half a message\nC: and a li\\\n");
        }
        Eventually.await(() -> port.log().lines().stream().anyMatch(line -> line.contains("disconnect")));
        assertThat(port.log().lines())
                .anyMatch(line -> line.contains("lost connection after DATA from unknown[127.0.0.1]"));
        assertThat(port.intake().taken()).isEmpty();
        port.close();
    }

    @Test
    void saysGoodbyeWhenServerStops() throws Exception {
        try (SmtpPort port = SmtpPort.mx();
                LineClient client = port.client()) {
            client.play("S: 220 ...\nC: HELO client\nS: 250 ...\n");
            port.listener().windDown();
            client.play("S: 421 4.3.2 mx.posthorn.test shutting down\nS: [end]\n");
        }
    }

    private static SmtpConfig times(Duration command, Duration data) {
        SmtpTimes fast = SmtpPort.FAST;
        return SmtpPort.config(
                SmtpRole.MX,
                SmtpLimits.DEFAULT,
                new SmtpTimes(
                        command,
                        fast.data(),
                        fast.underLoad(),
                        fast.session(),
                        data,
                        1_000_000,
                        Duration.ZERO,
                        fast.afterFault()));
    }

    private static Thread trickle(LineClient client, String text) {
        return Thread.ofVirtual().start(() -> {
            try {
                while (!Thread.interrupted()) {
                    client.send(text);
                    Thread.sleep(20);
                }
            } catch (IOException | InterruptedException e) {
                // The server has had enough.
            }
        });
    }
}
