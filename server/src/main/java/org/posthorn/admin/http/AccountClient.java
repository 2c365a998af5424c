package org.posthorn.admin.http;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.posthorn.admin.AccountAdmin;
import org.posthorn.admin.AdminException;
import org.posthorn.json.JsonObject;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;

/** The other end of {@link AccountResource}. */
record AccountClient(AdminCalls calls) implements AccountAdmin {
    private static final String ACCOUNTS = "/v1/accounts";

    /** The part of a target that asks for a list of one domain, or of all. */
    static String of(Optional<Domain> domain) {
        return domain.map(name -> "?domain=" + AdminExchange.encoded(name.name()))
                .orElse("");
    }

    private static String target(Address account) {
        return ACCOUNTS + "/" + AdminExchange.encoded(account.toString());
    }

    @Override
    public int list(Optional<Domain> domain, Consumer<AccountEntry> each) throws AdminException, IOException {
        return AdminJson.count(
                calls.list(ACCOUNTS + of(domain), "accounts", account -> each.accept(DirectoryJson.account(account))),
                "total");
    }

    @Override
    public AccountEntry show(Address account) throws AdminException, IOException {
        return DirectoryJson.account(calls.get(target(account)));
    }

    @Override
    public Added add(Address account, String password) throws AdminException, IOException {
        return DirectoryJson.added(calls.post(
                ACCOUNTS,
                JsonObject.builder()
                        .put("address", account.toString())
                        .put("password", password)
                        .build()));
    }

    @Override
    public void changePassword(Address account, String password) throws AdminException, IOException {
        calls.ask(
                "PATCH",
                target(account),
                JsonObject.builder().put("password", password).build());
    }

    @Override
    public Removed remove(Address account) throws AdminException, IOException {
        return DirectoryJson.removed(calls.delete(target(account)));
    }
}
