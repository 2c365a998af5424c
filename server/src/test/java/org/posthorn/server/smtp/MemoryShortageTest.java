package org.posthorn.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.posthorn.net.MemoryBudget;
import org.posthorn.testing.LineClient;

/** What a client is told where the memory for strangers is used up. */
@Timeout(60)
class MemoryShortageTest {
    private static final int CONNECTION = 6 << 10;

    private static SmtpPort port(MemoryBudget memory) throws IOException {
        return new SmtpPort(SmtpPort.config(SmtpRole.MX, SmtpLimits.DEFAULT, SmtpPort.FAST), memory);
    }

    private static MemoryBudget memory(int octets) {
        return new MemoryBudget(new MemoryBudget.Limits(octets, 1, 1));
    }

    private static Socket connect(SmtpPort port) throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), port.listener().port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static BufferedReader replies(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void refusesRecipientsWith452AndGivesTheirMemoryBack() throws IOException {
        MemoryBudget memory = memory(CONNECTION + 1000);
        try (SmtpPort port = port(memory)) {
            try (Socket client = connect(port)) {
                BufferedReader replies = replies(client);
                String transaction = String.join(
                        "\r\n",
                        "MAIL FROM:<a@b.test>",
                        "RCPT TO:<alice@posthorn.test>",
                        "RCPT TO:<bob@posthorn.test>",
                        "RSET",
                        "");
                send(client, "HELO a.test\r\n" + transaction + transaction + "QUIT\r\n");
                assertThat(replies.lines().map(line -> line.substring(0, 3)))
                        .containsExactly("220", "250", "250", "250", "452", "250", "250", "250", "452", "250", "221");
            }
            port.listener().windDown();
            port.listener().await(Duration.ofSeconds(20));
        }
        assertThat(memory.heldByStrangers()).isZero();
    }

    @Test
    void refusesOneSessionMoreThanAnAccountMayHaveWith454() throws IOException {
        MemoryBudget memory = new MemoryBudget(new MemoryBudget.Limits(10 << 20, 10 << 20, 1));
        String login = """
                S: 220 ...
                C: EHLO a.test
                S: 250-...
                S: 250-...
                S: 250-...
                S: 250-...
                S: 250-...
                S: 250-...
                S: 250 ...
                C: STARTTLS
                S: 220 ...
                TLS
                C: EHLO a.test
                S: 250-...
                S: 250-...
                S: 250-...
                S: 250-...
                S: 250-...
                S: 250-...
                S: 250 ...
                C: AUTH PLAIN AGFsaWNlQHBvc3Rob3JuLnRlc3QAc2VjcmV0
                """;
        try (SmtpPort port =
                        new SmtpPort(SmtpPort.config(SmtpRole.SUBMISSION, SmtpLimits.DEFAULT, SmtpPort.FAST), memory);
                LineClient first = port.client();
                LineClient second = port.client()) {
            first.play(login + "S: 235 ...\n");
            second.play(login + """
                    S: 454 4.7.0 Too many sessions of this account
                    C: MAIL FROM:<alice@posthorn.test>
                    S: 530 ...
                    """);
        }
    }

    @Test
    void refusesAMessageWhoseHeaderIsTooDearWith452AndGoesOn() throws IOException {
        MemoryBudget memory = memory(CONNECTION + 41_900);
        try (SmtpPort port = port(memory)) {
            try (Socket client = connect(port)) {
                BufferedReader replies = replies(client);
                send(client, "HELO a.test\r\nMAIL FROM:<a@b.test>\r\nRCPT TO:<alice@posthorn.test>\r\nDATA\r\n");
                while (!replies.readLine().startsWith("354")) {
                    // The replies before it.
                }
                send(client, "Subject: x\r\n\r\n" + "a body costs nothing\r\n".repeat(4000) + ".\r\n");
                assertThat(replies.readLine()).startsWith("250");
                send(client, "MAIL FROM:<a@b.test>\r\nRCPT TO:<alice@posthorn.test>\r\nDATA\r\n");
                while (!replies.readLine().startsWith("354")) {
                    // The replies before it.
                }
                send(client, "X: 45678\r\n".repeat(2100));
                send(client, "\r\nbody\r\n.\r\n");
                assertThat(replies.readLine()).startsWith("452 4.3.1 ");
                send(client, "MAIL FROM:<a@b.test>\r\nRCPT TO:<alice@posthorn.test>\r\nDATA\r\n");
                while (!replies.readLine().startsWith("354")) {
                    // The replies before it.
                }
                send(client, "Subject: small\r\n\r\nbody\r\n.\r\n");
                assertThat(replies.readLine()).startsWith("250");
                assertThat(port.intake().taken()).hasSize(2);
            }
            port.listener().windDown();
            port.listener().await(Duration.ofSeconds(20));
        }
        assertThat(memory.heldByStrangers()).isZero();
    }
}
