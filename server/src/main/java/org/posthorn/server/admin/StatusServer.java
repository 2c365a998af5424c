package org.posthorn.server.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.posthorn.net.BindTrouble;

/**
 * The web port for monitoring: {@code GET /healthz} answers 200 and {@code ok}, or 503 and one line for each thing that is wrong;
 * {@code GET /metrics} is in the Prometheus text format. Nothing can be changed through it. Thread-safe.
 */
public final class StatusServer implements Closeable {
    /** Writes the metrics in the Prometheus text format. */
    @FunctionalInterface
    public interface MetricsText {
        void writeTo(OutputStream out) throws IOException;
    }

    private static final int BACKLOG = 50;

    private final HttpServer server;

    private StatusServer(HttpServer server) {
        this.server = server;
    }

    /**
     * Binds and answers.
     *
     * @param faults what is wrong at present, a line each; empty when all is well
     */
    public static StatusServer start(InetSocketAddress address, Supplier<List<String>> faults, MetricsText metrics)
            throws IOException {
        HttpServer server;
        try {
            InetSocketAddress known = address.isUnresolved()
                    ? new InetSocketAddress(address.getHostString(), address.getPort())
                    : address;
            if (known.isUnresolved()) {
                throw new IOException("\"" + address.getHostString() + "\" does not resolve to an address");
            }
            server = HttpServer.create(known, BACKLOG);
        } catch (IOException e) {
            throw new IOException("cannot listen on " + address + " for http: " + BindTrouble.words(e), e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/healthz", exchange -> health(exchange, faults.get()));
        server.createContext("/metrics", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            try (exchange) {
                if (allowed(exchange)) {
                    exchange.sendResponseHeaders(200, isHead(exchange) ? -1 : 0);
                    if (!isHead(exchange)) {
                        metrics.writeTo(exchange.getResponseBody());
                    }
                }
            }
        });
        server.createContext("/", exchange -> answer(exchange, 404, "not here; try /healthz or /metrics\n"));
        server.start();
        return new StatusServer(server);
    }

    public int port() {
        return server.getAddress().getPort();
    }

    private static void health(HttpExchange exchange, List<String> faults) throws IOException {
        if (faults.isEmpty()) {
            answer(exchange, 200, "ok\n");
        } else {
            answer(exchange, 503, String.join("\n", faults) + "\n");
        }
    }

    private static void answer(HttpExchange exchange, int code, String text) throws IOException {
        try (exchange) {
            if (allowed(exchange)) {
                byte[] body = text.getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
                boolean head = isHead(exchange);
                exchange.sendResponseHeaders(code, head ? -1 : body.length);
                if (!head) {
                    exchange.getResponseBody().write(body);
                }
            }
        }
    }

    private static boolean isHead(HttpExchange exchange) {
        return exchange.getRequestMethod().equals("HEAD");
    }

    private static boolean allowed(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        if (method.equals("GET") || method.equals("HEAD")) {
            return true;
        }
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        exchange.sendResponseHeaders(405, -1);
        return false;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
