package org.posthorn.client.smtp;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.posthorn.mail.Address;
import org.posthorn.mail.MessageContent;
import org.posthorn.protocol.smtp.EnhancedStatus;
import org.posthorn.protocol.smtp.SmtpReply;
import org.posthorn.testing.FakeSmtpServer;
import org.posthorn.testing.RecordedLog;

/** What the tests of the client share: a client that talks to a scripted server. */
class ScriptedConversation {
    static final String HELLO = """
            S: 220 mx.example.org ESMTP
            C: EHLO client.example.net
            """;
    static final String PLAIN_HELLO = HELLO + "S: 250 mx.example.org\n";
    static final String QUIT = "C: QUIT\nS: 221 bye\n";
    static final Duration LONG = Duration.ofSeconds(30);
    static final Duration SHORT = Duration.ofMillis(300);

    final RecordedLog log = new RecordedLog();

    SmtpClientConnection open(FakeSmtpServer server) throws SmtpSessionException {
        return open(server, new TlsMode.Opportunistic(), LONG);
    }

    SmtpClientConnection open(FakeSmtpServer server, TlsMode tls, Duration limit) throws SmtpSessionException {
        return open(server, tls, limit, Optional.empty());
    }

    SmtpClientConnection open(FakeSmtpServer server, TlsMode tls, Duration limit, Optional<Credentials> login)
            throws SmtpSessionException {
        SmtpClientSettings settings =
                new SmtpClientSettings("client.example.net", Optional.empty(), tls, login, SmtpTimeouts.all(limit));
        return SmtpClientConnection.open(new SmtpHost("localhost", server.address(), server.port()), settings, log);
    }

    static OutgoingMessage message(String text, String... recipients) {
        return new OutgoingMessage(
                Optional.of(Address.parse("alice@example.net")),
                Arrays.stream(recipients).map(Address::parse).toList(),
                false,
                MessageContent.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    static List<String> said(List<SmtpResult> results) {
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
}
