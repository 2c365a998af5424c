package org.posthorn.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.posthorn.testing.Eventually;
import org.posthorn.testing.SelfSigned;

/** RFC 9293 3.8.6.3: a client that waits for an acknowledgement (Nagle) is not kept waiting, and nobody pays for it otherwise. */
class PromptSocketTest {
    private final CountingSocket server = new CountingSocket();
    private Socket client = new Socket();

    PromptSocketTest() throws SocketException {}

    /** Counts how often it acknowledges at once. */
    private static final class CountingSocket extends PromptSocket {
        private final AtomicInteger acknowledged = new AtomicInteger();

        CountingSocket() throws SocketException {}

        @Override
        public <T> Socket setOption(SocketOption<T> name, T value) throws IOException {
            if (name.equals(ExtendedSocketOptions.TCP_QUICKACK) && Boolean.TRUE.equals(value)) {
                acknowledged.incrementAndGet();
            }
            return super.setOption(name, value);
        }
    }

    /** Accepts one connection in the form of a socket given. */
    private static final class OneServer extends ServerSocket {
        private final Socket socket;

        OneServer(Socket socket) throws IOException {
            super(0, 1, InetAddress.getLoopbackAddress());
            this.socket = socket;
        }

        @Override
        public Socket accept() throws IOException {
            implAccept(socket);
            return socket;
        }
    }

    @BeforeEach
    void connect() throws IOException {
        try (OneServer listening = new OneServer(server)) {
            client = new Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort());
            var _ = listening.accept();
        }
        assumeThat(server.supportedOptions().contains(ExtendedSocketOptions.TCP_QUICKACK))
                .as("Linux")
                .isTrue();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
    }

    private void send(String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static CompletableFuture<String> reading(Connection connection) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return connection.in().readLine(100);
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        });
    }

    @Test
    void leavesTheAcknowledgementOfWholeCommandsToTheReplies() throws IOException {
        try (Connection connection = new Connection(server)) {
            for (int i = 0; i < 3; i++) {
                send("NOOP\r\n");
                assertThat(connection.in().readLine(100)).isEqualTo("NOOP");
                connection.out().println("250 Ok").flush();
            }
        }
        assertThat(server.acknowledged).hasValue(0);
    }

    @Test
    void acknowledgesTheBeginningOfACommandWhenItWaitsForTheRest() throws Exception {
        try (Connection connection = new Connection(server)) {
            send("NO");
            CompletableFuture<String> line = reading(connection);
            Eventually.await(() -> server.acknowledged.get() == 1);
            send("OP\r\n");
            assertThat(line.join()).isEqualTo("NOOP");
        }
    }

    @Test
    void doesNotAcknowledgeWhileTheRestIsThere() throws Exception {
        send("12345678");
        InputStream in = server.getInputStream();
        Eventually.await(() -> available(in) == 8);
        assertThat(in.readNBytes(4)).hasSize(4);
        assertThat(in.readNBytes(4)).hasSize(4);
        assertThat(server.acknowledged).hasValue(0);
    }

    private static int available(InputStream in) {
        try {
            return in.available();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void acknowledgesTheBeginningOfACommandUnderTls() throws Exception {
        try (Connection connection = new Connection(server)) {
            CompletableFuture<SSLSocket> secured = CompletableFuture.supplyAsync(this::handshake);
            connection.startTls(new TlsContext(SelfSigned.shared().server()));
            SSLSocket tls = secured.join();
            int before = server.acknowledged.get();
            tls.getOutputStream().write("NO".getBytes(StandardCharsets.US_ASCII));
            CompletableFuture<String> line = reading(connection);
            Eventually.await(() -> server.acknowledged.get() > before);
            tls.getOutputStream().write("OP\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(line.join()).isEqualTo("NOOP");
        }
    }

    private SSLSocket handshake() {
        try {
            SSLSocket tls = (SSLSocket) SelfSigned.shared()
                    .client()
                    .getSocketFactory()
                    .createSocket(client, "localhost", client.getPort(), true);
            tls.startHandshake();
            return tls;
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    @Test
    void listenersAcceptInThisForm() throws IOException {
        try (ServerSocket listening = Listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                Socket other = new Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort());
                Socket accepted = listening.accept()) {
            assertThat(other.isConnected()).isTrue();
            assertThat(accepted).isInstanceOf(PromptSocket.class);
        }
    }
}
