package org.posthorn.admin.http;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.posthorn.admin.AdminApi;
import org.posthorn.admin.AdminException;
import org.posthorn.admin.AliasAdmin;
import org.posthorn.admin.Put;
import org.posthorn.json.JsonObject;
import org.posthorn.mail.Domain;

/** {@code /v1/aliases}: the addresses whose mail goes elsewhere, by their names; {@code @DOMAIN} is one. */
final class AliasResource implements Resource {
    private final AdminApi admin;

    AliasResource(AdminApi admin) {
        this.admin = admin;
    }

    @Override
    public void serve(AdminExchange exchange) throws AdminException, IOException {
        List<String> path = exchange.path();
        if (path.isEmpty()) {
            all(exchange);
        } else if (path.size() == 1) {
            one(exchange, path.getFirst());
        } else {
            throw exchange.notFound();
        }
    }

    private void all(AdminExchange exchange) throws AdminException, IOException {
        if (!exchange.method().equals("GET")) {
            throw exchange.notAllowed("GET, HEAD");
        }
        AliasAdmin aliases = admin.aliases();
        Optional<Domain> domain = exchange.domain();
        exchange.<AliasAdmin.AliasEntry>list(
                "aliases",
                DirectoryJson::of,
                each -> JsonObject.builder()
                        .put("total", aliases.list(domain, each))
                        .build());
    }

    private void one(AdminExchange exchange, String name) throws AdminException, IOException {
        switch (exchange.method()) {
            case "GET" -> exchange.answer(DirectoryJson.of(admin.aliases().show(name)));
            case "PUT" -> {
                Put<AliasAdmin.AliasEntry> put = admin.aliases()
                        .put(new AliasAdmin.AliasEntry(name, AdminJson.addresses(exchange.body(), "targets")));
                JsonObject alias = DirectoryJson.of(put.value());
                if (put.created()) {
                    exchange.created(alias, "aliases", put.value().name());
                } else {
                    exchange.answer(alias);
                }
            }
            case "DELETE" -> {
                admin.aliases().remove(name);
                exchange.done();
            }
            default -> throw exchange.notAllowed("GET, HEAD, PUT, DELETE");
        }
    }
}
