package org.posthorn.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.posthorn.abuse.LoginConfig;
import org.posthorn.abuse.LoginGuard;
import org.posthorn.mail.Address;
import org.posthorn.net.Listener;
import org.posthorn.net.MemoryBudget;
import org.posthorn.net.TlsContext;
import org.posthorn.protocol.sasl.SaslMechanisms;
import org.posthorn.testing.LineClient;
import org.posthorn.testing.OneAccount;
import org.posthorn.testing.QuietObserver;
import org.posthorn.testing.RecordedLog;
import org.posthorn.testing.SelfSigned;

/** An SMTP server on a port of its own, for one test. */
final class SmtpPort implements Closeable {
    static final SmtpTimes FAST = new SmtpTimes(
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofMillis(100),
            Duration.ofMinutes(1),
            Duration.ofSeconds(20),
            512,
            Duration.ZERO,
            Duration.ofMillis(100));

    private final RecordingIntake intake = new RecordingIntake();
    private final RecordedLog log = new RecordedLog();
    private final QuietObserver observer = new QuietObserver();
    private final LoginGuard guard = new LoginGuard(
            new LoginConfig(3, 1000, Duration.ofDays(1), Duration.ZERO, Duration.ZERO, List.of()),
            InstantSource.system());
    private final OneAccount accounts = new OneAccount();
    private final SmtpServices services;
    private final SmtpServer server;
    private final Listener listener;

    SmtpPort(SmtpConfig config) throws IOException {
        this(config, new MemoryBudget(MemoryBudget.Limits.NONE));
    }

    SmtpPort(SmtpConfig config, MemoryBudget memory) throws IOException {
        this(config, memory, services -> services);
    }

    /** @param change of the services that a test wants otherwise */
    SmtpPort(SmtpConfig config, MemoryBudget memory, UnaryOperator<SmtpServices> change) throws IOException {
        services = change.apply(new SmtpServices(
                intake,
                Optional.of(new TlsContext(SelfSigned.shared().server())),
                Optional.of(mechanisms()),
                guard,
                () -> Optional.of(Address.parse("postmaster@posthorn.test")),
                () -> false,
                log));
        server = new SmtpServer(config, services);
        listener = Listener.start(
                new Listener.Settings(
                        "smtp",
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        100,
                        100,
                        Duration.ofSeconds(10),
                        Optional.empty(),
                        client -> true),
                server,
                observer,
                memory);
    }

    /** Knows alice with the password "secret". */
    private SaslMechanisms mechanisms() {
        return new SaslMechanisms(accounts, new SecureRandom(), new byte[16]);
    }

    static SmtpPort submission() throws IOException {
        return new SmtpPort(config(SmtpRole.SUBMISSION, SmtpLimits.DEFAULT, FAST));
    }

    static SmtpPort mx() throws IOException {
        return new SmtpPort(config(SmtpRole.MX, SmtpLimits.DEFAULT, FAST));
    }

    static SmtpConfig config(SmtpRole role, SmtpLimits limits, SmtpTimes times) {
        return new SmtpConfig(role, "mx.posthorn.test", 1 << 20, limits, times);
    }

    LineClient client() throws IOException {
        return new LineClient(listener.port());
    }

    /** Plays a conversation on a connection of its own. */
    void play(String transcript) throws IOException {
        try (LineClient client = client()) {
            client.play(transcript);
        }
    }

    RecordingIntake intake() {
        return intake;
    }

    RecordedLog log() {
        return log;
    }

    OneAccount accounts() {
        return accounts;
    }

    /** Bars a client at 3 failures and an account at 1,000. */
    LoginGuard guard() {
        return guard;
    }

    SmtpServices services() {
        return services;
    }

    SmtpServer server() {
        return server;
    }

    Listener listener() {
        return listener;
    }

    @Override
    public void close() {
        listener.close();
        assertThat(observer.defects()).isEmpty();
    }
}
