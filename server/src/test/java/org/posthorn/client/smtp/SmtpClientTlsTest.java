package org.posthorn.client.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.posthorn.testing.FakeSmtpServer;
import org.posthorn.testing.SelfSigned;

@Timeout(60)
class SmtpClientTlsTest extends ScriptedConversation {
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
    void a421ToStartTlsEndsTheSessionWithTheServersWords() throws Exception {
        try (FakeSmtpServer server = new FakeSmtpServer(HELLO + """
                S: 250-mx.example.org
                S: 250 STARTTLS
                C: STARTTLS
                S: 421 4.7.0 no TLS today
                """)) {
            assertThatThrownBy(() -> open(server)).isInstanceOfSatisfying(SmtpSessionException.class, e -> {
                assertThat(e.text()).isEqualTo("421 4.7.0 no TLS today");
                assertThat(e.reply()).isPresent();
            });
            assertThat(server.complaints()).isEmpty();
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
}
