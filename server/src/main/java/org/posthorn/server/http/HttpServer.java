package org.posthorn.server.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.posthorn.log.MailLog;
import org.posthorn.net.BindTrouble;
import org.posthorn.net.ListenAddress;
import org.posthorn.net.SocketAccess;
import org.posthorn.net.UnixSocketFile;
import org.posthorn.server.Port;

/**
 * Serves HTTP on ports and Unix sockets. Thread-safe. They are there at once; Jetty is only started when the first client has come,
 * since most of the time nobody asks, and it would make each start slower and larger.
 */
public final class HttpServer implements Closeable {
    /**
     * Where something listens, and what answers there.
     *
     * @param address a Unix socket is made with mode 0600
     */
    public record Site(ListenAddress address, HttpHandler handler) {}

    /** Where monitoring asks by default. */
    public static final Port PORT = Port.onLoopback("http", 8080);

    private static final int MAX_CONNECTIONS = 128;
    private static final int BACKLOG = 50;
    private static final Duration ENDING = Duration.ofSeconds(10);
    private static final Duration AFTER_FAILURE = Duration.ofMillis(100);

    private final MailLog log;
    private final HttpTimes times;
    private volatile List<Listening> listening = List.of();

    @GuardedBy("this")
    private Optional<Jetty> jetty = Optional.empty();

    @GuardedBy("this")
    private boolean closed;

    private final class Listening {
        private final Site site;
        private final ServerSocketChannel channel;
        private final Closeable socket;
        private final Semaphore room = new Semaphore(MAX_CONNECTIONS);
        private final Thread thread = Thread.ofVirtual().unstarted(this::acceptAll);

        /** @param socket closed in place of the channel, which it has */
        Listening(Site site, ServerSocketChannel channel, Closeable socket) {
            this.site = site;
            this.channel = channel;
            this.socket = socket;
        }

        private void acceptAll() {
            while (channel.isOpen()) {
                room.acquireUninterruptibly();
                AtomicBoolean there = new AtomicBoolean(true);
                Runnable gone = () -> {
                    if (there.getAndSet(false)) {
                        room.release();
                    }
                };
                try {
                    serve(channel.accept(), new AcceptedConnector.Arrival(site.handler(), gone));
                } catch (IOException | RuntimeException e) {
                    gone.run();
                    if (channel.isOpen()) {
                        log.failure(MailLog.Level.WARNING, "http", "", "accept-failed", e);
                        pause();
                    }
                }
            }
        }

        boolean alive() {
            return !channel.isOpen() || thread.isAlive();
        }
    }

    private HttpServer(MailLog log, HttpTimes times) {
        this.log = log;
        this.times = times;
    }

    /** One that does not listen yet: {@link #prepare}. */
    public static HttpServer idle(MailLog log) {
        return new HttpServer(log, HttpTimes.STANDARD);
    }

    /**
     * Binds and serves.
     *
     * @throws IOException a port or a path cannot be had; nothing listens then
     */
    public static HttpServer start(List<Site> sites, MailLog log) throws IOException {
        return start(sites, log, HttpTimes.STANDARD);
    }

    static HttpServer start(List<Site> sites, MailLog log, HttpTimes times) throws IOException {
        HttpServer http = new HttpServer(log, times);
        http.prepare(sites).commit();
        return http;
    }

    /** Where it listens next, bound but not served: either {@link #commit} or {@link #close} it. */
    public final class Change implements Closeable {
        private final List<Listening> wanted = new ArrayList<>();
        private final List<Listening> fresh = new ArrayList<>();

        private Change() {}

        private void bind(List<Site> sites) throws IOException {
            for (Site site : sites) {
                Optional<Listening> present = listening.stream()
                        .filter(each -> each.site.address().equals(site.address()))
                        .findFirst();
                if (present.isEmpty()) {
                    Listening made = HttpServer.this.bind(site);
                    fresh.add(made);
                    present = Optional.of(made);
                }
                wanted.add(present.get());
            }
        }

