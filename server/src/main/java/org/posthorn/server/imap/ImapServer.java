package org.posthorn.server.imap;

import java.io.IOException;
import java.util.Optional;
import org.posthorn.abuse.LoginGuard;
import org.posthorn.log.MailLog;
import org.posthorn.mailbox.MailboxStore;
import org.posthorn.net.Connection;
import org.posthorn.net.SessionHandler;
import org.posthorn.net.TlsContext;
import org.posthorn.protocol.sasl.SaslMechanisms;

/** Serves IMAP on any number of listeners. Thread-safe. */
public final class ImapServer implements SessionHandler {
    private final ImapConfig config;
    private final MailboxStore store;
    private final SaslMechanisms mechanisms;
    private final LoginGuard guard;
    private final Optional<TlsContext> tls;
    private final MailLog log;

    /**
     * A server over a store.
     *
     * @param guard against guessing of passwords, shared with the other protocols
     * @param tls for STARTTLS; without it the command is not announced
     */
    public ImapServer(
            ImapConfig config,
            MailboxStore store,
            SaslMechanisms mechanisms,
            LoginGuard guard,
            Optional<TlsContext> tls,
            MailLog log) {
        this.config = config;
        this.store = store;
        this.mechanisms = mechanisms;
        this.guard = guard;
        this.tls = tls;
        this.log = log;
    }

    @Override
    public void serve(Connection connection) throws IOException {
        new ImapSession(this, connection).run();
    }

    @Override
    public String busyGreeting() {
        return "* BYE [UNAVAILABLE] Too many connections\r\n";
    }

    ImapConfig config() {
        return config;
    }

    MailboxStore store() {
        return store;
    }

    SaslMechanisms mechanisms() {
        return mechanisms;
    }

    LoginGuard guard() {
        return guard;
    }

    Optional<TlsContext> tls() {
        return tls;
    }

    MailLog log() {
        return log;
    }
}
