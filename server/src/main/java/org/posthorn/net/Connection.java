package org.posthorn.net;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * One connection by TCP or by a Unix socket, ours to a server or a client's to us, plain or TLS. Reading belongs to one thread; {@link #close},
 * {@link #windDown} may be called from any.
 */
public final class Connection implements Closeable {
    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final int CLOSE_SECONDS = 2;

    /** How often a busy session looks whether its client is still there. */
    private static final long LOOK_NANOS = Duration.ofMillis(200).toNanos();

    private static final Duration SHORTEST_READ = Duration.ofMillis(1);

    /** For shorter limits a second too late is too much. */
    private static final Duration SHORTEST_WATCHED = Duration.ofSeconds(10);

    private final Socket socket;
    private final SessionMemory memory;
    private final InetSocketAddress remote;
    private final InetSocketAddress local;
    private final Input in;
    private final Output out;
    private final long number = NUMBERS.incrementAndGet();

    private @Nullable SSLSocket tls;
    private volatile long writeStarted;
    private volatile boolean waiting;
    private volatile boolean windingDown;
    private volatile String farewell = "shutting down";
    private volatile boolean watched;
    private volatile boolean fellSilent;
    private volatile long longestRead;
    private volatile long readStarted;
    private long lookedAt = System.nanoTime();

    /** Takes over a connected socket. */
    public Connection(Socket socket) throws IOException {
        this(socket, SessionMemory.unlimited());
    }

    Connection(Socket socket, SessionMemory memory) throws IOException {
        this.socket = socket;
        this.memory = memory;
        // Replies are written whole; waiting to fill a segment only adds delay (RFC 2920 3.1 pipelining depends on it).
        socket.setTcpNoDelay(true);
        this.remote = (InetSocketAddress) socket.getRemoteSocketAddress();
        this.local = (InetSocketAddress) socket.getLocalSocketAddress();
        this.in = new Input(new WatchedStream(socket.getInputStream()), memory);
        this.out = new Output(
                socket.getOutputStream(),
                new Output.WriteWatch() {
                    @Override
                    public void begin() {
                        writeStarted = System.nanoTime() | 1;
                    }

                    @Override
                    public void end() {
                        writeStarted = 0;
                    }
                },
                memory);
    }

    /** Connects to a server. */
    public static Connection open(InetSocketAddress server, Optional<InetAddress> source, Duration timeout)
            throws IOException {
        Socket socket = new Socket();
        try {
            if (source.isPresent()) {
                socket.bind(new InetSocketAddress(source.get(), 0));
            }
            socket.connect(server, Math.toIntExact(timeout.toMillis()));
            return new Connection(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** A number unique in this process, base 36: the session id of the log. */
    public String id() {
        return Long.toString(number, 36);
    }

    /** For the log: the address of the other end, or {@code unix}. */
    public String peer() {
        return socket instanceof UnixSocket ? "unix" : remote.getAddress().getHostAddress();
    }

    /** Whether it leads no further than this machine, without an address. */
    public boolean isUnixSocket() {
        return socket instanceof UnixSocket;
    }

    /** The other end; loopback for a Unix socket. */
    public InetSocketAddress remote() {
        return remote;
    }

    public InetSocketAddress local() {
        return local;
    }

    public Input in() {
        return in;
    }

    public Output out() {
        return out;
    }

    /** What this session holds of the memory that clients may hold. */
    public SessionMemory memory() {
        return memory;
    }

    /** How long we have been waiting for the peer, to send or to read; zero while we work. */
    Duration waitingForPeer() {
        long started = readStarted;
        return started == 0 ? stuckWriting() : Duration.ofNanos(System.nanoTime() - started);
    }

    /**
     * The longest wait for bytes from the peer; the read then throws SocketTimeoutException. Not for what may be a Unix socket.
     *
     * @throws IOException it is a Unix socket
     */
    public void readTimeout(Duration limit) throws IOException {
        longestRead = 0;
        socket.setSoTimeout(Math.toIntExact(limit.toMillis()));
    }

    /**
     * As {@link #readTimeout}, for a limit with which reading ends: after the SocketTimeoutException there is nothing more to read, but
     * writing goes on. On a listener's connection a limit of some length costs no timer for each read; the listener notices it
     * within a second.
     */
    public void lastReadTimeout(Duration limit) throws IOException {
        boolean coarse = socket instanceof UnixSocket || limit.compareTo(SHORTEST_WATCHED) >= 0;
        if (!watched || !coarse) {
            readTimeout(limit);
            return;
        }
        socket.setSoTimeout(0);
        longestRead = limit.toNanos();
    }

    /** From now on somebody calls {@link #endOverdueRead} about once a second. */
    void watch() {
        watched = true;
    }

    /**
     * Ends a read that takes longer than {@link #lastReadTimeout} has said.
     *
     * @param now the time by System.nanoTime
     */
    void endOverdueRead(long now) {
        long started = readStarted;
        long limit = longestRead;
        if (started != 0 && limit != 0 && now - started > limit && !fellSilent) {
            fellSilent = true;
            shutdownInput();
        }
    }

    private void shutdownInput() {
        try {
            socket.shutdownInput();
        } catch (IOException e) {
            closeRaw();
        }
    }

    /** Knows how long a read has taken, and tells the end that a time limit has made from one that the peer has. */
    private final class WatchedStream extends InputStream {
        private final InputStream stream;

        WatchedStream(InputStream stream) {
            this.stream = stream;
        }

        @Override
        public int read() throws IOException {
            byte[] octet = new byte[1];
            return read(octet, 0, 1) < 0 ? -1 : octet[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            readStarted = System.nanoTime() | 1;
            try {
                int count = stream.read(target, offset, length);
                if (count < 0 && fellSilent) {
                    throw new SocketTimeoutException("Read timed out");
                }
                return count;
            } catch (SocketTimeoutException e) {
                throw e;
            } catch (IOException e) {
                // TLS takes the end that we have made for an attack.
                throw fellSilent ? new SocketTimeoutException("Read timed out") : e;
            } finally {
                readStarted = 0;
            }
        }
    }

    /** Waits, interruptibly by a graceful stop, until at least one octet can be read; false at the end of the stream. */
    public boolean awaitInput() throws IOException {
        if (in.buffered() > 0) {
            return true;
        }
        waiting = true;
        try {
            return !windingDown && in.fill();
        } finally {
            waiting = false;
        }
    }

    /**
     * Whether the peer has closed the connection, as far as can be told without waiting for it; what it sends is kept. For a session
     * that works for long without reading: afterwards the time limit of reads is to be set again.
     */
    public boolean peerIsGone() {
        long now = System.nanoTime();
        if (in.buffered() > 0 || now - lookedAt < LOOK_NANOS) {
            return false;
        }
        lookedAt = now;
        try {
            readTimeout(SHORTEST_READ);
            return !in.fill();
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** Asks the session to end at its next command boundary; wakes it when it waits for a command. */
    public void windDown() {
        windingDown = true;
        if (waiting) {
            shutdownInput();
        }
    }

    /**
     * As {@link #windDown()}, for a reason of this session alone.
     *
     * @param why in a few words of ASCII, for the client
     */
    public void windDown(String why) {
        farewell = why;
        windDown();
    }

    /** True once the session is to end: say goodbye and return. */
    public boolean windingDown() {
        return windingDown;
    }

    /** Why the session is winding down, in words for the client. */
    public String farewell() {
        return farewell;
    }

    /**
     * Becomes TLS as the server. Bytes that came in plain after the client's STARTTLS are dropped: they were not
     * protected and must not be taken for commands sent under TLS (RFC 3207 4, CVE-2011-0411).
     *
     * @return the number of octets dropped
     */
    public int startTls(TlsContext context) throws IOException {
        int dropped = in.discard();
        memory.secure();
        SSLSocket secured = (SSLSocket) context.current()
                .getSocketFactory()
                .createSocket(socket, remote.getAddress().getHostAddress(), remote.getPort(), true);
        secured.setUseClientMode(false);
        SSLParameters parameters = secured.getSSLParameters();
        context.configure(parameters);
        secured.setSSLParameters(parameters);
        secure(secured);
        return dropped;
    }

    /** Becomes TLS as the client of {@code serverName}, which goes into SNI; verification is the context's business. */
    public void startTls(SSLContext context, String serverName, SSLParameters parameters) throws IOException {
        var _ = in.discard();
        SSLSocket secured =
                (SSLSocket) context.getSocketFactory().createSocket(socket, serverName, remote.getPort(), true);
        secured.setUseClientMode(true);
        secured.setSSLParameters(parameters);
        secure(secured);
    }

    private void secure(SSLSocket secured) throws IOException {
        writeStarted = System.nanoTime() | 1;
        try {
            secured.startHandshake();
        } finally {
            writeStarted = 0;
        }
        tls = secured;
        in.switchTo(new WatchedStream(secured.getInputStream()));
        out.switchTo(secured.getOutputStream());
    }

    public boolean isTls() {
        return tls != null;
    }

    /** The TLS session: protocol, cipher suite, peer's certificates. */
    public Optional<SSLSession> tlsSession() {
        return Optional.ofNullable(tls).map(SSLSocket::getSession);
    }

    /** The tls-exporter channel binding (RFC 9266), for TLS 1.3 and where the provider can export it. */
    public Optional<byte[]> tlsExporter() {
        if (tls == null || !(tls.getSession() instanceof ExtendedSSLSession session)) {
            return Optional.empty();
        }
        try {
            return Optional.of(session.exportKeyingMaterialData("EXPORTER-Channel-Binding", new byte[0], 32));
        } catch (javax.net.ssl.SSLKeyException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** The certificate that the server side presented, for tls-server-end-point (RFC 5929 4). */
    public Optional<Certificate> serverCertificate() {
        if (tls == null) {
            return Optional.empty();
        }
        SSLSession session = tls.getSession();
        if (tls.getUseClientMode()) {
            try {
                return Optional.of(session.getPeerCertificates()[0]);
            } catch (SSLPeerUnverifiedException e) {
                return Optional.empty();
            }
        }
        Certificate[] own = session.getLocalCertificates();
        return own == null || own.length == 0 ? Optional.empty() : Optional.of(own[0]);
    }

    /** How long the current write has been stuck. */
    public Duration stuckWriting() {
        long started = writeStarted;
        return started == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - started);
    }

    /** Cuts the connection without the courtesies of TLS: those can block behind a stuck write. */
    public void closeRaw() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException ignored) {
            // It is gone either way.
        }
    }

    @Override
    public void close() {
        in.close();
        out.close();
        try {
            if (tls != null) {
                socket.setSoTimeout(CLOSE_SECONDS * 1000);
                writeStarted = System.nanoTime() | 1;
                tls.close();
            }
            socket.close();
        } catch (IOException | RuntimeException e) {
            closeRaw();
        } finally {
            writeStarted = 0;
            memory.close();
        }
    }
}
