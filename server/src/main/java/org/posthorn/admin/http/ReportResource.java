package org.posthorn.admin.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import org.posthorn.admin.AdminApi;
import org.posthorn.admin.AdminException;
import org.posthorn.admin.ReportAdmin;
import org.posthorn.json.JsonArray;
import org.posthorn.json.JsonObject;
import org.posthorn.server.http.BadRequestException;

/** {@code /v1/reports}: reports of others about our mail, and ours to them. */
final class ReportResource implements Resource {
    private static final String DAYS = "30";

    private final AdminApi admin;

    ReportResource(AdminApi admin) {
        this.admin = admin;
    }

    @Override
    public void serve(AdminExchange exchange) throws AdminException, IOException {
        List<String> path = exchange.path();
        if (path.isEmpty()) {
            take(exchange);
        } else if (path.size() == 1) {
            show(exchange, kind(exchange));
        } else if (path.size() == 2 && path.get(1).equals("sending")) {
            send(exchange, kind(exchange));
        } else {
            throw exchange.notFound();
        }
    }

    private static ReportAdmin.Kind kind(AdminExchange exchange) {
        return Arrays.stream(ReportAdmin.Kind.values())
                .filter(kind -> kind.word().equals(exchange.path().getFirst()))
                .findFirst()
                .orElseThrow(exchange::notFound);
    }

    /** The body is the file as it is, whatever its type says. */
    private void take(AdminExchange exchange) throws AdminException, IOException {
        if (!exchange.method().equals("POST")) {
            throw exchange.notAllowed("POST");
        }
        try (InputStream file = exchange.octets()) {
            exchange.answer(ReportJson.of(admin.reports().take(file)));
        }
    }

    private void show(AdminExchange exchange, ReportAdmin.Kind kind) throws AdminException, IOException {
        if (!exchange.method().equals("GET")) {
            throw exchange.notAllowed("GET, HEAD");
        }
        ReportAdmin.Query query = new ReportAdmin.Query(
                kind,
                exchange.parameter("domain"),
                days(exchange.parameter("days").orElse(DAYS)));
        ReportAdmin reports = admin.reports();
        if (exchange.wantsText()) {
            exchange.lines(each -> {
                reports.describe(query, each);
                return JsonObject.builder().build();
            });
        } else {
            exchange.<JsonObject>list(
                    "domains",
                    domain -> domain,
                    each -> JsonObject.builder()
                            .put("complete", reports.summarize(query, each))
                            .build());
        }
    }

    private static int days(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new BadRequestException(400, "not a number of days: " + text);
        }
    }

    private void send(AdminExchange exchange, ReportAdmin.Kind kind) throws AdminException, IOException {
        if (!exchange.method().equals("POST")) {
            throw exchange.notAllowed("POST");
        }
        List<String> lines = admin.reports().send(kind, ReportJson.day(exchange.body()));
        exchange.answer(
                JsonObject.builder().put("lines", JsonArray.ofTexts(lines)).build());
    }
}
