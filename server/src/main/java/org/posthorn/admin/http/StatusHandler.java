package org.posthorn.admin.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Supplier;
import org.posthorn.server.http.Exchange;
import org.posthorn.server.http.HttpHandler;

/**
 * What monitoring sees: {@code GET /healthz} answers 200 and {@code ok}, or 503 and one line for each thing that is wrong;
 * {@code GET /metrics} is in the Prometheus text format. Nothing can be changed through it. Thread-safe.
 */
public final class StatusHandler implements HttpHandler {
    /** Writes the metrics in the Prometheus text format. */
    @FunctionalInterface
    public interface MetricsText {
        void writeTo(OutputStream out) throws IOException;
    }

    private static final String TEXT = "text/plain; charset=utf-8";

    private final Supplier<List<String>> faults;
    private final MetricsText metrics;

    /** @param faults what is wrong at present, a line each; empty when all is well */
    public StatusHandler(Supplier<List<String>> faults, MetricsText metrics) {
        this.faults = faults;
        this.metrics = metrics;
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        if (!exchange.reads()) {
            exchange.set("Allow", "GET, HEAD");
            exchange.answer(405);
            return;
        }
        switch (exchange.path()) {
            case "/healthz" -> health(exchange, faults.get());
            case "/metrics" -> {
                OutputStream out = exchange.stream(200, "text/plain; version=0.0.4; charset=utf-8");
                metrics.writeTo(out);
                out.close();
            }
            default -> exchange.answer(404, TEXT, "not here; try /healthz or /metrics\n");
        }
    }

    private static void health(Exchange exchange, List<String> faults) throws IOException {
        if (faults.isEmpty()) {
            exchange.answer(200, TEXT, "ok\n");
        } else {
            exchange.answer(503, TEXT, String.join("\n", faults) + "\n");
        }
    }
}
