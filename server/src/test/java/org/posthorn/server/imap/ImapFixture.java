package org.posthorn.server.imap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.posthorn.abuse.LoginConfig;
import org.posthorn.abuse.LoginGuard;
import org.posthorn.mailbox.MailboxStore;
import org.posthorn.net.Connection;
import org.posthorn.net.Listener;
import org.posthorn.net.MemoryBudget;
import org.posthorn.net.TlsContext;
import org.posthorn.protocol.sasl.SaslMechanisms;
import org.posthorn.testing.OneAccount;
import org.posthorn.testing.RecordedLog;

/** An IMAP server on a port of its own. */
final class ImapFixture implements AutoCloseable {
    final MailboxStore store;
    final RecordedLog log = new RecordedLog();
    private final Listener listener;

    ImapFixture(MailboxStore store, ImapConfig config, Optional<TlsContext> startTls, Optional<TlsContext> implicit)
            throws IOException {
        this(store, config, startTls, implicit, FakeAccounts.mechanisms());
    }

    ImapFixture(
            MailboxStore store,
            ImapConfig config,
            Optional<TlsContext> startTls,
            Optional<TlsContext> implicit,
            SaslMechanisms mechanisms)
            throws IOException {
        this(
                store,
                config,
                startTls,
                implicit,
                mechanisms,
                new LoginGuard(LoginConfig.DEFAULT, InstantSource.system()),
                new MemoryBudget(MemoryBudget.Limits.NONE));
    }

    private ImapFixture(
            MailboxStore store,
            ImapConfig config,
            Optional<TlsContext> startTls,
            Optional<TlsContext> implicit,
            SaslMechanisms mechanisms,
            LoginGuard guard,
            MemoryBudget memory)
            throws IOException {
        this.store = store;
        ImapServer server = new ImapServer(config, store, mechanisms, guard, startTls, log);
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        listener = Listener.start(
                new Listener.Settings("imap", address, 100, 100, Duration.ofSeconds(10), implicit, client -> true),
                server,
                new Failures(),
                memory);
    }

    /** As {@link #plain}, where clients may hold so much. */
    static ImapFixture with(MemoryBudget memory) throws IOException {
        return new ImapFixture(
                new MemoryMailboxStore(),
                config(),
                Optional.empty(),
                Optional.empty(),
                FakeAccounts.mechanisms(),
                new LoginGuard(LoginConfig.DEFAULT, InstantSource.system()),
                memory);
    }

    /** As {@link #plain}, where guesses are counted by this guard; knows {@link OneAccount}. */
    static ImapFixture with(LoginGuard guard) throws IOException {
        return new ImapFixture(
                new MemoryMailboxStore(),
                config(),
                Optional.empty(),
                Optional.empty(),
                new SaslMechanisms(new OneAccount(), new SecureRandom(), new byte[16]),
                guard,
                new MemoryBudget(MemoryBudget.Limits.NONE));
    }

    static ImapFixture plain(MailboxStore store) throws IOException {
        return new ImapFixture(store, config(), Optional.empty(), Optional.empty());
    }

    /** As {@link #plain}, with {@code .} between the levels of mailbox names. */
    static ImapFixture dotted(MailboxStore store) throws IOException {
        ImapConfig usual = config();
        ImapConfig dotted = new ImapConfig(
                usual.serverName(),
                usual.maxMessageSize(),
                usual.maxBadCommands(),
                usual.maxLoginFailures(),
                usual.loginFailureDelay(),
                usual.loginTimeout(),
                usual.idleTimeout(),
                usual.idleNotice(),
                usual.plaintextLogin(),
                '.',
                usual.commandTime());
        return new ImapFixture(store, dotted, Optional.empty(), Optional.empty());
    }

    /** Passwords without TLS, and no waiting. */
    static ImapConfig config() {
        return new ImapConfig(
                "posthorn.test",
                1_000_000,
                20,
                3,
                Duration.ZERO,
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                true);
    }

    int port() {
        return listener.port();
    }

    Listener listener() {
        return listener;
    }

    ImapClient connect() throws IOException {
        return new ImapClient(port());
    }

    @Override
    public void close() throws IOException {
        listener.close();
        store.close();
    }

    /** A session must never end by an exception. */
    private static final class Failures implements Listener.Observer {
        @Override
        public void accepted(Listener.Settings listener, Connection connection) {}

        @Override
        public void refused(Listener.Settings listener, InetAddress client, String reason) {}

        @Override
        public void handshakeFailed(Listener.Settings listener, Connection connection, IOException cause) {}

        @Override
        public void sessionFailed(Listener.Settings listener, Connection connection, Throwable cause) {
            cause.printStackTrace();
        }

        @Override
        public void closed(Listener.Settings listener, Connection connection) {}

        @Override
        public void acceptFailed(Listener.Settings listener, Exception cause) {}
    }
}
