package org.posthorn.admin.http;

import java.io.IOException;
import java.util.List;
import org.posthorn.admin.AdminApi;
import org.posthorn.admin.AdminException;
import org.posthorn.admin.DkimAdmin;
import org.posthorn.admin.DomainAdmin;
import org.posthorn.json.JsonObject;
import org.posthorn.mail.Domain;

/** {@code /v1/domains}: the domains that mail is received for, and below each its keys. */
final class DomainResource implements Resource {
    private final AdminApi admin;
    private final DkimResource keys;

    DomainResource(AdminApi admin) {
        this.admin = admin;
        this.keys = new DkimResource(admin);
    }

    @Override
    public void serve(AdminExchange exchange) throws AdminException, IOException {
        List<String> path = exchange.path();
        if (path.isEmpty()) {
            all(exchange);
        } else if (path.size() == 1) {
            one(exchange, Domain.parse(path.getFirst()));
        } else if (path.get(1).equals("dkim-keys")) {
            keys.serve(exchange, Domain.parse(path.getFirst()), path.subList(2, path.size()));
        } else {
            throw exchange.notFound();
        }
    }

    private void all(AdminExchange exchange) throws AdminException, IOException {
        switch (exchange.method()) {
            case "GET" -> {
                DomainAdmin domains = admin.domains();
                exchange.<DomainAdmin.DomainEntry>list(
                        "domains",
                        DirectoryJson::of,
                        each -> JsonObject.builder()
                                .put("total", domains.list(each))
                                .build());
            }
            case "POST" -> {
                Domain domain = Domain.parse(AdminJson.text(exchange.body(), "domain"));
                List<DkimAdmin.Key> made = admin.domains().add(domain);
                exchange.created(DkimJson.of(made).put("domain", domain.name()).build(), "domains", domain.name());
            }
            default -> throw exchange.notAllowed("GET, HEAD, POST");
        }
    }

    private void one(AdminExchange exchange, Domain domain) throws AdminException, IOException {
        switch (exchange.method()) {
            case "GET" -> exchange.answer(DirectoryJson.of(admin.domains().show(domain)));
            case "DELETE" -> {
                admin.domains().remove(domain);
                exchange.done();
            }
            default -> throw exchange.notAllowed("GET, HEAD, DELETE");
        }
    }
}
