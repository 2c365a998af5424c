package org.posthorn.net;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.posthorn.mail.Network;

/**
 * Accepts connections on one port or Unix socket and gives each its own virtual thread. Turns clients away beyond its
 * limits; cuts connections whose writes are stuck; stops gracefully. Thread-safe.
 */
public final class Listener implements Closeable {
    /**
     * How the listener listens.
     *
     * @param access who may connect, where it is a Unix socket
     * @param admission asked for each new connection whether its client may have one more now
     */
    public record Settings(
            String name,
            ListenAddress address,
            SocketAccess access,
            int maxConnections,
            int maxConnectionsPerClient,
            Duration writeTimeout,
            Optional<TlsContext> implicitTls,
            Predicate<InetAddress> admission) {
        public Settings {
            if (maxConnections < 1 || maxConnectionsPerClient < 1) {
                throw new IllegalArgumentException("limits of listener " + name + " must be positive");
            }
            if (address instanceof ListenAddress.Unix && implicitTls.isPresent()) {
                throw new IllegalArgumentException("no TLS on the Unix socket of " + name);
            }
        }

        /** For a port. */
        public Settings(
                String name,
                InetSocketAddress address,
                int maxConnections,
                int maxConnectionsPerClient,
                Duration writeTimeout,
                Optional<TlsContext> implicitTls,
                Predicate<InetAddress> admission) {
            this(
                    name,
                    new ListenAddress.Tcp(address),
                    SocketAccess.STANDARD,
                    maxConnections,
                    maxConnectionsPerClient,
                    writeTimeout,
                    implicitTls,
                    admission);
        }
    }

    /** Hears what happens to connections, for the log and the metrics. */
    public interface Observer {
        void accepted(Settings listener, Connection connection);

        /** Turned away: too many connections, in all or from this client, or too many in a short time. */
        void refused(Settings listener, InetAddress client, String reason);

        /** The TLS handshake of an implicit-TLS port failed. */
        void handshakeFailed(Settings listener, Connection connection, IOException cause);

        /** The session ended with an unexpected exception, which is a defect of ours. */
        void sessionFailed(Settings listener, Connection connection, Throwable cause);

        void closed(Settings listener, Connection connection);

        /** Accepting failed, for want of file descriptors say; it is tried again after a pause. */
        void acceptFailed(Settings listener, Exception cause);
    }

    private static final int BACKLOG = 1024;
    private static final Duration SWEEP = Duration.ofSeconds(1);
    private static final Duration HANDSHAKE = Duration.ofSeconds(60);

    private volatile Settings settings;
    private final SessionHandler handler;
    private final Observer observer;
    private final MemoryBudget budget;
    private final ServerSocket server;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final List<Thread> loops = new CopyOnWriteArrayList<>();
    private final ConcurrentHashMap<Network, AtomicInteger> perClient = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    private Listener(
            Settings settings, SessionHandler handler, Observer observer, MemoryBudget budget, ServerSocket server) {
        this.budget = budget;
        this.settings = settings;
        this.handler = handler;
        this.observer = observer;
        this.server = server;
    }

    /** Binds and begins to accept. */
    public static Listener start(Settings settings, SessionHandler handler, Observer observer) throws IOException {
        return start(settings, handler, observer, new MemoryBudget(MemoryBudget.Limits.NONE));
    }

    /** As {@link #start(Settings, SessionHandler, Observer)}, with a budget that is shared with other listeners. */
    public static Listener start(Settings settings, SessionHandler handler, Observer observer, MemoryBudget budget)
            throws IOException {
        Listener listener = bound(settings, handler, observer, budget);
        listener.begin();
        return listener;
    }

    /** Binds only: clients wait in the backlog until {@link #begin}. */
    public static Listener bound(Settings settings, SessionHandler handler, Observer observer, MemoryBudget budget)
            throws IOException {
        return new Listener(settings, handler, observer, budget, bind(settings));
    }

    /** Begins to accept; once. */
    public void begin() {
        loops.add(Thread.ofVirtual().name("accept-" + settings.name()).start(this::acceptAll));
        loops.add(Thread.ofVirtual().name("sweep-" + settings.name()).start(this::sweep));
    }

    /** Takes over the limits, the admission and the TLS of these settings; address and access stay what they are. */
    public void limit(Settings next) {
        Settings now = settings;
        settings = new Settings(
                now.name(),
                now.address(),
                now.access(),
                next.maxConnections(),
                next.maxConnectionsPerClient(),
                next.writeTimeout(),
                next.implicitTls(),
                next.admission());
    }

    /** Whether it accepts and watches over what it has accepted, as it must from {@link #begin} to {@link #windDown}. */
    public boolean alive() {
        return stopping || loops.stream().allMatch(Thread::isAlive);
    }

    private static ServerSocket bind(Settings settings) throws IOException {
        try {
            return switch (settings.address()) {
                case ListenAddress.Tcp(InetSocketAddress address) -> bind(address);
                case ListenAddress.Unix(Path path) ->
                    new UnixServerSocket(UnixSocketFile.bind(path, settings.access(), BACKLOG));
            };
        } catch (IOException e) {
            throw new IOException(
                    "cannot listen on " + settings.address() + " for " + settings.name() + ": " + BindTrouble.words(e),
                    e);
        }
    }

