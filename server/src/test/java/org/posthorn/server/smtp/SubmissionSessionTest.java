package org.posthorn.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.posthorn.protocol.sasl.ScramClient;
import org.posthorn.testing.Eventually;
import org.posthorn.testing.LineClient;
import org.posthorn.testing.OneAccount;

/** Conversations on a submission port: STARTTLS (RFC 3207) and AUTH (RFC 4954). */
class SubmissionSessionTest {
    /** NUL alice@posthorn.test NUL secret. */
    private static final String PLAIN = "AGFsaWNlQHBvc3Rob3JuLnRlc3QAc2VjcmV0";

    private static final String ALICE = "alice@posthorn.test";

    private static final String WRONG = "AGFsaWNlQHBvc3Rob3JuLnRlc3QAd3Jvbmc=";

    private static final String HELLO = """
            S: 220 mx.posthorn.test ESMTP Posthorn
            C: EHLO client.example.com
            S: 250-mx.posthorn.test
            S: 250-PIPELINING
            S: 250-SIZE 1048576
            S: 250-STARTTLS
            S: 250-ENHANCEDSTATUSCODES
            S: 250-8BITMIME
            S: 250 SMTPUTF8
            """;

    private static final String SECURED = HELLO + """
            C: STARTTLS
            S: 220 2.0.0 Ready to start TLS
            TLS
            C: EHLO client.example.com
            S: 250-mx.posthorn.test
            S: 250-PIPELINING
            S: 250-SIZE 1048576
            S: 250-AUTH SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN
            S: 250-ENHANCEDSTATUSCODES
            S: 250-8BITMIME
            S: 250 SMTPUTF8
            """;

    private SmtpPort port;

    @BeforeEach
    void start() throws IOException {
        port = SmtpPort.submission();
    }

    @AfterEach
    void stop() {
        port.close();
    }

    @Test
    void takesMailFromSignedInUserOverTls() throws IOException {
        port.play(SECURED + """
                C: AUTH PLAIN %s
                S: 235 2.7.0 ...
                C: MAIL FROM:<alice@posthorn.test> AUTH=<>
                S: 250 2.1.0 Ok
                C: RCPT TO:<bob@posthorn.test>
                S: 250 2.1.5 Ok
                C: DATA
                S: 354 ...
                C: text
                C: .
                S: 250 2.0.0 ...
                """.formatted(PLAIN));
        RecordingIntake.Taken taken = port.intake().only();
        assertThat(taken.client().account()).contains(OneAccount.ALICE);
        assertThat(taken.client().protocol()).isEqualTo("ESMTPSA");
        assertThat(taken.client().tls().orElseThrow()).startsWith("TLSv1.3 TLS_");
    }

    @Test
    void takesNothingWithoutTlsAndAuth() throws IOException {
        port.play(HELLO + """
                C: AUTH PLAIN %s
                S: 538 5.7.11 Must issue a STARTTLS command first
                C: MAIL FROM:<alice@posthorn.test>
                S: 530 5.7.0 Must issue a STARTTLS command first
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
                C: MAIL FROM:<alice@posthorn.test>
                S: 530 5.7.0 Authentication required
                C: RCPT TO:<bob@posthorn.test>
                S: 503 ...
                C: STARTTLS
                S: 503 5.5.1 TLS is in use already
                """.formatted(PLAIN));
    }

    @Test
    void endsSessionsOfAFormerPassword() throws IOException {
        try (LineClient client = port.client();
                LineClient leaving = port.client()) {
            client.play(SECURED + "C: AUTH PLAIN %s\nS: 235 2.7.0 ...\n".formatted(PLAIN));
            leaving.play(SECURED
                    + "C: AUTH PLAIN %s\nS: 235 2.7.0 ...\nC: QUIT\nS: 221 2.0.0 Bye\nS: [end]\n".formatted(PLAIN));
            port.accounts().changePassword();
            client.play("S: 421 4.7.0 mx.posthorn.test password changed or account removed, log in again\nS: [end]\n");
        }
    }

