package org.posthorn.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.posthorn.testing.Eventually;
import org.posthorn.testing.SelfSigned;

class ConnectionTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Socket client = new Socket();
    private Optional<Connection> connection = Optional.empty();

    @BeforeEach
    void connect() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            client = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
            Connection accepted = new Connection(server.accept());
            accepted.watch();
            connection = Optional.of(accepted);
        }
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        connection.orElseThrow().close();
    }

    @Test
    void endsAnOverdueReadAndCanStillBeWrittenTo() throws Exception {
        Connection server = connection.orElseThrow();
        assertReadEnds(server);
        server.out().println("421 bye").flush();
        assertThat(new String(client.getInputStream().readNBytes(9), StandardCharsets.US_ASCII))
                .isEqualTo("421 bye\r\n");
    }

    @Test
    void endsAnOverdueReadUnderTls() throws Exception {
        Connection server = connection.orElseThrow();
        SSLContext trust = SelfSigned.shared().client();
        CompletableFuture<SSLSocket> secured = CompletableFuture.supplyAsync(() -> handshake(trust));
        server.startTls(new TlsContext(SelfSigned.shared().server()));
        SSLSocket tls = secured.join();
        assertReadEnds(server);
        server.out().println("421 bye").flush();
        assertThat(new String(tls.getInputStream().readNBytes(9), StandardCharsets.US_ASCII))
                .isEqualTo("421 bye\r\n");
    }

    @Test
    void refusesRenegotiationByTheClient() throws Exception {
        Connection server = connection.orElseThrow();
        SSLSocket tls = (SSLSocket) SelfSigned.shared()
                .client()
                .getSocketFactory()
                .createSocket(client, "localhost", client.getPort(), true);
        tls.setEnabledProtocols(new String[] {"TLSv1.2"});
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> {
            try {
                tls.startHandshake();
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        });
        server.startTls(new TlsContext(SelfSigned.shared().server()));
        first.join();
        assertThat(tls.getSession().getProtocol()).isEqualTo("TLSv1.2");
        CompletableFuture<Integer> read = CompletableFuture.supplyAsync(() -> {
            try {
                return server.in().readLine(100).length();
            } catch (IOException | LineException e) {
                throw new CompletionException(e);
            }
        });
        tls.setSoTimeout(20_000);
        assertThatThrownBy(() -> {
                    tls.startHandshake();
                    tls.getInputStream().read();
                })
                .isInstanceOf(SSLException.class)
                .isNotInstanceOf(SocketTimeoutException.class);
        assertThatThrownBy(read::join).isInstanceOf(CompletionException.class);
    }

    /** A session that works for long between two reads has not fallen silent. */
    @Test
    void leavesAConnectionAloneThatDoesNotRead() throws IOException {
        Connection server = connection.orElseThrow();
        server.lastReadTimeout(LIMIT);
        server.endOverdueRead(System.nanoTime() + LIMIT.multipliedBy(2).toNanos());
        client.getOutputStream().write("NOOP\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(server.in().readLine(100)).isEqualTo("NOOP");
    }

    /** Counts how often it is told to acknowledge at once. */
    private static final class CountingSocket extends Socket {
        private final AtomicInteger quickAcks = new AtomicInteger();

        @Override
        public <T> Socket setOption(SocketOption<T> name, T value) throws IOException {
            if (name.equals(ExtendedSocketOptions.TCP_QUICKACK) && Boolean.TRUE.equals(value)) {
                quickAcks.incrementAndGet();
            }
            return super.setOption(name, value);
        }
    }

    /** A server socket whose connections are {@link CountingSocket}s. */
    private static final class CountingServer extends ServerSocket {
        CountingServer() throws IOException {
            super(0, 1, InetAddress.getLoopbackAddress());
        }

        @Override
        public CountingSocket accept() throws IOException {
            CountingSocket socket = new CountingSocket();
            implAccept(socket);
            return socket;
        }
    }

    /** RFC 9293 3.8.6.3: a client that waits for an acknowledgement (Nagle) is not kept waiting. The kernel forgets the option. */
    @Test
    void acknowledgesAtOnceBeforeEachReadInPlainAndUnderTls() throws IOException {
        try (CountingServer server = new CountingServer();
                Socket peer = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
                CountingSocket socket = server.accept()) {
            assumeThat(socket.supportedOptions().contains(ExtendedSocketOptions.TCP_QUICKACK))
                    .as("Linux")
                    .isTrue();
            Connection accepted = new Connection(socket);
            accepted.watch();
            for (int i = 1; i <= 3; i++) {
                peer.getOutputStream().write("NOOP\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(accepted.in().readLine(100)).isEqualTo("NOOP");
                assertThat(socket.quickAcks.get()).isEqualTo(i);
            }
            CompletableFuture<SSLSocket> secured = CompletableFuture.supplyAsync(
                    () -> handshake(peer, SelfSigned.shared().client()));
            accepted.startTls(new TlsContext(SelfSigned.shared().server()));
            SSLSocket tls = secured.join();
            int before = socket.quickAcks.get();
            tls.getOutputStream().write("NOOP\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(accepted.in().readLine(100)).isEqualTo("NOOP");
            assertThat(socket.quickAcks.get()).isGreaterThan(before);
            accepted.close();
        }
    }

    private static void assertReadEnds(Connection server) throws Exception {
        server.lastReadTimeout(LIMIT);
        CompletableFuture<String> line = CompletableFuture.supplyAsync(() -> {
            try {
                return server.in().readLine(100);
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        });
        // In time it goes on; the read may not have begun, so it is looked at until it has.
        server.endOverdueRead(System.nanoTime());
        Eventually.await(() -> {
            server.endOverdueRead(System.nanoTime() + LIMIT.multipliedBy(2).toNanos());
            return line.isDone();
        });
        assertThatThrownBy(line::join).hasCauseInstanceOf(SocketTimeoutException.class);
    }

    private SSLSocket handshake(SSLContext trust) {
        return handshake(client, trust);
    }

    private static SSLSocket handshake(Socket over, SSLContext trust) {
        try {
            SSLSocket tls = (SSLSocket) trust.getSocketFactory().createSocket(over, "localhost", 1, true);
            tls.startHandshake();
            return tls;
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }
}
