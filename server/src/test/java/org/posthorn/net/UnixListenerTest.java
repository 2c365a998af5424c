package org.posthorn.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.testing.QuietObserver;

/** Listening on a Unix-domain socket. */
class UnixListenerTest {
    /** Says each line back. */
    private static final SessionHandler ECHO = new SessionHandler() {
        @Override
        public void serve(Connection connection) throws IOException {
            // Until the client leaves, or the listener stops.
            while (connection.awaitInput()) {
                connection
                        .out()
                        .println(connection.peer() + " " + connection.in().readLine(100))
                        .flush();
            }
        }

        @Override
        public String busyGreeting() {
            return "full\r\n";
        }
    };

    private final QuietObserver observer = new QuietObserver();

    @TempDir
    Path dir;

    private Path path;

    @BeforeEach
    void choosePath() {
        path = dir.resolve("milter.sock");
    }

    private Listener listen(SocketAccess access, int connections, SessionHandler handler) throws IOException {
        return Listener.start(
                new Listener.Settings(
                        "milter",
                        new ListenAddress.Unix(path),
                        access,
                        connections,
                        1,
                        Duration.ofSeconds(10),
                        Optional.empty(),
                        _ -> true),
                handler,
                observer);
    }

    private Listener listen() throws IOException {
        return listen(SocketAccess.STANDARD, 2, ECHO);
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(path));
    }

    private static String ask(SocketChannel client, String line) throws IOException {
        Channels.newOutputStream(client).write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        return line(client);
    }

    private static String line(SocketChannel client) throws IOException {
        return new Input(Channels.newInputStream(client)).readLine(100);
    }

    @Test
    void servesSeveralConnectionsUpToItsLimit() throws IOException {
        try (Listener listener = listen();
                SocketChannel first = connect();
                SocketChannel second = connect()) {
            assertThat(ask(first, "one")).isEqualTo("unix one");
            assertThat(ask(second, "two")).isEqualTo("unix two");
            assertThat(ask(first, "three")).isEqualTo("unix three");
            assertThat(listener.connections()).isEqualTo(2);
            assertThat(listener.port()).isZero();
            try (SocketChannel third = connect()) {
                assertThat(line(third)).isEqualTo("full");
            }
        }
    }

    @Test
    void isForOwnerAndGroupUnlessToldOtherwise() throws IOException {
        try (Listener _ = listen()) {
            assertThat(mode()).isEqualTo("rw-rw----");
        }
        String group =
                Files.readAttributes(dir, PosixFileAttributes.class).group().getName();
        SocketAccess access = new SocketAccess(SocketAccess.permissions("606"), Optional.of(group));
        try (Listener _ = listen(access, 1, ECHO)) {
            assertThat(mode()).isEqualTo("rw----rw-");
            assertThat(Files.readAttributes(path, PosixFileAttributes.class)
                            .group()
                            .getName())
                    .isEqualTo(group);
        }
        SocketAccess strange = new SocketAccess(SocketAccess.permissions("0660"), Optional.of("no-such-group"));
        assertThatThrownBy(() -> listen(strange, 1, ECHO)).hasMessageEndingWith("there is no group no-such-group");
        assertThat(dir).isEmptyDirectory();
    }

    private String mode() throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void replacesTheSocketOfAServerThatWasKilledButOfNoOther() throws IOException {
        try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(path));
            assertThatThrownBy(this::listen)
                    .hasMessage("cannot listen on unix:" + path + " for milter: somebody listens there");
        }
        assertThat(path).exists();
        try (Listener _ = listen();
                SocketChannel client = connect()) {
            assertThat(ask(client, "new")).isEqualTo("unix new");
        }
    }

    @Test
    void leavesWhatIsNoSocketAlone() throws IOException {
        Files.writeString(path, "precious");
        assertThatThrownBy(this::listen).hasMessageEndingWith("there is something else than a socket");
        assertThat(path).hasContent("precious");
        Path target = dir.resolve("target");
        Files.move(path, target);
        Files.createSymbolicLink(path, target);
        assertThatThrownBy(this::listen).hasMessageEndingWith("there is something else than a socket");
        assertThat(target).hasContent("precious");
    }

    @Test
    void saysThatTheFolderIsMissing() {
        path = dir.resolve("none/milter.sock");
        assertThatThrownBy(this::listen).hasMessageEndingWith("No such file or directory");
    }

    @Test
    void removesItsSocketWhenItStopsAndLetsSessionsEnd() throws IOException {
        Listener listener = listen();
        try (SocketChannel client = connect()) {
            assertThat(ask(client, "here")).isEqualTo("unix here");
            listener.windDown();
            assertThat(Files.exists(path, LinkOption.NOFOLLOW_LINKS)).isFalse();
            assertThatThrownBy(() -> line(client)).isInstanceOf(EOFException.class);
            listener.await(Duration.ofSeconds(10));
        }
        assertThat(observer.defects()).isEmpty();
    }

    @Test
    void leavesTheSocketOfItsSuccessor() throws IOException {
        Listener old = listen();
        Files.delete(path);
        try (Listener _ = listen()) {
            old.close();
            try (SocketChannel client = connect()) {
                assertThat(ask(client, "successor")).isEqualTo("unix successor");
            }
        }
    }

    @Test
    void endsReadsThatAreOverdue() throws Exception {
        CompletableFuture<Exception> end = new CompletableFuture<>();
        SessionHandler impatient = connection -> {
            connection.lastReadTimeout(Duration.ofMillis(10));
            try {
                connection.in().read();
                end.completeExceptionally(new AssertionError("read something"));
            } catch (IOException e) {
                end.complete(e);
            }
        };
        try (Listener _ = listen(SocketAccess.STANDARD, 1, impatient);
                SocketChannel _ = connect()) {
            assertThat(end.get()).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void readsAddresses() {
        assertThat(ListenAddress.parse("unix:/run/posthorn/milter.sock", 8891))
                .isEqualTo(ListenAddress.parse("local:/run/posthorn/milter.sock", 8891))
                .hasToString("unix:/run/posthorn/milter.sock");
        assertThat(ListenAddress.parse("127.0.0.1", 8891)).hasToString("/127.0.0.1:8891");
        for (String wrong :
                new String[] {"unix:relative", "unix:/", "unix:", "local:/\0", "/run/x", "unix:/" + "x".repeat(103)}) {
            assertThatThrownBy(() -> ListenAddress.parse(wrong, 8891))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(ListenAddress.parse("unix:/" + "x".repeat(102), 8891)).isNotNull();
        for (String wrong : new String[] {"", "66", "888", "07770", "rw"}) {
            assertThatThrownBy(() -> SocketAccess.permissions(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