    /** RFC 3207 4.2: what was known before TLS is forgotten. */
    @Test
    void forgetsGreetingAtStartTls() throws IOException {
        port.play(HELLO + """
                C: STARTTLS
                S: 220 ...
                TLS
                C: AUTH PLAIN %s
                S: 503 5.5.1 Not now
                C: MAIL FROM:<alice@posthorn.test>
                S: 503 5.5.1 Send EHLO first
                """.formatted(PLAIN));
    }

    /** CVE-2011-0411; also smtp-mpt-james/starttls_with_injection. */
    @Test
    void dropsPlaintextBehindStartTls() throws IOException {
        port.play(HELLO + """
                C: STARTTLS
                C: EHLO injected
                C: MAIL FROM:<matthieu@yopmail.com>
                S: 220 ...
                TLS
                C: EHLO client
                S: 250-mx.posthorn.test
                S: 250-...
                S: 250-...
                S: 250-AUTH ...
                S: 250-...
                S: 250-...
                S: 250 SMTPUTF8
                C: NOOP
                S: 250 2.0.0 Ok
                """);
        assertThat(port.log().lines()).anyMatch(line -> line.contains("plaintext-after-starttls"));
    }

    @Test
    void signsInWithLoginWithAndWithoutInitialResponse() throws IOException {
        port.play(SECURED + """
                C: AUTH LOGIN
                S: 334 VXNlcm5hbWU6
                C: YWxpY2VAcG9zdGhvcm4udGVzdA==
                S: 334 UGFzc3dvcmQ6
                C: c2VjcmV0
                S: 235 2.7.0 ...
                C: AUTH LOGIN
                S: 503 5.5.1 Not now
                """);
        port.play(SECURED + """
                C: auth login YWxpY2VAcG9zdGhvcm4udGVzdA==
                S: 334 UGFzc3dvcmQ6
                C: c2VjcmV0
                S: 235 2.7.0 ...
                """);
    }

    @Test
    void cancelsAndRefusesMalformedExchanges() throws IOException {
        port.play(SECURED + """
                C: AUTH
                S: 501 5.5.4 ...
                C: AUTH GSSAPI
                S: 504 5.5.4 ...
                C: AUTH PLAIN
                S: 334...
                C: *
                S: 501 5.7.0 Authentication cancelled
                C: AUTH PLAIN !!!
                S: 501 5.5.2 ...
                C: AUTH PLAIN
                S: 334...
                C: %s
                S: 500 5.5.6 ...
                C: AUTH PLAIN %s
                S: 235 ...
                """.formatted("A".repeat(13000), PLAIN));
    }

    @Test
    void refusesAuthWithinTransactionAndWrongPasswordAndSaysTemporaryWhenItIs() throws IOException {
        port.play(SECURED + """
                C: AUTH PLAIN AGRvd24AeA==
                S: 454 4.7.0 Temporary authentication failure
                C: AUTH PLAIN %s
                S: 535 5.7.8 ...
                C: AUTH PLAIN %s
                S: 235 ...
                C: MAIL FROM:<alice@posthorn.test>
                S: 250 ...
                C: AUTH PLAIN %s
                S: 503 5.5.1 Not now
                """.formatted(WRONG, PLAIN, PLAIN));
        assertThat(port.log().lines())
                .anyMatch(line -> line.startsWith(
                        "submission/smtpd : warning: unknown[127.0.0.1]: SASL PLAIN authentication failed: "))
                .noneMatch(line -> line.contains("wrong") && !line.contains("wrong password"));
    }

    @Test
    void barsClientThatGuessesPasswords() throws IOException {
        port.play(SECURED + """
                C: AUTH PLAIN %1$s
                S: 535 ...
                C: AUTH PLAIN %1$s
                S: 535 ...
                C: AUTH PLAIN %1$s
                S: 535 ...
                C: AUTH PLAIN %2$s
                S: 454 4.7.0 Too many failed logins, try again later
                """.formatted(WRONG, PLAIN));
    }

