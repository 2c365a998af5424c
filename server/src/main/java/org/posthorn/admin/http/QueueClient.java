package org.posthorn.admin.http;

import java.io.IOException;
import java.util.function.Consumer;
import org.posthorn.admin.AdminException;
import org.posthorn.admin.QueueAdmin;

/** The other end of {@link QueueResource}. */
record QueueClient(AdminCalls calls) implements QueueAdmin {
    @Override
    public int list(String filter, int limit, Consumer<Message> each) throws AdminException, IOException {
        String query = "?filter=" + AdminExchange.encoded(filter) + "&limit=" + limit;
        return AdminJson.count(
                calls.list("/v1/queue" + query, "messages", message -> each.accept(QueueJson.message(message))),
                "total");
    }

    @Override
    public Details show(String id) throws AdminException, IOException {
        return QueueJson.details(calls.get("/v1/queue/" + AdminExchange.encoded(id)));
    }

    @Override
    public Changed change(Change change, Selection selection) throws AdminException, IOException {
        return QueueJson.changed(calls.post("/v1/queue/changes", QueueJson.of(change, selection)));
    }
}
