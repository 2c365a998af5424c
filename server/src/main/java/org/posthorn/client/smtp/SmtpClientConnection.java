package org.posthorn.client.smtp;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.posthorn.log.MailLog;
import org.posthorn.net.Connection;
import org.posthorn.protocol.smtp.EnhancedStatus;
import org.posthorn.protocol.smtp.SmtpReply;

/**
 * A connection to one server, past its greeting and, where it can be had, under TLS: ready to send messages one after
 * another. Used by one thread.
 */
public final class SmtpClientConnection implements Closeable {
    private static final EnhancedStatus NO_CONNECTION = new EnhancedStatus(4, 4, 1);
    private static final EnhancedStatus TLS_NEEDED = new EnhancedStatus(4, 7, 4);
    private static final EnhancedStatus TLS_FAILED = new EnhancedStatus(4, 7, 5);
    private static final EnhancedStatus LOGIN_IMPOSSIBLE = new EnhancedStatus(4, 7, 0);

    private final SmtpHost server;
    private final SmtpClientSettings settings;
    private final TlsOutcome.Listener listener;
    private final MailLog log;
    private final Connection connection;
    private final Conversation conversation;
    private Capabilities capabilities = Capabilities.NONE;
    private boolean resetNeeded;
    private boolean broken;
    private int messages;

    private SmtpClientConnection(
            SmtpHost server,
            SmtpClientSettings settings,
            TlsOutcome.Listener listener,
            MailLog log,
            Connection connection) {
        this.server = server;
        this.settings = settings;
        this.listener = listener;
        this.log = log;
        this.connection = connection;
        this.conversation = new Conversation(connection, server);
    }

    /** The TLS handshake failed: the connection is lost, another one in plain may do. */
    private static final class HandshakeException extends IOException {
        private static final long serialVersionUID = 1;

        HandshakeException(IOException cause) {
            super(cause);
        }
    }

    /**
     * Connects, greets, takes TLS as {@code settings} say, logs in where a login is given. Where opportunistic TLS fails, a
     * second connection is made in plain.
     *
     * @throws SmtpSessionException the server cannot be used
     */
    public static SmtpClientConnection open(SmtpHost server, SmtpClientSettings settings, MailLog log)
            throws SmtpSessionException {
        return open(server, settings, TlsOutcome.Listener.NONE, log);
    }

    /** As the other; the listener hears once how TLS went, unless the connection ended before or TLS is not wanted. */
    public static SmtpClientConnection open(
            SmtpHost server, SmtpClientSettings settings, TlsOutcome.Listener listener, MailLog log)
            throws SmtpSessionException {
        try {
            return begin(server, settings, settings.tls(), listener, log);
        } catch (HandshakeException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            log.warning("smtp", "", "tls-failed", "server", server, "reason", String.valueOf(cause.getMessage()));
            if (settings.tls() instanceof TlsMode.Required) {
                throw new SmtpSessionException(
                        TLS_FAILED, "cannot start TLS with " + server + ": " + cause.getMessage());
            }
        }
        try {
            return begin(server, settings, new TlsMode.Plain(), listener, log);
        } catch (HandshakeException e) {
            throw new IllegalStateException("TLS on a plain connection", e);
        }
    }

    private static SmtpClientConnection begin(
            SmtpHost server, SmtpClientSettings settings, TlsMode tls, TlsOutcome.Listener listener, MailLog log)
            throws SmtpSessionException, HandshakeException {
        Connection connection = connect(server, settings);
        SmtpClientConnection client = new SmtpClientConnection(server, settings, listener, log, connection);
        StuckWrites.watch(connection, settings.timeouts().block());
        boolean ready = false;
        try {
            client.greet();
            client.secure(tls);
            client.logIn();
            ready = true;
            return client;
        } finally {
            if (!ready) {
                client.broken = true;
                client.close();
            }
        }
    }

    private static Connection connect(SmtpHost server, SmtpClientSettings settings) throws SmtpSessionException {
        try {
            return Connection.open(
                    server.socketAddress(),
                    settings.source(),
                    settings.timeouts().connect());
        } catch (SocketTimeoutException e) {
            throw new SmtpSessionException(NO_CONNECTION, "connect to " + server + ": Connection timed out");
        } catch (IOException e) {
            throw new SmtpSessionException(NO_CONNECTION, "connect to " + server + ": " + e.getMessage());
        }
    }

    private void greet() throws SmtpSessionException {
        SmtpReply greeting = conversation.reply(
                "receiving the initial server greeting", settings.timeouts().greeting());
        if (!greeting.isSuccess()) {
            throw new SmtpSessionException(greeting);
        }
        hello();
    }

    private void hello() throws SmtpSessionException {
        SmtpReply reply = command("EHLO " + settings.name(), "sending EHLO");
        if (reply.isSuccess()) {
            capabilities = Capabilities.of(reply);
            return;
        }
        // RFC 5321 3.2: a server that knows no EHLO says 500 or 502, and gets HELO.
        if (reply.isPermanentFailure()) {
            reply = command("HELO " + settings.name(), "sending HELO");
        }
        capabilities = Capabilities.NONE;
        if (!reply.isSuccess()) {
            throw new SmtpSessionException(reply);
        }
    }

