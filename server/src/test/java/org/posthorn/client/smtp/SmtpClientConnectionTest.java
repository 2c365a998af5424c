package org.posthorn.client.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.posthorn.testing.FakeSmtpServer;

@Timeout(60)
class SmtpClientConnectionTest extends ScriptedConversation {
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

    /** Over 64 KiB: a greylisting server that says 354 although it took nobody gets no empty message. */
    @Test
    void asksForALargeTextOnlyWhenSomebodyWasTaken() throws Exception {
        try (FakeSmtpServer server = new FakeSmtpServer(HELLO + """
                S: 250-mx.example.org
                S: 250 PIPELINING
                C: MAIL FROM:<alice@example.net>
                C: RCPT TO:<bob@example.org>
                C: RCPT TO:<carol@example.org>
                S: 250 ok
                S: 451 4.7.1 greylisted
                S: 451 4.7.1 greylisted
                """ + QUIT)) {
            try (SmtpClientConnection client = open(server)) {
                String text = "A: b\r\n\r\n" + ("x".repeat(62) + "\r\n").repeat(1024);
                assertThat(said(client.send(message(text, "bob@example.org", "carol@example.org"))))
                        .containsExactly("451 4.7.1 greylisted", "451 4.7.1 greylisted");
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
    void sendsSevenBitsToAServerWithout8bitmime() throws Exception {
        try (FakeSmtpServer server = new FakeSmtpServer(PLAIN_HELLO + """
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
                var _ = client.send(
                        message("Content-Transfer-Encoding: 8bit\r\n\r\nGr\u00fc\u00dfe\r\n.\r\n", "bob@example.org"));
            }
            assertThat(server.complaints()).isEmpty();
            assertThat(server.texts()).containsExactly("""
                            MIME-Version: 1.0
                            Content-Type: text/plain; charset=unknown-8bit
                            Content-Transfer-Encoding: quoted-printable

                            Gr=C3=BC=C3=9Fe
                            ..
                            """.replace("\n", "\r\n"));
        }
    }
}
