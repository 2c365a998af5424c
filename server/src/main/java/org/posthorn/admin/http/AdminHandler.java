package org.posthorn.admin.http;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.posthorn.admin.AdminApi;
import org.posthorn.admin.AdminException;
import org.posthorn.admin.QueueAdmin;
import org.posthorn.json.Json;
import org.posthorn.json.JsonArray;
import org.posthorn.json.JsonObject;
import org.posthorn.json.MalformedJsonException;
import org.posthorn.server.http.BadRequestException;
import org.posthorn.server.http.Exchange;
import org.posthorn.server.http.HttpHandler;

/**
 * Administration as resources below {@code /v1}: JSON in, JSON out, and what cannot be done as a problem of RFC 9457. Everybody who
 * reaches it may do everything: it stands on the Unix socket only, which is its owner's. Thread-safe; {@value #MAX_CONCURRENT} requests
 * are worked on at once, more wait for {@link #WAIT}.
 */
public final class AdminHandler implements HttpHandler {
    private static final int MAX_CONCURRENT = 16;
    private static final Duration WAIT = Duration.ofSeconds(30);
    /** Octets of a request, such as the ids that xargs puts on one command line. */
    private static final int MAX_REQUEST = 4 << 20;

    private static final String JSON = "application/json";
    private static final int LISTED = 1000;

    private final AdminApi admin;
    private final HttpHandler status;
    private final Semaphore slots = new Semaphore(MAX_CONCURRENT);
    private final Duration wait;

    /** @param status answers what is not below {@code /v1} */
    public AdminHandler(AdminApi admin, HttpHandler status) {
        this(admin, status, WAIT);
    }

    AdminHandler(AdminApi admin, HttpHandler status, Duration wait) {
        this.admin = admin;
        this.status = status;
        this.wait = wait;
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        List<String> path;
        try {
            path = exchange.segments();
        } catch (BadRequestException e) {
            problem(exchange, e.status(), String.valueOf(e.getMessage()));
            return;
        }
        if (!path.getFirst().equals("v1")) {
            status.handle(exchange);
            return;
        }
        if (!acquired()) {
            exchange.set("Retry-After", "30");
            problem(exchange, 503, MAX_CONCURRENT + " requests are being worked on; try again");
            return;
        }
        try {
            resource(exchange, path.subList(1, path.size()));
        } catch (AdminException e) {
            problem(exchange, status(e.kind()), e.text());
        } catch (BadRequestException e) {
            problem(exchange, e.status(), String.valueOf(e.getMessage()));
        } catch (MalformedJsonException e) {
            problem(exchange, 400, String.valueOf(e.getMessage()));
        } finally {
            slots.release();
        }
    }

    private boolean acquired() {
        try {
            return slots.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static int status(AdminException.Kind kind) {
        return switch (kind) {
            case INVALID -> 400;
            case NOT_FOUND -> 404;
            case CONFLICT -> 409;
            case FAILED -> 500;
            case BUSY -> 503;
        };
    }

    /** RFC 9457; the type is {@code about:blank}, and the status says the kind. */
    private static void problem(Exchange exchange, int status, String detail) throws IOException {
        JsonObject problem =
                JsonObject.builder().put("status", status).put("detail", detail).build();
        exchange.answer(status, "application/problem+json", problem + "\n");
    }

    private void resource(Exchange exchange, List<String> path) throws AdminException, IOException {
        switch (String.join("/", path)) {
            case "reload" -> {
                only(exchange, "POST");
                answer(
                        exchange,
                        200,
                        JsonObject.builder()
                                .put("remarks", JsonArray.ofTexts(admin.reload()))
                                .build());
            }
            case "commands" -> {
                only(exchange, "POST");
                answer(exchange, 200, AdminJson.of(admin.run(AdminJson.texts(body(exchange), "words"))));
            }
            case "queue" -> {
                only(exchange, "GET");
                list(exchange);
            }
            case "queue/changes" -> {
                only(exchange, "POST");
                JsonObject json = body(exchange);
                answer(
                        exchange,
                        200,
                        AdminJson.of(admin.queue().change(AdminJson.change(json), AdminJson.selection(json))));
            }
            default -> {
                if (path.size() != 2 || !path.getFirst().equals("queue")) {
                    throw new BadRequestException(404, "there is no " + exchange.path());
                }
                only(exchange, "GET");
                answer(exchange, 200, AdminJson.of(admin.queue().show(path.get(1))));
            }
        }
    }

    private static void only(Exchange exchange, String method) {
        boolean allowed =
                method.equals("GET") ? exchange.reads() : exchange.method().equals(method);
        if (!allowed) {
            String methods = method.equals("GET") ? "GET, HEAD" : method;
            exchange.set("Allow", methods);
            throw new BadRequestException(405, exchange.path() + " takes " + methods);
        }
    }

    private static JsonObject body(Exchange exchange) throws IOException {
        return Json.readObject(new String(exchange.body(MAX_REQUEST), StandardCharsets.UTF_8));
    }

    private static void answer(Exchange exchange, int status, JsonObject json) throws IOException {
        exchange.answer(status, JSON, json + "\n");
    }

    /** One message after the other, so that it may be a long queue; how many there are comes last. */
    private void list(Exchange exchange) throws AdminException, IOException {
        String filter = exchange.parameter("filter").orElse("");
        int limit = limit(exchange.parameter("limit").orElse(String.valueOf(LISTED)));
        if (limit < 1) {
            throw new BadRequestException(400, "limit is a number from 1 on, or \"all\"");
        }
        QueueAdmin queue = admin.queue();
        try {
            // Closed where all went well only, so that the client notices an answer that breaks off.
            OutputStream out = exchange.stream(200, JSON);
            out.write("{\"messages\":[".getBytes(StandardCharsets.UTF_8));
            String[] separator = {"\n"};
            int total = queue.list(filter, limit, message -> {
                write(out, separator[0] + AdminJson.of(message));
                separator[0] = ",\n";
            });
            write(out, "],\"total\":" + total + "}\n");
            out.close();
        } catch (UncheckedIOException e) {
            throw new IOException("the client does not take the answer", e);
        }
    }

    private static void write(OutputStream out, String text) {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** 0 for what is no number. */
    private static int limit(String text) {
        try {
            return text.equals("all") ? Integer.MAX_VALUE : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
