package org.posthorn.client.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.mail.MessageContent;
import org.posthorn.protocol.smtp.EnhancedStatus;
import org.posthorn.protocol.smtp.SmtpReply;
import org.posthorn.testing.FakeSmtpServer;
import org.posthorn.testing.RecordedLog;
import org.posthorn.testing.SelfSigned;

@Timeout(60)
class SmtpClientConnectionTest {
    private static final String HELLO = """
            S: 220 mx.example.org ESMTP
            C: EHLO client.example.net
            """;
    private static final String PLAIN_HELLO = HELLO + "S: 250 mx.example.org\n";
    private static final String QUIT = "C: QUIT\nS: 221 bye\n";
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final RecordedLog log = new RecordedLog();

    private SmtpClientConnection open(FakeSmtpServer server) throws SmtpSessionException {
        return open(server, new TlsMode.Opportunistic(), LONG);
    }

    private SmtpClientConnection open(FakeSmtpServer server, TlsMode tls, Duration limit) throws SmtpSessionException {
        return open(server, tls, limit, Optional.empty());
    }

    private SmtpClientConnection open(FakeSmtpServer server, TlsMode tls, Duration limit, Optional<Credentials> login)
            throws SmtpSessionException {
        SmtpClientSettings settings =
                new SmtpClientSettings("client.example.net", Optional.empty(), tls, login, SmtpTimeouts.all(limit));
        return SmtpClientConnection.open(new SmtpServer("localhost", server.address(), server.port()), settings, log);
    }

