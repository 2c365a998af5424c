package org.posthorn.client.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.mail.MessageContent;
import org.posthorn.testing.FakeSmtpServer;

@Timeout(60)
class SmtpClientFailureTest extends ScriptedConversation {
    @Test
    void aRefusedGreetingCarriesTheReply() throws Exception {
        try (FakeSmtpServer server = new FakeSmtpServer("S: 554-5.7.1 go\nS: 554 5.7.1 away\n")) {
            assertThatThrownBy(() -> open(server).close()).isInstanceOfSatisfying(SmtpSessionException.class, e -> {
                assertThat(e.reply().orElseThrow().code()).isEqualTo(554);
                assertThat(e.text()).isEqualTo("554 5.7.1 go away");
            });
        }
    }

    @Test
    void rubbishAndEndlessRepliesAreTheServersFault() throws Exception {
        String endless = "S: 220-hello\n".repeat(500);
        for (String greeting : List.of(
                "S: hello", "S: 22", "S: 120 no", "S: 999 no", "S: 220*x", "S: 220 " + "x".repeat(3000), endless)) {
            try (FakeSmtpServer server = new FakeSmtpServer(greeting)) {
                assertThatThrownBy(() -> open(server).close())
                        .as(greeting)
                        .isInstanceOf(SmtpSessionException.class)
                        .hasMessageContaining("malformed reply")
                        .hasMessageContaining("receiving the initial server greeting");
            }
        }
    }

    @Test
    void toleratesBareLineFeedsAndCodesAlone() throws Exception {
        try (FakeSmtpServer server = new FakeSmtpServer("""
                R: 220 mx
                C: EHLO client.example.net
                R: 250-mx
                R: 250-size 5
                R: 250
                """ + QUIT)) {
            try (SmtpClientConnection client = open(server)) {
                assertThat(said(client.send(message("A: longer than five\r\n\r\n", "bob@example.org"))))
                        .containsExactly("unfit 5.3.4");
            }
            assertThat(server.complaints()).isEmpty();
        }
    }

