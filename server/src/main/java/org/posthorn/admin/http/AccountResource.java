package org.posthorn.admin.http;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.posthorn.admin.AccountAdmin;
import org.posthorn.admin.AdminApi;
import org.posthorn.admin.AdminException;
import org.posthorn.json.JsonObject;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;

/** {@code /v1/accounts}: those who have a mailbox and a login. Passwords come in the body, and are in no answer. */
final class AccountResource implements Resource {
    private final AdminApi admin;

    AccountResource(AdminApi admin) {
        this.admin = admin;
    }

    @Override
    public void serve(AdminExchange exchange) throws AdminException, IOException {
        List<String> path = exchange.path();
        if (path.isEmpty()) {
            all(exchange);
        } else if (path.size() == 1) {
            one(exchange, Address.parse(path.getFirst()));
        } else {
            throw exchange.notFound();
        }
    }

    private void all(AdminExchange exchange) throws AdminException, IOException {
        switch (exchange.method()) {
            case "GET" -> {
                AccountAdmin accounts = admin.accounts();
                Optional<Domain> domain = exchange.domain();
                exchange.<AccountAdmin.AccountEntry>list(
                        "accounts",
                        DirectoryJson::of,
                        each -> JsonObject.builder()
                                .put("total", accounts.list(domain, each))
                                .build());
            }
            case "POST" -> {
                JsonObject json = exchange.body();
                Address address = Address.parse(AdminJson.text(json, "address"));
                AccountAdmin.Added added = admin.accounts().add(address, AdminJson.text(json, "password"));
                exchange.created(
                        DirectoryJson.of(added), "accounts", added.address().toString());
            }
            default -> throw exchange.notAllowed("GET, HEAD, POST");
        }
    }

    private void one(AdminExchange exchange, Address account) throws AdminException, IOException {
        switch (exchange.method()) {
            case "GET" -> exchange.answer(DirectoryJson.of(admin.accounts().show(account)));
            case "PATCH" -> {
                admin.accounts().changePassword(account, AdminJson.text(exchange.body(), "password"));
                exchange.done();
            }
            case "DELETE" -> exchange.answer(DirectoryJson.of(admin.accounts().remove(account)));
            default -> throw exchange.notAllowed("GET, HEAD, PATCH, DELETE");
        }
    }
}