    /** Guesses from many addresses, none of which is barred by itself. */
    private void guessElsewhere(int times) {
        for (int i = 0; i < times; i++) {
            port.guard().failed(InetAddress.ofLiteral("203.0.%d.%d".formatted(i / 200, i % 200)), ALICE);
        }
    }

    @Test
    void looksAtNoPasswordOfAnAccountThatManyGuessAt() throws IOException {
        guessElsewhere(999);
        port.play(SECURED + """
                C: AUTH PLAIN %1$s
                S: 535 ...
                C: AUTH PLAIN %2$s
                S: 454 4.7.0 Temporary authentication failure
                """.formatted(WRONG, PLAIN));
        assertThat(port.log().lines()).anyMatch(line -> line.contains("too many failed logins at this account"));
    }

    @Test
    void letsInTheOwnerFromWhereHeLoggedInBefore() throws IOException {
        String login = SECURED + """
                C: AUTH PLAIN %s
                S: 235 ...
                """.formatted(PLAIN);
        port.play(login);
        guessElsewhere(1000);
        port.play(login);
    }

    @Test
    void survivesClientThatSpeaksPlainAfterStartTls() throws Exception {
        try (LineClient client = port.client()) {
            client.play(HELLO + """
                    C: STARTTLS
                    S: 220 ...
                    C: EHLO not a TLS record
                    """);
            Eventually.await(() -> port.log().lines().stream()
                    .anyMatch(line -> line.contains("SSL_accept error from unknown[127.0.0.1]")));
        }
        port.play(HELLO);
    }

    @Test
    void signsInWithScram() throws Exception {
        try (LineClient client = port.client()) {
            client.play(SECURED);
            exchange(client, "SCRAM-SHA-256", new ScramClient("n,,", new byte[0], ALICE, "secret", "nonce"));
        }
    }

    /** RFC 9266: both sides bind the exchange to the same TLS channel. */
    @Test
    void signsInWithScramBoundToTheTlsChannel() throws Exception {
        try (LineClient client = port.client()) {
            client.play(SECURED);
            byte[] exporter = exporter(client);
            exchange(client, "SCRAM-SHA-256-PLUS", new ScramClient("p=tls-exporter,,", exporter, ALICE, "secret", "n"));
        }
    }

    @Test
    void refusesScramBoundToAnotherTlsChannel() throws Exception {
        try (LineClient client = port.client()) {
            client.play(SECURED);
            ScramClient scram = new ScramClient("p=tls-exporter,,", new byte[32], ALICE, "secret", "n");
            client.send("AUTH SCRAM-SHA-256-PLUS " + base64(scram.first()) + "\r\n");
            client.send(base64(scram.last(challenge(client))) + "\r\n");
            client.expect("535 5.7.8 ...");
        }
    }

    private static void exchange(LineClient client, String mechanism, ScramClient scram) throws Exception {
        client.send("AUTH " + mechanism + " " + base64(scram.first()) + "\r\n");
        client.send(base64(scram.last(challenge(client))) + "\r\n");
        assertThat(challenge(client)).isEqualTo(scram.expectedServerFinal());
        client.play("C:\nS: 235 2.7.0 ...\n");
    }

    private static byte[] exporter(LineClient client) throws Exception {
        var session = (ExtendedSSLSession) ((SSLSocket) client.socket()).getSession();
        return session.exportKeyingMaterialData("EXPORTER-Channel-Binding", new byte[0], 32);
    }

    private static String challenge(LineClient client) throws IOException {
        String line = client.line();
        assertThat(line).startsWith("334 ");
        return new String(Base64.getDecoder().decode(line.substring(4)), StandardCharsets.UTF_8);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