    static ServerSocket bind(InetSocketAddress address) throws IOException {
        InetSocketAddress known =
                address.isUnresolved() ? new InetSocketAddress(address.getHostString(), address.getPort()) : address;
        if (known.isUnresolved()) {
            throw new IOException("\"" + address.getHostString() + "\" does not resolve to an address");
        }
        ServerSocket server = new PromptServerSocket();
        try {
            server.setReuseAddress(true);
            server.bind(known, BACKLOG);
            return server;
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    public Settings settings() {
        return settings;
    }

    /** The port bound, also when the settings said 0; 0 for a Unix socket. */
    public int port() {
        return server.getLocalPort();
    }

    public int connections() {
        return open.size();
    }

    private void acceptAll() {
        while (!stopping) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException | RuntimeException e) {
                if (!stopping) {
                    observer.acceptFailed(settings, e);
                    pause(Duration.ofMillis(100));
                }
            }
        }
    }

    private void serve(Socket socket) {
        InetAddress client = socket.getInetAddress();
        Network network = Network.ofClient(client);
        AtomicInteger count = perClient.compute(network, (address, current) -> {
            AtomicInteger counter = current == null ? new AtomicInteger() : current;
            counter.incrementAndGet();
            return counter;
        });
        try {
            if (open.size() >= settings.maxConnections() && !budget.cutOneOf(open)) {
                turnAway(socket, client, "too many connections");
            } else if (count.get() > settings.maxConnectionsPerClient() && !client.isLoopbackAddress()) {
                // Loopback is this machine: a proxy, a webmail, a test; it stands for many users.
                turnAway(socket, client, "too many connections from this client");
            } else if (!settings.admission().test(client)) {
                turnAway(socket, client, "too many new connections from this client");
            } else {
                serve(socket, client, new SessionMemory(budget));
            }
        } catch (IOException e) {
            closeQuietly(socket);
        } finally {
            perClient.computeIfPresent(network, (address, current) -> current.decrementAndGet() == 0 ? null : current);
        }
    }

    private void serve(Socket socket, InetAddress client, SessionMemory memory) throws IOException {
        try {
            memory.charge(SessionMemory.CONNECTION);
        } catch (MemoryShortageException e) {
            turnAway(socket, client, "short of memory");
            return;
        }
        try {
            serve(new Connection(socket, memory));
        } finally {
            memory.close();
        }
    }

    private void serve(Connection connection) {
        connection.watch();
        open.add(connection);
        budget.add(connection);
        observer.accepted(settings, connection);
        try (connection) {
            if (stopping) {
                return;
            }
            if (settings.implicitTls().isPresent()
                    && !handshake(connection, settings.implicitTls().get())) {
                return;
            }
            handler.serve(connection);
        } catch (IOException e) {
            // The peer went away or fell silent; the session has logged what it knew.
        } catch (RuntimeException | Error e) {
            observer.sessionFailed(settings, connection, e);
        } finally {
            budget.remove(connection);
            open.remove(connection);
            observer.closed(settings, connection);
        }
    }

    private boolean handshake(Connection connection, TlsContext context) throws IOException {
        try {
            connection.readTimeout(HANDSHAKE);
            connection.startTls(context);
            return true;
        } catch (IOException e) {
            observer.handshakeFailed(settings, connection, e);
            return false;
        }
    }

    private void turnAway(Socket socket, InetAddress client, String reason) throws IOException {
        observer.refused(settings, client, reason);
        try (socket) {
            if (settings.implicitTls().isEmpty()) {
                socket.getOutputStream().write(handler.busyGreeting().getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    /** Cuts connections whose peer does not take what we write, which a read time limit does not see, and ends overdue reads. */
    private void sweep() {
        while (!stopping || !open.isEmpty()) {
            open.forEach(this::look);
            pause(SWEEP);
        }
    }

    private void look(Connection connection) {
        try {
            if (connection.stuckWriting().compareTo(settings.writeTimeout()) > 0) {
                connection.closeRaw();
            }
            connection.endOverdueRead(System.nanoTime());
        } catch (RuntimeException e) {
            // The others must be looked at all the same.
            observer.sessionFailed(settings, connection, e);
        }
    }

    /** Accepts no more and asks every session to end at its next command; returns at once. */
    public void windDown() {
        stopping = true;
        closeQuietly(server);
        open.forEach(Connection::windDown);
    }

    /** Waits for the sessions to end by themselves, then cuts those that are left. Call {@link #windDown} first. */
    public void await(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!open.isEmpty() && System.nanoTime() < deadline) {
            pause(Duration.ofMillis(10));
        }
        open.forEach(Connection::closeRaw);
    }

    @Override
    public void close() {
        windDown();
        open.forEach(Connection::closeRaw);
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(Closeable resource) {
        try {
            resource.close();
        } catch (IOException ignored) {
            // Nothing can be done about it.
        }
    }
}