    private static OutgoingMessage message(String text, String... recipients) {
        return new OutgoingMessage(
                Optional.of(Address.parse("alice@example.net")),
                Arrays.stream(recipients).map(Address::parse).toList(),
                false,
                MessageContent.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> said(List<SmtpResult> results) {
        return results.stream()
                .map(result -> switch (result) {
                    case SmtpResult.Replied(SmtpReply reply) -> reply.toString();
                    case SmtpResult.Unfit(EnhancedStatus status, String _) -> "unfit " + status;
                    case SmtpResult.Broken broken ->
                        "broken " + broken.text().replaceAll("localhost\\[.*\\]:\\d+", "SERVER")
                                + (broken.mayHaveArrived() ? " maybe" : "");
                })
                .toList();
    }

    @Test
    void sendsAMessageStepByStepWithoutPipelining() throws Exception {
        try (FakeSmtpServer server = new FakeSmtpServer(PLAIN_HELLO + """
                C: MAIL FROM:<alice@example.net>
                S: 250 ok
                C: RCPT TO:<bob@example.org>
                S: 250 2.1.5 fine
                C: DATA
                S: 354 go on
                DATA
                S: 250 2.0.0 queued as 17
                """ + QUIT)) {
            try (SmtpClientConnection client = open(server)) {
                assertThat(said(client.send(message("Subject: x\r\n\r\nHello\r\n", "bob@example.org"))))
                        .containsExactly("250 2.0.0 queued as 17");
            }
            assertThat(server.complaints()).isEmpty();
            assertThat(server.texts()).containsExactly("Subject: x\r\n\r\nHello\r\n");
        }
    }

    @Test
    void sendsTheEnvelopeAtOnceWithPipeliningAndDeclaresWhatTheServerKnows() throws Exception {
        try (FakeSmtpServer server = new FakeSmtpServer(HELLO + """
                S: 250-mx.example.org
                S: 250-PIPELINING
                S: 250-SIZE 1000000
                S: 250-ENHANCEDSTATUSCODES
                S: 250 8BITMIME
                C: MAIL FROM:<alice@example.net> SIZE=12 BODY=8BITMIME
                C: RCPT TO:<bob@example.org>
                C: RCPT TO:<carol@example.org>
                C: DATA
                S: 250 2.1.0 ok
                S: 550 5.1.1 no such user
                S: 250 2.1.5 ok
                S: 354 go
                DATA
                S: 250 2.0.0 done
                """ + QUIT)) {
            try (SmtpClientConnection client = open(server)) {
                assertThat(said(client.send(message("A: b\r\n\r\n\u00e4\r\n", "bob@example.org", "carol@example.org"))))
                        .containsExactly("550 5.1.1 no such user", "250 2.0.0 done");
            }
            assertThat(server.complaints()).isEmpty();
        }
    }

    @Test
    void stuffsDotsAndMendsLineEnds() throws Exception {
        try (FakeSmtpServer server = new FakeSmtpServer(PLAIN_HELLO + """
                C: MAIL FROM:<alice@example.net>
                S: 250 ok
                C: RCPT TO:<bob@example.org>
                S: 250 ok
                C: DATA
                S: 354 go on
                DATA
                S: 250 ok
                """ + QUIT)) {
            try (SmtpClientConnection client = open(server)) {
                var _ = client.send(
                        message("A: b\r\n\r\n.\r\n..x\r\na.b\r\nbare\n.\rcr\r\r\n\n.end", "bob@example.org"));
            }
            assertThat(server.complaints()).isEmpty();
            assertThat(server.texts())
                    .containsExactly("A: b\r\n\r\n..\r\n...x\r\na.b\r\nbare\r\n..\r\ncr\r\n\r\n\r\n..end\r\n");
        }
    }

    @Test
    void goesOnAfterAMessageThatNobodyTookWithRset() throws Exception {
        try (FakeSmtpServer server = new FakeSmtpServer(PLAIN_HELLO + """
                C: MAIL FROM:<alice@example.net>
                S: 250 ok
                C: RCPT TO:<bob@example.org>
                S: 450 4.2.1 busy
                C: RSET
                S: 250 ok
                C: MAIL FROM:<alice@example.net>
                S: 250 ok
                C: RCPT TO:<carol@example.org>
                S: 250 ok
                C: DATA
                S: 354 go
                DATA
                S: 250 ok
                C: MAIL FROM:<alice@example.net>
                S: 552 5.2.2 too much
                """ + QUIT)) {
            try (SmtpClientConnection client = open(server)) {
                assertThat(said(client.send(message("A: b\r\n\r\n", "bob@example.org"))))
                        .containsExactly("450 4.2.1 busy");
                assertThat(said(client.send(message("A: b\r\n\r\n", "carol@example.org"))))
                        .containsExactly("250 ok");
                assertThat(said(client.send(message("A: b\r\n\r\n", "bob@example.org", "carol@example.org"))))
                        .containsExactly("552 5.2.2 too much", "552 5.2.2 too much");
                assertThat(client.isUsable()).isTrue();
            }
            assertThat(server.complaints()).isEmpty();
        }
    }

    @Test
    void sendsAnEmptyTextWhenAPipeliningServerTakesDataWithoutRecipients() throws Exception {
        try (FakeSmtpServer server = new FakeSmtpServer(HELLO + """
                S: 250-mx.example.org
                S: 250 PIPELINING
                C: MAIL FROM:<alice@example.net>
                C: RCPT TO:<bob@example.org>
                C: DATA
                S: 250 ok
                S: 550 5.1.1 unknown
                S: 354 go
                C: .
                S: 554 5.5.1 no valid recipients
                """ + QUIT)) {
            try (SmtpClientConnection client = open(server)) {
                assertThat(said(client.send(message("A: b\r\n\r\n", "bob@example.org"))))
                        .containsExactly("550 5.1.1 unknown");
            }
            assertThat(server.complaints()).isEmpty();
        }
    }

    @Test
    void blamesMailForRecipientsRefusedOnlyBecauseMailWas() throws Exception {
        try (FakeSmtpServer server = new FakeSmtpServer(HELLO + """
                S: 250-mx.example.org
                S: 250 PIPELINING
                C: MAIL FROM:<alice@example.net>
                C: RCPT TO:<bob@example.org>
                C: DATA
                S: 451 4.7.1 greylisted
                S: 503 5.5.1 need MAIL
                S: 503 5.5.1 need MAIL
                """ + QUIT)) {
            try (SmtpClientConnection client = open(server)) {
                assertThat(said(client.send(message("A: b\r\n\r\n", "bob@example.org"))))
                        .containsExactly("451 4.7.1 greylisted");
            }
            assertThat(server.complaints()).isEmpty();
        }
    }

    @Test
    void sendsAgainToThoseWhomTheServerHadNoRoomFor() throws Exception {
        try (FakeSmtpServer server = new FakeSmtpServer(PLAIN_HELLO + """
                C: MAIL FROM:<alice@example.net>
                S: 250 ok
                C: RCPT TO:<a@example.org>
                S: 250 ok
                C: RCPT TO:<b@example.org>
                S: 452 4.5.3 too many recipients
                C: RCPT TO:<c@example.org>
                S: 552 too many recipients
                C: DATA
                S: 354 go
                DATA
                S: 250 first
                C: MAIL FROM:<alice@example.net>
                S: 250 ok
                C: RCPT TO:<b@example.org>
                S: 250 ok
                C: RCPT TO:<c@example.org>
                S: 452 4.2.2 mailbox full
                C: DATA
                S: 354 go
                DATA
                S: 250 second
                C: MAIL FROM:<alice@example.net>
                S: 250 ok
                C: RCPT TO:<c@example.org>
                S: 452 4.2.2 mailbox full
                """ + QUIT)) {
            try (SmtpClientConnection client = open(server)) {
                assertThat(said(client.send(
                                message("A: b\r\n\r\n", "a@example.org", "b@example.org", "c@example.org"))))
                        .containsExactly("250 first", "250 second", "452 4.2.2 mailbox full");
            }
            assertThat(server.complaints()).isEmpty();
        }
    }

    @Test
    void sendsAThousandRecipientsInOneTransaction() throws Exception {
        List<String> recipients = IntStream.range(0, 1000)
                .mapToObj(i -> "user" + i + "@example.org")
                .toList();
        String rcpts = recipients.stream()
                .map(recipient -> "C: RCPT TO:<" + recipient + ">\nS: 250 2.1.5 ok\n")
                .collect(Collectors.joining());
        try (FakeSmtpServer server =
                new FakeSmtpServer(HELLO + """
                S: 250-mx.example.org
                S: 250 PIPELINING
                C: MAIL FROM:<alice@example.net>
                S: 250 ok
                """ + rcpts + "C: DATA\nS: 354 go\nDATA\nS: 250 ok\n" + QUIT)) {
            try (SmtpClientConnection client = open(server)) {
                assertThat(said(client.send(message("A: b\r\n\r\n", recipients.toArray(String[]::new)))))
                        .hasSize(1000)
                        .containsOnly("250 ok");
            }
            assertThat(server.complaints()).isEmpty();
        }
    }

    @Test
    void saysHeloToAServerThatKnowsNoEhlo() throws Exception {
        try (FakeSmtpServer server = new FakeSmtpServer(HELLO + """
                S: 502 what?
                C: HELO client.example.net
                S: 250 hi
                """ + QUIT)) {
            try (SmtpClientConnection client = open(server)) {
                assertThat(client.isUsable()).isTrue();
            }
            assertThat(server.complaints()).isEmpty();
        }
    }

    @Test
    void sendsOverTlsWhatWasOfferedUnderTls() throws Exception {
        try (FakeSmtpServer server = new FakeSmtpServer(HELLO + """
                S: 250-mx.example.org
                S: 250-SIZE 5
                S: 250 STARTTLS
                C: STARTTLS
                S: 220 go
                TLS
                C: EHLO client.example.net
                S: 250 mx.example.org
                C: MAIL FROM:<alice@example.net>
                S: 250 ok
                C: RCPT TO:<bob@example.org>
                S: 250 ok
                C: DATA
                S: 354 go
                DATA
                S: 250 ok
                """ + QUIT)) {
            try (SmtpClientConnection client = open(server)) {
                assertThat(client.tls().orElseThrow()).startsWith("TLSv1.3 with cipher ");
                assertThat(said(client.send(message("A: longer than five\r\n\r\n", "bob@example.org"))))
                        .containsExactly("250 ok");
            }
            assertThat(server.complaints()).isEmpty();
            assertThat(log.lines())
                    .anyMatch(line -> line.contains("Untrusted TLS connection established to localhost["));
        }
    }

    @Test
    void comesAgainInPlainWhenTheHandshakeFails() throws Exception {
        try (FakeSmtpServer server = new FakeSmtpServer(HELLO + """
                S: 250-mx.example.org
                S: 250 STARTTLS
                C: STARTTLS
                S: 220 go
                NOTLS
                """, HELLO + """
                S: 250-mx.example.org
                S: 250 STARTTLS
                """ + QUIT)) {
            try (SmtpClientConnection client = open(server)) {
                assertThat(client.tls()).isEmpty();
            }
            assertThat(server.complaints()).isEmpty();
            assertThat(log.lines()).anyMatch(line -> line.contains("tls-failed"));
        }
    }

    @Test
    void goesOnInPlainWhenStartTlsIsRefused() throws Exception {
        try (FakeSmtpServer server = new FakeSmtpServer(HELLO + """
                S: 250-mx.example.org
                S: 250 STARTTLS
                C: STARTTLS
                S: 454 4.7.0 not now
                """ + QUIT)) {
            try (SmtpClientConnection client = open(server)) {
                assertThat(client.tls()).isEmpty();
            }
            assertThat(server.complaints()).isEmpty();
        }
    }

    @Test
    void requiredTlsIsNeverDoneWithout() throws Exception {
        TlsMode required = new TlsMode.Required(SelfSigned.shared().client());
        try (FakeSmtpServer server = new FakeSmtpServer(PLAIN_HELLO)) {
            assertThatThrownBy(() -> open(server, required, LONG).close())
                    .isInstanceOf(SmtpSessionException.class)
                    .hasMessageContaining("TLS is required");
        }
        String untrusted = HELLO + """
                S: 250-mx.example.org
                S: 250 STARTTLS
                C: STARTTLS
                S: 220 go
                TLS
                """;
        try (FakeSmtpServer server = new FakeSmtpServer(untrusted)) {
            TlsMode strict = new TlsMode.Required(javax.net.ssl.SSLContext.getDefault());
            assertThatThrownBy(() -> open(server, strict, LONG).close())
                    .isInstanceOf(SmtpSessionException.class)
                    .hasMessageContaining("cannot start TLS");
        }
        try (FakeSmtpServer server =
                new FakeSmtpServer(untrusted + "C: EHLO client.example.net\nS: 250 mx.example.org\n" + QUIT)) {
            try (SmtpClientConnection client = open(server, required, LONG)) {
                assertThat(client.tls()).isPresent();
            }
            assertThat(server.complaints()).isEmpty();
        }
    }

    @Test
    void logsInOverTlsOnly() throws Exception {
        String tls = HELLO + """
                S: 250-mx.example.org
                S: 250 STARTTLS
                C: STARTTLS
                S: 220 go
                TLS
                C: EHLO client.example.net
                S: 250-mx.example.org
                """;
        Optional<Credentials> login = Optional.of(new Credentials("bob", "secret"));
        try (FakeSmtpServer server = new FakeSmtpServer(tls + """
                S: 250 AUTH CRAM-MD5 PLAIN LOGIN
                C: AUTH PLAIN AGJvYgBzZWNyZXQ=
                S: 235 2.7.0 welcome
                """ + QUIT, tls + """
                S: 250 AUTH=LOGIN
                C: AUTH LOGIN
                S: 334 VXNlcm5hbWU6
                C: Ym9i
                S: 334 UGFzc3dvcmQ6
                C: c2VjcmV0
                S: 535 5.7.8 no
                """, PLAIN_HELLO)) {
            open(server, new TlsMode.Opportunistic(), LONG, login).close();
            assertThatThrownBy(() -> open(server, new TlsMode.Opportunistic(), LONG, login)
                            .close())
                    .hasMessage("535 5.7.8 no");
            assertThatThrownBy(() -> open(server, new TlsMode.Opportunistic(), LONG, login)
                            .close())
                    .hasMessageContaining("without TLS");
            assertThat(server.complaints()).isEmpty();
            assertThat(log.lines()).noneMatch(line -> line.contains("secret") || line.contains("c2VjcmV0"));
        }
    }

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
        SmtpServer gone = new SmtpServer("mx.example.org", java.net.InetAddress.ofLiteral("127.0.0.1"), port);
        SmtpClientSettings settings = new SmtpClientSettings(
                "client", Optional.empty(), new TlsMode.Plain(), Optional.empty(), SmtpTimeouts.STANDARD);
        assertThatThrownBy(() -> SmtpClientConnection.open(gone, settings, MailLog.none())
                        .close())
                .hasMessage("connect to mx.example.org[127.0.0.1]:" + port + ": Connection refused");
    }
}