        /** Serves there from now on, and nowhere else; cannot fail. Requests that have begun are answered. */
        public void commit() {
            List<Listening> before = listening;
            listening = List.copyOf(wanted);
            fresh.forEach(each -> each.thread.start());
            fresh.clear();
            before.stream().filter(each -> !wanted.contains(each)).forEach(HttpServer.this::retire);
        }

        /** Gives up what was bound, unless it was committed. */
        @Override
        public void close() {
            fresh.forEach(HttpServer.this::retire);
        }
    }

    /**
     * Takes the addresses that it does not have yet. An address that it has keeps its handler.
     *
     * @throws IOException one cannot be had; what was listening before goes on, and no new one stays open
     */
    public Change prepare(List<Site> sites) throws IOException {
        Change change = new Change();
        try {
            change.bind(sites);
            return change;
        } catch (IOException | RuntimeException e) {
            change.close();
            throw e;
        }
    }

    private void retire(Listening each) {
        try {
            each.socket.close();
        } catch (IOException e) {
            log.failure(MailLog.Level.WARNING, "http", "", "close-failed", e);
        }
    }

    private Listening bind(Site site) throws IOException {
        return switch (site.address()) {
            case ListenAddress.Tcp(InetSocketAddress address) -> {
                ServerSocketChannel port = port(address);
                yield new Listening(site, port, port);
            }
            case ListenAddress.Unix(Path path) -> {
                UnixSocketFile socket = socket(path);
                yield new Listening(site, socket.channel(), socket);
            }
        };
    }

    private static ServerSocketChannel port(InetSocketAddress address) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            InetSocketAddress known = address.isUnresolved()
                    ? new InetSocketAddress(address.getHostString(), address.getPort())
                    : address;
            if (known.isUnresolved()) {
                throw new IOException("\"" + address.getHostString() + "\" does not resolve to an address");
            }
            return channel.bind(known, BACKLOG);
        } catch (IOException e) {
            channel.close();
            throw new IOException("cannot listen on " + address + " for http: " + BindTrouble.words(e), e);
        }
    }

    private static UnixSocketFile socket(Path path) throws IOException {
        try {
            return UnixSocketFile.bind(path, SocketAccess.OWNER, BACKLOG);
        } catch (IOException e) {
            throw new IOException("cannot make the socket " + path + ": " + e.getMessage(), e);
        }
    }

    private void serve(SocketChannel client, AcceptedConnector.Arrival arrival) throws IOException {
        try {
            jetty().serve(client, arrival);
        } catch (IOException | RuntimeException e) {
            client.close();
            throw e;
        }
    }

    private synchronized Jetty jetty() throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
        if (jetty.isEmpty()) {
            jetty = Optional.of(Jetty.start(log, times));
        }
        return jetty.get();
    }

    /** So that a failure that stays does not fill the log. */
    private static void pause() {
        try {
            Thread.sleep(AFTER_FAILURE);
        } catch (InterruptedException e) {
            // Nobody interrupts this thread; go on.
        }
    }

    /** The first of the ports. */
    public int port() throws IOException {
        for (Listening each : listening) {
            if (each.channel.getLocalAddress() instanceof InetSocketAddress address) {
                return address.getPort();
            }
        }
        throw new IOException("no port is listened on");
    }

    /** False where no request can be taken any more, since a thread that does it has ended. */
    public synchronized boolean alive() {
        return listening.stream().allMatch(Listening::alive)
                && (closed || jetty.isEmpty() || jetty.get().alive());
    }

    @Override
    public void close() throws IOException {
        for (Listening each : listening) {
            each.socket.close();
        }
        Optional<Jetty> started;
        synchronized (this) {
            closed = true;
            started = jetty;
        }
        if (started.isPresent()) {
            started.get().stop();
        }
        // A port is free again only when nobody waits on it.
        for (Listening each : listening) {
            try {
                if (each.thread.isAlive()) {
                    each.thread.join(ENDING);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
