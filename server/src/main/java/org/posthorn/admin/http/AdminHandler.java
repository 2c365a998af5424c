package org.posthorn.admin.http;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.posthorn.admin.AdminApi;
import org.posthorn.admin.AdminException;
import org.posthorn.json.JsonArray;
import org.posthorn.json.JsonObject;
import org.posthorn.json.MalformedJsonException;
import org.posthorn.mail.MalformedAddressException;
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

    private final Map<String, Resource> resources;
    private final HttpHandler status;
    private final Semaphore slots = new Semaphore(MAX_CONCURRENT);
    private final Duration wait;

    /** @param status answers what is not below {@code /v1} */
    public AdminHandler(AdminApi admin, HttpHandler status) {
        this(admin, status, WAIT);
    }

    AdminHandler(AdminApi admin, HttpHandler status, Duration wait) {
        this.status = status;
        this.wait = wait;
        this.resources = Map.of(
                "reload", exchange -> reload(admin, exchange),
                "queue", new QueueResource(admin),
                "domains", new DomainResource(admin),
                "accounts", new AccountResource(admin),
                "aliases", new AliasResource(admin),
                "reports", new ReportResource(admin));
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        List<String> path;
        try {
            path = exchange.segments();
        } catch (BadRequestException e) {
            new AdminExchange(exchange, List.of()).problem(Problem.of(e));
            return;
        }
        if (!path.getFirst().equals("v1")) {
            status.handle(exchange);
            return;
        }
        AdminExchange admin = new AdminExchange(exchange, path.subList(Math.min(2, path.size()), path.size()));
        if (!acquired()) {
            admin.set("Retry-After", "30");
            admin.problem(new Problem(Problem.Type.BUSY, MAX_CONCURRENT + " requests are being worked on; try again"));
            return;
        }
        try {
            Optional.ofNullable(path.size() < 2 ? null : resources.get(path.get(1)))
                    .orElseThrow(admin::notFound)
                    .serve(admin);
        } catch (AdminException e) {
            admin.problem(Problem.of(e));
        } catch (BadRequestException e) {
            admin.problem(Problem.of(e));
        } catch (MalformedJsonException e) {
            admin.problem(new Problem(Problem.Type.MALFORMED, String.valueOf(e.getMessage())));
        } catch (MalformedAddressException e) {
            admin.problem(new Problem(Problem.Type.INVALID, String.valueOf(e.getMessage())));
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

    private static void reload(AdminApi admin, AdminExchange exchange) throws AdminException, IOException {
        if (!exchange.path().isEmpty()) {
            throw exchange.notFound();
        }
        if (!exchange.method().equals("POST")) {
            throw exchange.notAllowed("POST");
        }
        exchange.answer(JsonObject.builder()
                .put("remarks", JsonArray.ofTexts(admin.reload()))
                .build());
    }
}