    private SmtpReply command(String text, String phase) throws SmtpSessionException {
        return conversation.exchange(text, phase, settings.timeouts().command());
    }

    private void secure(TlsMode mode) throws SmtpSessionException, HandshakeException {
        switch (mode) {
            case TlsMode.Plain _ -> {}
            case TlsMode.Opportunistic _ -> {
                // RFC 3207 4.1: otherwise the session goes on as it was.
                if (offersTls() && startsTls(command("STARTTLS", "sending STARTTLS"))) {
                    handshake(AnyCertificate.context(), false);
                }
            }
            case TlsMode.Required required -> {
                if (!offersTls()) {
                    throw new SmtpSessionException(TLS_NEEDED, "TLS is required, but was not offered by " + server);
                }
                SmtpReply reply = command("STARTTLS", "sending STARTTLS");
                if (!startsTls(reply)) {
                    throw new SmtpSessionException(TLS_NEEDED, "TLS is required, but " + server + " said: " + reply);
                }
                handshake(required.context(), true);
            }
        }
    }

    private boolean offersTls() {
        boolean offered = capabilities.has("STARTTLS");
        if (!offered) {
            listener.tls(TlsOutcome.failed(local(), TlsOutcome.Reason.STARTTLS_NOT_SUPPORTED, ""));
        }
        return offered;
    }

    /** @throws SmtpSessionException after 421, with which the server ends the session (RFC 5321 3.8) */
    private boolean startsTls(SmtpReply reply) throws SmtpSessionException {
        boolean ready = reply.code() == 220;
        if (!ready) {
            listener.tls(TlsOutcome.failed(local(), TlsOutcome.Reason.VALIDATION_FAILURE, "STARTTLS: " + reply));
        }
        if (reply.code() == 421) {
            throw new SmtpSessionException(reply);
        }
        return ready;
    }

    private InetAddress local() {
        return connection.local().getAddress();
    }

    private void handshake(SSLContext context, boolean verified) throws SmtpSessionException, HandshakeException {
        SSLParameters parameters = context.getDefaultSSLParameters();
        // RFC 8996: nothing older than TLS 1.2; a server that has no better gets the mail in plain.
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        if (verified) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        try {
            connection.readTimeout(settings.timeouts().command());
            connection.startTls(context, server.host(), parameters);
        } catch (IOException e) {
            listener.tls(TlsOutcome.failed(local(), e));
            throw new HandshakeException(e);
        }
        listener.tls(TlsOutcome.negotiated(local()));
        log.line(
                "smtp",
                "",
                (verified ? "Trusted" : "Untrusted") + " TLS connection established to " + server + ": "
                        + tls().orElse(""));
        // RFC 3207 4.2: what was said before TLS counts no more.
        hello();
    }

    private void logIn() throws SmtpSessionException {
        if (settings.login().isEmpty()) {
            return;
        }
        if (!connection.isTls()) {
            throw new SmtpSessionException(LOGIN_IMPOSSIBLE, "no login at " + server + " without TLS");
        }
        Credentials login = settings.login().get();
        Set<String> offered = capabilities.mechanisms();
        SmtpReply reply;
        if (offered.contains("PLAIN")) {
            reply = command("AUTH PLAIN " + base64("\0" + login.user() + "\0" + login.password()), "sending AUTH");
        } else if (offered.contains("LOGIN")) {
            reply = command("AUTH LOGIN", "sending AUTH");
            for (String answer : List.of(login.user(), login.password())) {
                if (reply.code() == 334) {
                    reply = command(base64(answer), "sending AUTH");
                }
            }
        } else {
            throw new SmtpSessionException(LOGIN_IMPOSSIBLE, server + " offers neither AUTH PLAIN nor LOGIN");
        }
        if (reply.code() != 235) {
            throw new SmtpSessionException(reply);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Protocol and cipher suite, as Postfix logs them; empty in plain. */
    public Optional<String> tls() {
        return connection
                .tlsSession()
                .map(session -> session.getProtocol() + " with cipher " + session.getCipherSuite());
    }

    public SmtpHost server() {
        return server;
    }

    /** Whether another message can be sent. */
    public boolean isUsable() {
        return !broken;
    }

    /** How many messages have been tried over this connection. */
    public int messages() {
        return messages;
    }

    /** Sends a message; the results are in the order of its recipients. */
    public List<SmtpResult> send(OutgoingMessage message) {
        messages++;
        ClientTransaction transaction =
                new ClientTransaction(conversation, server, capabilities, settings.timeouts(), message, resetNeeded);
        List<SmtpResult> results = transaction.run();
        resetNeeded = transaction.resetNeeded();
        broken |= transaction.broken();
        return results;
    }

    /** Says QUIT where somebody listens, and closes. Does not wait longer than {@link SmtpTimeouts#quit}. */
    @Override
    public void close() {
        if (!broken) {
            broken = true;
            try {
                // RFC 5321 4.1.1.10: the client waits for the reply, so that the server does not see a broken
                // connection.
                var _ = conversation.exchange(
                        "QUIT", "sending QUIT", settings.timeouts().quit());
            } catch (SmtpSessionException e) {
                // All mail is settled; how the goodbye went is nobody's concern.
            }
        }
        StuckWrites.forget(connection);
        connection.close();
    }
}
