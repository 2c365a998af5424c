package org.posthorn.admin.http;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.posthorn.admin.AdminException;
import org.posthorn.admin.DkimAdmin;
import org.posthorn.admin.Put;
import org.posthorn.json.JsonObject;
import org.posthorn.mail.Domain;

/** The other end of {@link DkimResource}. */
record DkimClient(AdminCalls calls) implements DkimAdmin {
    private static String target(Domain domain) {
        return "/v1/domains/" + AdminExchange.encoded(domain.name()) + "/dkim-keys";
    }

    private static String target(Domain domain, String selector) {
        return target(domain) + "/" + AdminExchange.encoded(selector);
    }

    private static JsonObject state(String state) {
        return JsonObject.builder().put("state", state).build();
    }

    @Override
    public List<Key> keys(Domain domain) throws AdminException, IOException {
        return DkimJson.keys(calls.get(target(domain)));
    }

    @Override
    public List<Key> rotate(Domain domain) throws AdminException, IOException {
        return DkimJson.keys(calls.post(target(domain), JsonObject.builder().build()));
    }

    @Override
    public List<String> activate(Domain domain, Optional<String> selector) throws AdminException, IOException {
        JsonObject active = state("active");
        if (selector.isPresent()) {
            return List.of(AdminJson.text(
                    calls.ask("PATCH", target(domain, selector.get()), active).json(), "selector"));
        }
        return AdminJson.texts(calls.ask("PATCH", target(domain), active).json(), "selectors");
    }

    @Override
    public void retire(Domain domain, String selector) throws AdminException, IOException {
        calls.ask("PATCH", target(domain, selector), state("retired"));
    }

    @Override
    public Put<Key> adopt(Domain domain, String selector, String pem) throws AdminException, IOException {
        AdminCalls.Reply reply = calls.ask(
                "PUT",
                target(domain, selector),
                JsonObject.builder().put("privateKey", pem).build());
        return new Put<>(DkimJson.key(reply.json()), reply.created());
    }
}
