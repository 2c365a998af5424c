package org.posthorn.admin.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.posthorn.log.MailLog;
import org.posthorn.net.ListenAddress;
import org.posthorn.server.http.HttpServer;

/** The web port for monitoring, as HTTP. */
class StatusHandlerTest {
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final HttpClient client = HttpClient.newHttpClient();
    private HttpServer server;
    private List<String> faults = List.of();

    @BeforeEach
    void start() throws IOException {
        server = start(ANY_PORT);
    }

    private HttpServer start(InetSocketAddress address) throws IOException {
        StatusHandler status =
                new StatusHandler(() -> faults, out -> out.write("up 1\n".getBytes(StandardCharsets.US_ASCII)));
        return HttpServer.start(List.of(new HttpServer.Site(new ListenAddress.Tcp(address), status)), MailLog.none());
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        client.close();
    }

    private HttpResponse<String> ask(String method, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
        return client.send(
                HttpRequest.newBuilder(uri)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @Test
    void answersInPlainText() throws Exception {
        HttpResponse<String> well = ask("GET", "/healthz");
        assertThat(well.statusCode()).isEqualTo(200);
        assertThat(well.body()).isEqualTo("ok\n");
        assertThat(header(well, "Content-Type")).isEqualTo("text/plain; charset=utf-8");
        faults = List.of("one", "two");
        assertThat(ask("GET", "/healthz").body()).isEqualTo("one\ntwo\n");
        HttpResponse<String> metrics = ask("GET", "/metrics");
        assertThat(metrics.body()).isEqualTo("up 1\n");
        assertThat(header(metrics, "Content-Type")).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(ask("GET", "/").body()).isEqualTo("not here; try /healthz or /metrics\n");
    }

    /** RFC 9110 9.3.2. */
    @Test
    void headHasNoBody() throws Exception {
        HttpResponse<String> head = ask("HEAD", "/healthz");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        faults = List.of("one");
        assertThat(ask("HEAD", "/healthz").statusCode()).isEqualTo(503);
        assertThat(ask("HEAD", "/metrics").statusCode()).isEqualTo(200);
    }

    /** RFC 9110 15.5.6. */
    @Test
    void nothingIsChanged() throws Exception {
        for (String path : List.of("/healthz", "/metrics", "/")) {
            for (String method : List.of("POST", "DELETE")) {
                HttpResponse<String> refused = ask(method, path);
                assertThat(refused.statusCode()).isEqualTo(405);
                assertThat(refused.body()).isEmpty();
                assertThat(header(refused, "Allow")).isEqualTo("GET, HEAD");
            }
        }
    }

    @Test
    void leavesItsPortWhenItIsClosed() throws Exception {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
        server.close();
        server = start(address);
        assertThat(ask("GET", "/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void saysWhichPortItCannotHave() throws IOException {
        InetSocketAddress taken = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
        assertThatIOException()
                .isThrownBy(() -> start(taken))
                .withMessageStartingWith("cannot listen on " + taken + " for http: ");
        InetSocketAddress nowhere = InetSocketAddress.createUnresolved("nowhere.invalid", 80);
        assertThatIOException()
                .isThrownBy(() -> start(nowhere))
                .withMessageEndingWith("for http: \"nowhere.invalid\" does not resolve to an address");
        assertThatIOException()
                .isThrownBy(() -> start(InetSocketAddress.createUnresolved("127.0.0.1", server.port())))
                .withMessageContaining("already in use");
    }
}
