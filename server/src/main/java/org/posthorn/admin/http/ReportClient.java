package org.posthorn.admin.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.posthorn.admin.AdminException;
import org.posthorn.admin.ReportAdmin;
import org.posthorn.json.JsonObject;

/** The other end of {@link ReportResource}. */
record ReportClient(AdminCalls calls) implements ReportAdmin {
    private static final String REPORTS = "/v1/reports";

    private static String target(Query query) {
        return REPORTS + "/" + query.kind().word() + "?days=" + query.days()
                + query.domain()
                        .map(domain -> "&domain=" + AdminExchange.encoded(domain))
                        .orElse("");
    }

    @Override
    public void describe(Query query, Consumer<String> line) throws AdminException, IOException {
        calls.lines(target(query), line);
    }

    @Override
    public boolean summarize(Query query, Consumer<JsonObject> domain) throws AdminException, IOException {
        return calls.list(target(query), "domains", value -> domain.accept(AdminJson.object(value)))
                .isTrue("complete");
    }

    @Override
    public List<Taken> take(InputStream file) throws AdminException, IOException {
        return ReportJson.taken(calls.post(REPORTS, file));
    }

    @Override
    public List<String> send(Kind kind, Optional<LocalDate> day) throws AdminException, IOException {
        return AdminJson.texts(calls.post(REPORTS + "/" + kind.word() + "/sending", ReportJson.of(day)), "lines");
    }
}
