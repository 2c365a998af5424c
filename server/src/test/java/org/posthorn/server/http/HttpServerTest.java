package org.posthorn.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.log.MailLog;
import org.posthorn.net.ListenAddress;
import org.posthorn.testing.Eventually;
import org.posthorn.testing.RecordedLog;

/** HTTP on a Unix socket, octet by octet. */
class HttpServerTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    Path dir;

    private final RecordedLog log = new RecordedLog();
    private HttpServer server;

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private Path path() {
        return dir.resolve("http.sock");
    }

    private void start(Duration patience, HttpHandler handler) throws IOException {
        server = HttpServer.start(
                List.of(new HttpServer.Site(new ListenAddress.Unix(path()), handler)),
                log,
                new HttpTimes(patience, LONG));
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(path()));
    }

    private static void send(SocketChannel client, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
            client.write(bytes);
        }
    }

    /** All that comes up to the end of the connection. */
    private static String rest(SocketChannel client) throws IOException {
        try {
            return new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.UTF_8);
        } catch (SocketException e) {
            // Reset, where the server had not read everything.
            return "";
        }
    }

    private String ask(String request) throws IOException {
        try (SocketChannel client = connect()) {
            send(client, request);
            return rest(client);
        }
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
    }

    private static void hello(Exchange exchange) throws IOException {
        exchange.answer(200, "text/plain; charset=utf-8", "hello\n");
    }

    @Test
    void isOpenToItsOwnerOnlyAndGoneAfterwards() throws IOException {
        try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(path()));
        }
        assertThat(path()).as("left by a server that was killed").exists();
        start(LONG, HttpServerTest::hello);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .isEqualTo("rw-------");
        assertThat(dir).isDirectoryNotContaining("glob:**.new");
        assertThat(ask(get("/"))).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nhello\n");
        assertThat(server.alive()).isTrue();
        server.close();
        assertThat(path()).doesNotExist();
        assertThatIOException().isThrownBy(this::connect);
        assertThat(server.alive()).as("not missed").isTrue();
    }

    @Test
    void saysThatItCannotBeMade() throws IOException {
        start(LONG, HttpServerTest::hello);
        ListenAddress nowhere = new ListenAddress.Unix(dir.resolve("nowhere/http.sock"));
        assertThatIOException()
                .isThrownBy(() ->
                        HttpServer.start(List.of(new HttpServer.Site(nowhere, HttpServerTest::hello)), MailLog.none()))
                .withMessageStartingWith("cannot make the socket " + dir + "/nowhere/http.sock: ");
    }

    @Test
    void leavesAFileAlone() throws IOException {
        start(LONG, HttpServerTest::hello);
        Path note = Files.writeString(dir.resolve("note"), "mine");
        assertThatIOException()
                .isThrownBy(() -> HttpServer.start(
                        List.of(new HttpServer.Site(new ListenAddress.Unix(note), HttpServerTest::hello)),
                        MailLog.none()))
                .withMessage("cannot make the socket " + note + ": there is something else than a socket");
        assertThat(note).hasContent("mine");
    }

    /** As the documents say; what they do is shown with shorter ones. */
    @Test
    void tenSecondsForARequestAndFiveMinutesForAnAnswer() throws IOException {
        start(LONG, HttpServerTest::hello);
        assertThat(HttpTimes.STANDARD).isEqualTo(new HttpTimes(Duration.ofSeconds(10), Duration.ofMinutes(5)));
    }

    @Test
    void whoDoesNotTakeTheAnswerIsCut() throws Exception {
        AtomicBoolean cut = new AtomicBoolean();
        HttpHandler endless = exchange -> {
            OutputStream out = exchange.stream(200, "text/plain");
            try {
                while (true) {
                    out.write(new byte[64 << 10]);
                }
            } catch (IOException e) {
                cut.set(true);
                throw e;
            }
        };
        server = HttpServer.start(
                List.of(new HttpServer.Site(new ListenAddress.Unix(path()), endless)),
                log,
                new HttpTimes(LONG, Duration.ofMillis(300)));
        try (SocketChannel client = connect()) {
            send(client, get("/"));
            Eventually.await(cut::get);
        }
    }

    @Test
    void oneRequestAConnection() throws IOException {
        start(LONG, HttpServerTest::hello);
        assertThat(ask(get("/") + get("/"))).containsOnlyOnce("HTTP/1.1 ").contains("Connection: close");
    }

    /** Whatever trickles in between. */
    @Test
    void cutsARequestThatDoesNotComeInTime() throws Exception {
        start(Duration.ofMillis(300), exchange -> {
            exchange.body(100);
            hello(exchange);
        });
        for (String begin : List.of("", "GET / HT", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n")) {
            try (SocketChannel client = connect()) {
                send(client, begin);
                Thread trickle = Thread.ofVirtual().start(() -> trickle(client));
                assertThat(rest(client)).as(begin).doesNotContain("hello");
                trickle.join();
            }
        }
        assertThat(ask(get("/"))).endsWith("hello\n");
    }

    private static void trickle(SocketChannel client) {
        try {
            while (true) {
                send(client, "x");
                Thread.sleep(50);
            }
        } catch (IOException | InterruptedException e) {
            // It was cut.
        }
    }

    @Test
    void aHandlerMayTakeItsTime() throws IOException {
        start(Duration.ofMillis(100), exchange -> {
            try {
                Thread.sleep(500);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            hello(exchange);
        });
        assertThat(ask(get("/"))).endsWith("hello\n");
    }

    @Test
    void refusesABodyThatIsTooLarge() throws IOException {
        start(LONG, exchange -> {
            byte[] body = exchange.body(100);
            exchange.answer(200, "text/plain", "got " + body.length);
        });
        String post = "POST / HTTP/1.1\r\nHost: x\r\n";
        assertThat(ask(post + "Content-Length: 100\r\n\r\n" + "x".repeat(100))).endsWith("got 100");
        assertThat(ask(post + "Content-Length: 101\r\n\r\n"))
                .startsWith("HTTP/1.1 413 ")
                .endsWith("the request has more than 100 octets\n");
        assertThat(ask(post + "Transfer-Encoding: chunked\r\n\r\n65\r\n" + "x".repeat(101) + "\r\n"))
                .startsWith("HTTP/1.1 413 ");
    }

    @Test
    void refusesAHeaderOf8KiB() throws IOException {
        start(LONG, HttpServerTest::hello);
        assertThat(ask("GET / HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(8192) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ");
    }

    @Test
    void survivesGarbage() throws IOException {
        start(LONG, HttpServerTest::hello);
        assertThat(ask("PH\0\1\177\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(ask(get("/"))).endsWith("hello\n");
    }

    @Test
    void aHandlerThatFailsIsAnsweredWithoutItsReasonAndLogged() throws IOException {
        start(LONG, _ -> {
            throw new IllegalStateException("secret");
        });
        assertThat(ask(get("/")))
                .startsWith("HTTP/1.1 500 ")
                .endsWith("internal error; the log has the cause\n")
                .doesNotContain("secret");
        assertThat(log.lines()).containsExactly("http : request-failed [] java.lang.IllegalStateException: secret");
    }

    /** RFC 9112 8: without the last chunk. */
    @Test
    void anAnswerThatBreaksOffIsNotWhole() throws IOException {
        start(LONG, exchange -> {
            OutputStream out = exchange.stream(200, "text/plain");
            out.write(new byte[100_000]);
            if (exchange.path().equals("/broken")) {
                throw new IllegalStateException("half way");
            }
            out.close();
        });
        assertThat(ask(get("/whole"))).contains("Transfer-Encoding: chunked").endsWith("\r\n0\r\n\r\n");
        assertThat(ask(get("/broken"))).startsWith("HTTP/1.1 200 ").doesNotEndWith("\r\n0\r\n\r\n");
        assertThat(ask("GET /whole HTTP/1.0\r\n\r\n")).doesNotContain("chunked");
    }

    @Test
    void readsThePathAndTheQuery() throws IOException {
        start(
                LONG,
                exchange -> exchange.answer(
                        200,
                        "text/plain; charset=utf-8",
                        exchange.segments() + " " + exchange.parameter("q").orElse("-")));
        assertThat(ask(get("/a%2Fb/c+d%C3%A4/?q=x%20y"))).endsWith("[a/b, c+dä] x y");
        assertThat(ask(get("/a/%zz"))).startsWith("HTTP/1.1 400 ");
    }

    /** 128 connections; who comes then waits for one of them to end. */
    @Test
    void moreConnectionsThan128Wait() throws Exception {
        start(LONG, HttpServerTest::hello);
        SocketChannel[] open = new SocketChannel[128];
        for (int i = 0; i < open.length; i++) {
            open[i] = connect();
            send(open[i], "GET / HTTP/1.1\r\n");
        }
        try (SocketChannel more = connect()) {
            send(more, get("/"));
            more.configureBlocking(false);
            Thread.sleep(300);
            assertThat(more.read(ByteBuffer.allocate(10))).as("not served").isZero();
            open[7].close();
            Eventually.await(() -> readable(more));
        }
        for (SocketChannel each : open) {
            each.close();
        }
    }

    private static boolean readable(SocketChannel client) {
        try {
            return client.read(ByteBuffer.allocate(10)) > 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void whoIsConnectedAtTheStopIsCut() throws IOException {
        start(LONG, HttpServerTest::hello);
        try (SocketChannel client = connect()) {
            send(client, "GET / HT");
            assertThat(ask(get("/"))).endsWith("hello\n");
            server.close();
            assertThat(rest(client)).isEmpty();
        }
    }

    private HttpServer.Site site(String name, HttpHandler handler) {
        return new HttpServer.Site(new ListenAddress.Unix(dir.resolve(name)), handler);
    }

    @Test
    void aChangeThatIsGivenUpLeavesAllAsItWas() throws IOException {
        start(LONG, HttpServerTest::hello);
        try (HttpServer.Change change = server.prepare(List.of(site("other.sock", HttpServerTest::hello)))) {
            assertThat(dir.resolve("other.sock")).as("ours already").exists();
            assertThat(change).isNotNull();
        }
        assertThat(dir.resolve("other.sock")).doesNotExist();
        assertThatIOException()
                .isThrownBy(() -> server.prepare(
                        List.of(site("other.sock", HttpServerTest::hello), site("no/where", HttpServerTest::hello))));
        assertThat(dir.resolve("other.sock")).as("nor one of two").doesNotExist();
        assertThat(ask(get("/"))).endsWith("hello\n");
        assertThat(server.alive()).isTrue();
    }

    @Test
    void answersWhoHasAskedWhereItListensNoMore() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch moved = new CountDownLatch(1);
        start(LONG, exchange -> {
            asked.countDown();
            try {
                moved.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            hello(exchange);
        });
        try (SocketChannel client = connect()) {
            send(client, get("/"));
            asked.await();
            server.prepare(List.of(site("other.sock", HttpServerTest::hello))).commit();
            assertThatIOException().isThrownBy(this::connect);
            try (SocketChannel other = SocketChannel.open(UnixDomainSocketAddress.of(dir.resolve("other.sock")))) {
                send(other, get("/"));
                assertThat(rest(other)).endsWith("hello\n");
            }
            moved.countDown();
            assertThat(rest(client)).endsWith("hello\n");
        }
        assertThat(server.alive()).isTrue();
    }
}
