package org.posthorn.admin.http;

import java.io.IOException;
import java.util.List;
import org.posthorn.admin.AdminApi;
import org.posthorn.admin.AdminException;
import org.posthorn.admin.QueueAdmin;
import org.posthorn.json.JsonObject;
import org.posthorn.server.http.BadRequestException;

/** {@code /v1/queue}: the messages on their way. */
final class QueueResource implements Resource {
    private static final int LISTED = 1000;

    private final AdminApi admin;

    QueueResource(AdminApi admin) {
        this.admin = admin;
    }

    @Override
    public void serve(AdminExchange exchange) throws AdminException, IOException {
        List<String> path = exchange.path();
        if (path.isEmpty()) {
            reads(exchange);
            list(exchange);
        } else if (path.equals(List.of("changes"))) {
            if (!exchange.method().equals("POST")) {
                throw exchange.notAllowed("POST");
            }
            JsonObject json = exchange.body();
            exchange.answer(QueueJson.of(admin.queue().change(QueueJson.change(json), QueueJson.selection(json))));
        } else if (path.size() == 1) {
            reads(exchange);
            exchange.answer(QueueJson.of(admin.queue().show(path.getFirst())));
        } else {
            throw exchange.notFound();
        }
    }

    private static void reads(AdminExchange exchange) {
        if (!exchange.method().equals("GET")) {
            throw exchange.notAllowed("GET, HEAD");
        }
    }

    private void list(AdminExchange exchange) throws AdminException, IOException {
        String filter = exchange.parameter("filter").orElse("");
        int limit = limit(exchange.parameter("limit").orElse(String.valueOf(LISTED)));
        if (limit < 1) {
            throw new BadRequestException(400, "limit is a number from 1 on, or \"all\"");
        }
        QueueAdmin queue = admin.queue();
        exchange.<QueueAdmin.Message>list(
                "messages",
                QueueJson::of,
                each -> JsonObject.builder()
                        .put("total", queue.list(filter, limit, each))
                        .build());
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