    @Test
    void needsSmtpUtf8OnlyForWhatAsciiCannotSay() throws Exception {
        String offering = HELLO + """
                S: 250-mx.example.org
                S: 250-8BITMIME
                S: 250 SMTPUTF8
                C: MAIL FROM:<alice@example.net> BODY=8BITMIME SMTPUTF8
                S: 250 ok
                C: RCPT TO:<b\u00f6b@example.org>
                S: 250 ok
                C: DATA
                S: 354 go
                DATA
                S: 250 ok
                """;
        OutgoingMessage utf8 = new OutgoingMessage(
                Optional.of(Address.parse("alice@example.net")),
                List.of(Address.parse("b\u00f6b@example.org")),
                true,
                MessageContent.of("A: b\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
        try (FakeSmtpServer server = new FakeSmtpServer(offering + QUIT, PLAIN_HELLO + QUIT)) {
            try (SmtpClientConnection client = open(server)) {
                assertThat(said(client.send(utf8))).containsExactly("250 ok");
            }
            try (SmtpClientConnection client = open(server)) {
                assertThat(said(client.send(utf8))).containsExactly("unfit 5.6.7");
            }
            assertThat(server.complaints()).isEmpty();
        }
    }

    @Test
    void afterA421TheConnectionIsOfNoUseAndNobodyIsForgotten() throws Exception {
        try (FakeSmtpServer server = new FakeSmtpServer(PLAIN_HELLO + """
                C: MAIL FROM:<alice@example.net>
                S: 250 ok
                C: RCPT TO:<a@example.org>
                S: 550 no
                C: RCPT TO:<b@example.org>
                S: 421 4.3.2 shutting down
                """)) {
            try (SmtpClientConnection client = open(server)) {
                assertThat(said(client.send(
                                message("A: b\r\n\r\n", "a@example.org", "b@example.org", "c@example.org"))))
                        .containsExactly("550 no", "421 4.3.2 shutting down", "421 4.3.2 shutting down");
                assertThat(client.isUsable()).isFalse();
            }
            assertThat(server.complaints()).isEmpty();
        }
    }

    /** RFC 5321 3.8: 421 may come in answer to anything; the server's words are kept, and nothing is said after it. */
    @ParameterizedTest
    @ValueSource(
            strings = {"EHLO client.example.net", "EHLO client.example.net\nS: 500 what?\nC: HELO client.example.net"})
    void a421ToTheGreetingEndsTheSessionWithTheServersWords(String hello) throws Exception {
        String said = "S: 220 mx\nC: " + hello + "\nS: 421 4.3.2 shutting down\n";
        try (FakeSmtpServer server = new FakeSmtpServer(said)) {
            assertThatThrownBy(() -> open(server).close()).isInstanceOfSatisfying(SmtpSessionException.class, e -> {
                assertThat(e.reply().orElseThrow().code()).isEqualTo(421);
                assertThat(e.text()).isEqualTo("421 4.3.2 shutting down");
            });
            assertThat(server.complaints()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "S: 250 ok\nC: RCPT TO:<a@example.org>\n",
                "S: 250 ok\nC: RCPT TO:<a@example.org>\nS: 250 ok\nC: DATA\n",
                "S: 250 ok\nC: RCPT TO:<a@example.org>\nS: 250 ok\nC: DATA\nS: 354 go\nDATA\n",
            })
    void a421WithinATransactionEndsTheSessionWithTheServersWords(String until) throws Exception {
        try (FakeSmtpServer server = new FakeSmtpServer(
                PLAIN_HELLO + "C: MAIL FROM:<alice@example.net>\n" + until + "S: 421 4.3.2 shutting down\n")) {
            try (SmtpClientConnection client = open(server)) {
                assertThat(said(client.send(message("A: b\r\n\r\n", "a@example.org"))))
                        .containsExactly("421 4.3.2 shutting down");
                assertThat(client.isUsable()).isFalse();
            }
            assertThat(server.complaints()).isEmpty();
        }
    }

    @Test
    void a421ToRsetEndsTheSessionWithTheServersWords() throws Exception {
        try (FakeSmtpServer server = new FakeSmtpServer(PLAIN_HELLO + """
                C: MAIL FROM:<alice@example.net>
                S: 250 ok
                C: RCPT TO:<a@example.org>
                S: 550 no
                C: RSET
                S: 421 4.3.2 shutting down
                """)) {
            try (SmtpClientConnection client = open(server)) {
                assertThat(said(client.send(message("A: b\r\n\r\n", "a@example.org"))))
                        .containsExactly("550 no");
                assertThat(said(client.send(message("A: b\r\n\r\n", "b@example.org"))))
                        .containsExactly("421 4.3.2 shutting down");
                assertThat(client.isUsable()).isFalse();
            }
            assertThat(server.complaints()).isEmpty();
        }
    }

    @Test
    void a421InTheMiddleOfTheTextIsTheServersLastWord() throws Exception {
        try (FakeSmtpServer server = new FakeSmtpServer(UP_TO_354 + "S: 421 4.3.2 shutting down\n")) {
            try (SmtpClientConnection client = open(server)) {
                assertThat(said(client.send(large()))).containsExactly("421 4.3.2 shutting down");
                assertThat(client.isUsable()).isFalse();
            }
        }
    }

    @Test
    void aConnectionLostBeforeTheEndOfTextHarmsNothingAndAfterItIsDoubtful() throws Exception {
        String before = PLAIN_HELLO + """
                C: MAIL FROM:<alice@example.net>
                S: 250 ok
                C: RCPT TO:<a@example.org>
                """;
        String after = before + "S: 250 ok\nC: DATA\nS: 354 go\nDATA\n";
        try (FakeSmtpServer server = new FakeSmtpServer(before, after)) {
            try (SmtpClientConnection client = open(server)) {
                assertThat(said(client.send(message("A: b\r\n\r\n", "a@example.org"))))
                        .containsExactly("broken lost connection with SERVER while sending RCPT TO");
            }
            try (SmtpClientConnection client = open(server)) {
                assertThat(said(client.send(message("A: b\r\n\r\n", "a@example.org"))))
                        .containsExactly("broken lost connection with SERVER while sending end of data"
                                + " -- message may be sent more than once maybe");
            }
            assertThat(server.complaints()).isEmpty();
        }
    }

    @Test
    void doesNotWaitLongerThanTheLimitInAnyPhase() throws Exception {
        try (FakeSmtpServer server =
                new FakeSmtpServer("STALL", HELLO + "STALL", PLAIN_HELLO + "C: MAIL FROM:<alice@example.net>\nSTALL")) {
            assertThatThrownBy(() -> open(server, new TlsMode.Plain(), SHORT).close())
                    .hasMessageContaining("timed out while receiving the initial server greeting");
            assertThatThrownBy(() -> open(server, new TlsMode.Plain(), SHORT).close())
                    .hasMessageContaining("timed out while sending EHLO");
            try (SmtpClientConnection client = open(server, new TlsMode.Plain(), SHORT)) {
                assertThat(said(client.send(message("A: b\r\n\r\n", "a@example.org"))))
                        .containsExactly("broken conversation with SERVER timed out while sending MAIL FROM");
            }
        }
    }

    private static final String UP_TO_354 = PLAIN_HELLO + """
            C: MAIL FROM:<alice@example.net>
            S: 250 ok
            C: RCPT TO:<a@example.org>
            S: 250 ok
            C: DATA
            S: 354 go
            """;

    private static OutgoingMessage large() {
        return message("A: b\r\n\r\n" + "0123456789abcdef\r\n".repeat(2_000_000), "a@example.org");
    }

    @Test
    void cutsAConnectionWhosePeerTakesNoBytes() throws Exception {
        try (FakeSmtpServer server = new FakeSmtpServer(UP_TO_354 + "HOLD")) {
            try (SmtpClientConnection client = open(server, new TlsMode.Plain(), SHORT)) {
                assertThat(said(client.send(large())))
                        .containsExactly("broken lost connection with SERVER while sending message body");
            }
        }
    }

    @Test
    void aConnectionClosedInTheMiddleOfTheTextIsNoDelivery() throws Exception {
        try (FakeSmtpServer server = new FakeSmtpServer(UP_TO_354)) {
            try (SmtpClientConnection client = open(server)) {
                assertThat(said(client.send(large())))
                        .containsExactly("broken lost connection with SERVER while sending message body");
            }
        }
    }

    @Test
    void takesTheServersWordAboutTheText() throws Exception {
        try (FakeSmtpServer server = new FakeSmtpServer(PLAIN_HELLO + """
                C: MAIL FROM:<alice@example.net>
                S: 250 ok
                C: RCPT TO:<a@example.org>
                S: 250 ok
                C: DATA
                S: 354 go
                DATA
                S: 554 5.7.1 spam
                """ + QUIT)) {
            try (SmtpClientConnection client = open(server)) {
                assertThat(said(client.send(message("A: b\r\n\r\n", "a@example.org"))))
                        .containsExactly("554 5.7.1 spam");
            }
        }
    }

    @Test
    void connectionRefusedSaysWhere() throws IOException {
        int port;
        try (FakeSmtpServer server = new FakeSmtpServer()) {
            port = server.port();
        }
        SmtpHost gone = new SmtpHost("mx.example.org", java.net.InetAddress.ofLiteral("127.0.0.1"), port);
        SmtpClientSettings settings = new SmtpClientSettings(
                "client", Optional.empty(), new TlsMode.Plain(), Optional.empty(), SmtpTimeouts.STANDARD);
        assertThatThrownBy(() -> SmtpClientConnection.open(gone, settings, MailLog.none())
                        .close())
                .hasMessage("connect to mx.example.org[127.0.0.1]:" + port + ": Connection refused");
    }
}
