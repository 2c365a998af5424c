package org.posthorn.admin.http;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.posthorn.admin.AdminApi;
import org.posthorn.admin.AdminException;
import org.posthorn.admin.DkimAdmin;
import org.posthorn.admin.Put;
import org.posthorn.json.JsonArray;
import org.posthorn.json.JsonObject;
import org.posthorn.json.MalformedJsonException;
import org.posthorn.mail.Domain;

/** {@code /v1/domains/DOMAIN/dkim-keys}: the keys that sign for a domain. */
final class DkimResource {
    private final AdminApi admin;

    DkimResource(AdminApi admin) {
        this.admin = admin;
    }

    /** @param path what follows {@code dkim-keys} */
    void serve(AdminExchange exchange, Domain domain, List<String> path) throws AdminException, IOException {
        if (path.isEmpty()) {
            all(exchange, domain);
        } else if (path.size() == 1) {
            one(exchange, domain, path.getFirst());
        } else {
            throw exchange.notFound();
        }
    }

    private void all(AdminExchange exchange, Domain domain) throws AdminException, IOException {
        switch (exchange.method()) {
            case "GET" -> exchange.answer(DkimJson.of(admin.dkim().keys(domain)).build());
            case "POST" ->
                exchange.created(
                        DkimJson.of(admin.dkim().rotate(domain)).build(), "domains", domain.name(), "dkim-keys");
            case "PATCH" -> {
                String state = AdminJson.text(exchange.body(), "state");
                if (!state.equals("active")) {
                    throw new MalformedJsonException("\"state\" of all that wait becomes active; not " + state);
                }
                List<String> selectors = admin.dkim().activate(domain, Optional.empty());
                exchange.answer(JsonObject.builder()
                        .put("selectors", JsonArray.ofTexts(selectors))
                        .build());
            }
            default -> throw exchange.notAllowed("GET, HEAD, POST, PATCH");
        }
    }

    private void one(AdminExchange exchange, Domain domain, String selector) throws AdminException, IOException {
        switch (exchange.method()) {
            case "GET" -> exchange.answer(DkimJson.of(key(domain, selector)));
            case "PUT" -> {
                String pem = AdminJson.text(exchange.body(), "privateKey");
                Put<DkimAdmin.Key> put = admin.dkim().adopt(domain, selector, pem);
                JsonObject key = DkimJson.of(put.value());
                if (put.created()) {
                    exchange.created(key, "domains", domain.name(), "dkim-keys", selector);
                } else {
                    exchange.answer(key);
                }
            }
            case "PATCH" -> {
                move(domain, selector, AdminJson.text(exchange.body(), "state"));
                exchange.answer(DkimJson.of(key(domain, selector)));
            }
            default -> throw exchange.notAllowed("GET, HEAD, PUT, PATCH");
        }
    }

    private DkimAdmin.Key key(Domain domain, String selector) throws AdminException, IOException {
        return admin.dkim().keys(domain).stream()
                .filter(key -> key.selector().equals(selector))
                .findFirst()
                .orElseThrow(() -> new AdminException(
                        AdminException.Kind.NOT_FOUND, "there is no key " + selector + " of " + domain));
    }

    private void move(Domain domain, String selector, String state) throws AdminException, IOException {
        switch (state) {
            case "active" -> admin.dkim().activate(domain, Optional.of(selector));
            case "retired" -> admin.dkim().retire(domain, selector);
            default -> throw new MalformedJsonException("\"state\" becomes active or retired; not " + state);
        }
    }
}
