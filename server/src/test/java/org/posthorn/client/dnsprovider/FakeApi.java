package org.posthorn.client.dnsprovider;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.posthorn.json.JsonArray;
import org.posthorn.json.JsonBoolean;
import org.posthorn.json.JsonNumber;
import org.posthorn.json.JsonObject;
import org.posthorn.json.JsonText;
import org.posthorn.json.JsonValue;
import org.posthorn.testing.Json;

/** An HTTP server on loopback that speaks JSON and wants a bearer token; subclasses know the API. */
public abstract class FakeApi implements AutoCloseable {
    public static final String TOKEN = "t0p-secret-token";

    /** A reply to be given in place of the right one. */
    record Trouble(int status, String retryAfter, String body) {}

    /** A status and what comes with it. */
    protected record Answer(int status, Object json) {}

    private final HttpServer server;
    final Deque<Trouble> troubles = new ConcurrentLinkedDeque<>();
    /** What was asked, as "METHOD path". */
    public final List<String> requests = new ArrayList<>();

    @SuppressWarnings("this-escape") // requests come only after a test has got its server
    protected FakeApi() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.start();
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private synchronized void serve(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        String path = exchange.getRequestURI().toString();
        byte[] body = exchange.getRequestBody().readAllBytes();
        requests.add(method + " " + path);
        Trouble trouble = troubles.poll();
        if (trouble != null) {
            if (!trouble.retryAfter().isEmpty()) {
                exchange.getResponseHeaders().set("Retry-After", trouble.retryAfter());
            }
            send(exchange, trouble.status(), trouble.body().getBytes(StandardCharsets.UTF_8));
        } else if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            Answer refused = unauthenticated();
            send(exchange, refused.status(), json(refused.json()));
        } else {
            Object request = body.length == 0 ? Map.of() : Json.read(new String(body, StandardCharsets.UTF_8));
            Answer answer = answer(method, path, request);
            send(exchange, answer.status(), json(answer.json()));
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (exchange) {
            exchange.getResponseBody().write(body);
        } catch (IOException e) {
            // The client has read as much as it wanted.
        }
    }

    private static byte[] json(Object value) {
        return value(value).toString().getBytes(StandardCharsets.UTF_8);
    }

    private static JsonValue value(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                JsonObject.Builder object = JsonObject.builder();
                map.forEach((name, member) -> object.put(String.valueOf(name), value(member)));
                yield object.build();
            }
            case List<?> list -> new JsonArray(list.stream().map(FakeApi::value).toList());
            case Number number -> JsonNumber.of(number.longValue());
            case Boolean truth -> new JsonBoolean(truth);
            default -> new JsonText(value.toString());
        };
    }

    protected abstract Answer unauthenticated();

    protected abstract Answer answer(String method, String path, Object request);

    @Override
    public void close() {
        server.stop(0);
    }
}
