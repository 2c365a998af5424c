package org.posthorn.admin.http;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.posthorn.admin.AdminException;
import org.posthorn.admin.AliasAdmin;
import org.posthorn.admin.Put;
import org.posthorn.json.JsonArray;
import org.posthorn.json.JsonObject;
import org.posthorn.mail.Domain;

/** The other end of {@link AliasResource}. */
record AliasClient(AdminCalls calls) implements AliasAdmin {
    private static final String ALIASES = "/v1/aliases";

    private static String target(String name) {
        return ALIASES + "/" + AdminExchange.encoded(name);
    }

    @Override
    public int list(Optional<Domain> domain, Consumer<AliasEntry> each) throws AdminException, IOException {
        return AdminJson.count(
                calls.list(
                        ALIASES + AccountClient.of(domain),
                        "aliases",
                        alias -> each.accept(DirectoryJson.alias(alias))),
                "total");
    }

    @Override
    public AliasEntry show(String name) throws AdminException, IOException {
        return DirectoryJson.alias(calls.get(target(name)));
    }

    @Override
    public Put<AliasEntry> put(AliasEntry alias) throws AdminException, IOException {
        AdminCalls.Reply reply = calls.ask(
                "PUT",
                target(alias.name()),
                JsonObject.builder()
                        .put("targets", JsonArray.ofTexts(AdminJson.texts(alias.targets())))
                        .build());
        return new Put<>(DirectoryJson.alias(reply.json()), reply.created());
    }

    @Override
    public void remove(String name) throws AdminException, IOException {
        calls.delete(target(name));
    }
}
