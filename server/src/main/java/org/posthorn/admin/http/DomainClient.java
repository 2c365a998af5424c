package org.posthorn.admin.http;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.posthorn.admin.AdminException;
import org.posthorn.admin.DkimAdmin;
import org.posthorn.admin.DomainAdmin;
import org.posthorn.json.JsonObject;
import org.posthorn.mail.Domain;

/** The other end of {@link DomainResource}. */
record DomainClient(AdminCalls calls) implements DomainAdmin {
    private static final String DOMAINS = "/v1/domains";

    @Override
    public int list(Consumer<DomainEntry> each) throws AdminException, IOException {
        return AdminJson.count(
                calls.list(DOMAINS, "domains", domain -> each.accept(DirectoryJson.domain(domain))), "total");
    }

    private static String target(Domain domain) {
        return DOMAINS + "/" + AdminExchange.encoded(domain.name());
    }

    @Override
    public DomainEntry show(Domain domain) throws AdminException, IOException {
        return DirectoryJson.domain(calls.get(target(domain)));
    }

    @Override
    public List<DkimAdmin.Key> add(Domain domain) throws AdminException, IOException {
        return DkimJson.keys(calls.post(
                DOMAINS, JsonObject.builder().put("domain", domain.name()).build()));
    }

    @Override
    public void remove(Domain domain) throws AdminException, IOException {
        calls.delete(target(domain));
    }
}
