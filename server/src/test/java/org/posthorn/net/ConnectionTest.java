package org.posthorn.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
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
        try {
            SSLSocket tls = (SSLSocket) trust.getSocketFactory().createSocket(client, "localhost", 1, true);
            tls.startHandshake();
            return tls;
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }
}
