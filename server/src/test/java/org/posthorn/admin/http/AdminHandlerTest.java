package org.posthorn.admin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.admin.AdminApi;
import org.posthorn.admin.AdminException;
import org.posthorn.admin.QueueAdmin;
import org.posthorn.admin.QueueAlone;
import org.posthorn.json.Json;
import org.posthorn.json.JsonObject;
import org.posthorn.log.MailLog;
import org.posthorn.net.ListenAddress;
import org.posthorn.server.http.HttpServer;
import org.posthorn.testing.Eventually;

/** Administration over HTTP as its clients see it. */
class AdminHandlerTest implements QueueAdmin {
    private static final int MANY = 20_000;

    @TempDir
    Path dir;

    private final CountDownLatch letGo = new CountDownLatch(1);
    private final AtomicInteger holding = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        AdminApi admin = new QueueAlone(this::reload, this);
        StatusHandler status = new StatusHandler(List::of, out -> out.write('m'));
        server = HttpServer.start(
                List.of(new HttpServer.Site(
                        new ListenAddress.Unix(path()), new AdminHandler(admin, status, Duration.ofMillis(200)))),
                MailLog.none());
    }

    @AfterEach
    void stop() throws IOException {
        letGo.countDown();
        server.close();
    }

    private Path path() {
        return dir.resolve("admin.sock");
    }

    private List<String> reload() throws AdminException {
        holding.incrementAndGet();
        try {
            letGo.await();
        } catch (InterruptedException e) {
            throw new AdminException(AdminException.Kind.FAILED, "interrupted");
        }
        throw new AdminException(AdminException.Kind.CONFLICT, "nothing changed: älter");
    }

    @Override
    public int list(String filter, int limit, Consumer<Message> each) {
        if (filter.equals("broken")) {
            for (int i = 0; i < limit; i++) {
                each.accept(message(i));
            }
            throw new IllegalStateException("half way");
        }
        for (int i = 0; i < Math.min(limit, MANY); i++) {
            each.accept(message(i));
        }
        return MANY;
    }

    private static Message message(int number) {
        return new Message(
                "F0000000" + (1000 + number),
                Instant.parse("2026-03-01T10:20:30.123Z"),
                number,
                "deferred",
                "",
                List.of("ä\"@far.test", "b@far.test"),
                number % 2 == 0 ? Optional.empty() : Optional.of(Instant.EPOCH),
                "later");
    }

    @Override
    public Details show(String id) throws AdminException {
        if (id.equals("fault")) {
            throw new IllegalStateException("a fault of the program");
        }
        if (id.equals("F00000001007")) {
            return new Details(
                    message(7),
                    List.of(new Recipient(
                            "a/b@far.test", false, 3, Optional.of(Instant.EPOCH), Optional.of("4.0.0 x"))),
                    "Subject: x\r\n");
        }
        throw new AdminException(AdminException.Kind.NOT_FOUND, "no message " + id + " in the queue");
    }

    @Override
    public Changed change(Change change, Selection selection) {
        return new Changed(2, List.of(change.word() + " " + selection));
    }

    private String ask(String method, String target, String body) throws IOException {
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path()))) {
            byte[] content = body.getBytes(StandardCharsets.UTF_8);
            client.write(ByteBuffer.wrap(
                    (method + " " + target + " HTTP/1.0\r\nContent-Length: " + content.length + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII)));
            client.write(ByteBuffer.wrap(content));
            return new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** RFC 9457: status, media type and the problem itself. */
    private void assertProblem(String answer, int status, String detail) {
        String type = switch (status) {
            case 400 -> "malformed";
            case 404 -> "not-found";
            case 405 -> "method-not-allowed";
            case 409 -> "conflict";
            case 413 -> "too-large";
            case 503 -> "busy";
            default -> throw new AssertionError(status);
        };
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("Content-Type: application/problem+json");
        JsonObject problem = Json.readObject(answer.substring(answer.indexOf("\r\n\r\n") + 4));
        assertThat(problem.text("type")).contains("urn:posthorn:problem:" + type);
        assertThat(problem.text("title")).isPresent();
        assertThat(problem.integer("status")).contains((long) status);
        assertThat(problem.text("detail")).contains(detail);
    }

    private AdminApi client() {
        return AdminClient.of(path()).orElseThrow();
    }

    @Test
    void whatIsNotThereAndWhatCannotBeDoneWithIt() throws IOException {
        assertProblem(ask("GET", "/v1", ""), 404, "there is no /v1");
        assertProblem(ask("GET", "/v1/nothing", ""), 404, "there is no /v1/nothing");
        assertProblem(ask("POST", "/v1/commands", "{}"), 404, "there is no /v1/commands");
        assertProblem(ask("GET", "/v1/queue/F1/more", ""), 404, "there is no /v1/queue/F1/more");
        assertProblem(ask("POST", "/v1/queue/changes/more", ""), 404, "there is no /v1/queue/changes/more");
        assertProblem(ask("GET", "/v1/queue/F1", ""), 404, "no message F1 in the queue");
        String refused = ask("DELETE", "/v1/queue", "");
        assertProblem(refused, 405, "/v1/queue takes GET, HEAD");
        assertThat(refused).contains("Allow: GET, HEAD\r\n");
        assertThat(ask("GET", "/v1/reload", "")).startsWith("HTTP/1.1 405 ").contains("Allow: POST\r\n");
        assertThat(ask("GET", "/v1/%zz", "")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void monitoringIsThereToo() throws IOException {
        assertThat(ask("GET", "/healthz", "")).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\nok\n");
        assertThat(ask("GET", "/metrics", "")).endsWith("\r\n\r\nm");
    }

    @Test
    void aRequestHasFourMebibytesAtMost() throws IOException {
        String ids = "{\"change\":\"hold\",\"ids\":[\"" + "x".repeat((4 << 20) - 28) + "\"]}";
        assertThat(ids).hasSize(4 << 20);
        assertThat(ask("POST", "/v1/queue/changes", ids)).startsWith("HTTP/1.1 200 ");
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path()))) {
            client.write(ByteBuffer.wrap("POST /v1/queue/changes HTTP/1.0\r\nContent-Length: 4194305\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII)));
            assertProblem(
                    new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.UTF_8),
                    413,
                    "the request has more than 4194304 octets");
        }
    }

    @Test
    void refusesWhatIsNoRequest() throws IOException {
        assertProblem(ask("POST", "/v1/queue/changes", ""), 400, "not JSON: nothing there");
        assertProblem(ask("POST", "/v1/queue/changes", "{}"), 400, "\"change\" is missing");
        assertProblem(
                ask("POST", "/v1/queue/changes", "{\"change\":\"burn\"}"),
                400,
                "\"change\" is hold, release, delete or retry; not burn");
        for (String selection :
                List.of("", ",\"all\":false", ",\"all\":true,\"ids\":[]", ",\"ids\":[],\"sender\":\"a\"")) {
            assertProblem(
                    ask("POST", "/v1/queue/changes", "{\"change\":\"delete\"" + selection + "}"),
                    400,
                    "one of: \"ids\"; \"toDomain\", \"sender\" or both; \"destination\"; \"all\": true");
        }
        for (String limit : List.of("0", "-1", "many")) {
            assertProblem(ask("GET", "/v1/queue?limit=" + limit, ""), 400, "limit is a number from 1 on, or \"all\"");
        }
    }

    /** 16 at once; the next waits (here 200 ms) and is refused. Monitoring goes on. */
    @Test
    void worksOnSixteenRequestsAtOnce() throws Exception {
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            clients.add(Thread.ofVirtual().start(() -> {
                try {
                    ask("POST", "/v1/reload", "");
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        Eventually.await(() -> holding.get() == 16);
        String refused = ask("GET", "/v1/queue/F1", "");
        assertProblem(refused, 503, "16 requests are being worked on; try again");
        assertThat(refused).contains("Retry-After: 30\r\n");
        assertThat(ask("GET", "/healthz", "")).endsWith("ok\n");
        letGo.countDown();
        for (Thread client : clients) {
            client.join();
        }
        assertProblem(ask("GET", "/v1/queue/F1", ""), 404, "no message F1 in the queue");
        assertProblem(ask("POST", "/v1/reload", ""), 409, "nothing changed: älter");
    }

    @Test
    void aLongListIsStreamed() throws Exception {
        List<Message> got = new ArrayList<>();
        try (AdminApi admin = client()) {
            assertThat(admin.queue().list("", Integer.MAX_VALUE, got::add)).isEqualTo(20_000);
            assertThat(got).hasSize(20_000);
            assertThat(got.getFirst()).isEqualTo(message(0));
            assertThat(got.getLast()).isEqualTo(message(19_999));
            got.clear();
            assertThat(admin.queue().list("x y&z", 3, got::add)).isEqualTo(20_000);
            assertThat(got).containsExactly(message(0), message(1), message(2));
        }
        assertThat(ask("GET", "/v1/queue", ""))
                .contains("Content-Type: application/json")
                .endsWith("],\"total\":20000}\n");
    }

    @Test
    void aListThatBreaksOffIsNoList() throws IOException {
        try (AdminApi admin = client()) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> admin.queue().list("broken", MANY, _ -> {}));
            // Nothing of it was on its way yet.
            assertThatExceptionOfType(AdminException.class)
                    .isThrownBy(() -> admin.queue().list("broken", 1, _ -> {}))
                    .withMessage("internal error; the log has the cause");
        }
    }

    @Test
    void theClientSaysWhatTheServerSays() throws Exception {
        try (AdminApi admin = client()) {
            assertThat(admin.queue().show("F00000001007")).isEqualTo(show("F00000001007"));
            for (Selection selection : List.of(
                    new Selection.Ids(List.of("a", "b")),
                    new Selection.Matching(Optional.of("far.test"), Optional.empty()),
                    new Selection.Matching(Optional.empty(), Optional.of("<>")),
                    new Selection.Destination("far.test"),
                    new Selection.All())) {
                assertThat(admin.queue().change(Change.HOLD, selection))
                        .isEqualTo(new Changed(2, List.of("hold " + selection)));
            }
            assertThatExceptionOfType(AdminException.class)
                    .isThrownBy(() -> admin.queue().show("F/?#"))
                    .withMessage("no message F/?# in the queue")
                    .matches(e -> e.kind() == AdminException.Kind.NOT_FOUND);
            assertThatExceptionOfType(AdminException.class)
                    .isThrownBy(() -> admin.queue().show("fault"))
                    .withMessage("internal error; the log has the cause")
                    .matches(e -> e.kind() == AdminException.Kind.FAILED);
            letGo.countDown();
            assertThatExceptionOfType(AdminException.class)
                    .isThrownBy(admin::reload)
                    .withMessage("nothing changed: älter")
                    .matches(e -> e.kind() == AdminException.Kind.CONFLICT);
        }
        server.close();
        assertThat(AdminClient.of(path())).isEmpty();
    }
}
