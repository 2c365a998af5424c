package org.posthorn.server.pop3;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import org.posthorn.abuse.LoginGuard;
import org.posthorn.log.MailLog;
import org.posthorn.mailbox.MailboxStore;
import org.posthorn.net.Listener;
import org.posthorn.net.TlsContext;
import org.posthorn.protocol.sasl.SaslMechanisms;
import org.posthorn.server.AccountLocks;
import org.posthorn.testing.OneAccount;
import org.posthorn.testing.SelfSigned;

/** A POP3 port on loopback for tests. */
final class Pop3Port {
    private Pop3Port() {}

    /** @param idle how long a session may be silent, before and after login */
    static Listener listen(
            MailboxStore store,
            OneAccount accounts,
            LoginGuard guard,
            boolean plaintext,
            Duration idle,
            MailLog log,
            Listener.Observer observer)
            throws IOException {
        return listen(store, accounts, guard, plaintext, idle, idle, log, observer);
    }

    /**
     * @param login how long a session has until it is logged in
     * @param idle how long it may be silent then
     */
    static Listener listen(
            MailboxStore store,
            OneAccount accounts,
            LoginGuard guard,
            boolean plaintext,
            Duration login,
            Duration idle,
            MailLog log,
            Listener.Observer observer)
            throws IOException {
        var services = new Pop3Services(
                store,
                new SaslMechanisms(accounts, new SecureRandom(), new byte[16]),
                guard,
                new AccountLocks(),
                Optional.of(new TlsContext(SelfSigned.shared().server())),
                log);
        var config = new Pop3Config("mx.posthorn.test", 10, login, idle, plaintext);
        return Listener.start(
                new Listener.Settings(
                        "pop3",
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        100,
                        100,
                        Duration.ofSeconds(10),
                        Optional.empty(),
                        client -> true),
                new Pop3Server(config, services),
                observer);
    }
}
