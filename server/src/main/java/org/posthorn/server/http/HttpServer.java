package org.posthorn.server.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.posthorn.log.MailLog;
import org.posthorn.net.BindTrouble;
import org.posthorn.net.ListenAddress;

/**
 * Serves HTTP on ports and Unix sockets. Thread-safe. They are there at once; Jetty is only started when the first client has come,
 * since most of the time nobody asks, and it would make each start slower and larger.
 */
public final class HttpServer implements Closeable {
    /**
     * Where something listens, and what answers there.
     *
     * @param address a Unix socket is made with mode 0600; one that a killed server left is replaced
     */
    public record Site(ListenAddress address, HttpHandler handler) {}

    private static final int MAX_CONNECTIONS = 128;
    private static final int BACKLOG = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration AFTER_FAILURE = Duration.ofMillis(100);

    private final MailLog log;
    private final Duration patience;
    private final List<Listening> listening = new ArrayList<>();

    @GuardedBy("this")
    private Optional<Jetty> jetty = Optional.empty();

    @GuardedBy("this")
    private boolean closed;

    private final class Listening {
        private final Site site;
        private final ServerSocketChannel channel;
        private final Semaphore room = new Semaphore(MAX_CONNECTIONS);
        private final Thread thread = Thread.ofVirtual().unstarted(this::acceptAll);

        Listening(Site site, ServerSocketChannel channel) {
            this.site = site;
            this.channel = channel;
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

    private HttpServer(MailLog log, Duration patience) {
        this.log = log;
        this.patience = patience;
    }

    /**
     * Binds and serves.
     *
     * @throws IOException a port or a path cannot be had; nothing listens then
     */
    public static HttpServer start(List<Site> sites, MailLog log) throws IOException {
        return start(sites, log, PATIENCE);
    }

    static HttpServer start(List<Site> sites, MailLog log, Duration patience) throws IOException {
        HttpServer http = new HttpServer(log, patience);
        try {
            for (Site site : sites) {
                http.listening.add(http
                .new Listening(
                        site,
                        switch (site.address()) {
                            case ListenAddress.Tcp(InetSocketAddress address) -> port(address);
                            case ListenAddress.Unix(Path path) -> socket(path);
                        }));
            }
        } catch (IOException | RuntimeException e) {
            http.close();
            throw e;
        }
        http.listening.forEach(each -> each.thread.start());
        return http;
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

    private static ServerSocketChannel socket(Path path) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            // Bound under a name of its own first: nobody can connect before the mode is right.
            Path unready = path.resolveSibling(path.getFileName() + ".new");
            Files.deleteIfExists(unready);
            channel.bind(UnixDomainSocketAddress.of(unready), BACKLOG);
            Files.setPosixFilePermissions(unready, PosixFilePermissions.fromString("rw-------"));
            Files.move(unready, path, StandardCopyOption.REPLACE_EXISTING);
            return channel;
        } catch (IOException e) {
            channel.close();
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
            jetty = Optional.of(Jetty.start(log, patience));
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
            each.channel.close();
            if (each.site.address() instanceof ListenAddress.Unix(Path path)) {
                Files.deleteIfExists(path);
            }
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
                    each.thread.join(PATIENCE);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
