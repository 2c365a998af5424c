package org.posthorn.admin.http;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.posthorn.admin.AdminApi;
import org.posthorn.admin.AdminException;
import org.posthorn.admin.QueueAdmin;
import org.posthorn.json.Json;
import org.posthorn.json.JsonArray;
import org.posthorn.json.JsonObject;
import org.posthorn.json.MalformedJsonException;
import org.posthorn.server.admin.AdminReply;

/** Administration of a server that runs, through its Unix socket. Thread-safe. */
public final class AdminClient implements AdminApi, QueueAdmin {
    private final Path socket;

    private AdminClient(Path socket) {
        this.socket = socket;
    }

    /** A client, or nothing where no server listens. */
    public static Optional<AdminApi> of(Path socket) {
        try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return Optional.of(new AdminClient(socket));
        } catch (IOException e) {
            // Left by a server that was killed, or one that is stopping just now, or never there.
            return Optional.empty();
        }
    }

    private JsonObject ask(String method, String target, Optional<JsonObject> body) throws AdminException, IOException {
        try (HttpCall call = HttpCall.send(socket, method, target, body.map(JsonObject::toString))) {
            return read(call);
        } catch (MalformedJsonException e) {
            throw new IOException("the server's answer is not understood: " + e.getMessage(), e);
        }
    }

    private static JsonObject read(HttpCall call) throws AdminException, IOException {
        JsonObject json = Json.readObject(new String(call.body().readAllBytes(), StandardCharsets.UTF_8));
        if (call.status() < 300) {
            return json;
        }
        throw new AdminException(kind(call.status()), json.text("detail").orElse("status " + call.status()));
    }

    private static AdminException.Kind kind(int status) {
        return switch (status) {
            case 404 -> AdminException.Kind.NOT_FOUND;
            case 409 -> AdminException.Kind.CONFLICT;
            case 503 -> AdminException.Kind.BUSY;
            default -> status < 500 ? AdminException.Kind.INVALID : AdminException.Kind.FAILED;
        };
    }

    @Override
    public List<String> reload() throws AdminException, IOException {
        return AdminJson.texts(ask("POST", "/v1/reload", Optional.empty()), "remarks");
    }

    @Override
    public AdminReply run(List<String> words) throws AdminException, IOException {
        JsonObject request =
                JsonObject.builder().put("words", JsonArray.ofTexts(words)).build();
        return AdminJson.reply(ask("POST", "/v1/commands", Optional.of(request)));
    }

    @Override
    public QueueAdmin queue() {
        return this;
    }

    @Override
    public int list(String filter, int limit, Consumer<Message> each) throws AdminException, IOException {
        String query = "?filter=" + encoded(filter) + "&limit=" + limit;
        try (HttpCall call = HttpCall.send(socket, "GET", "/v1/queue" + query, Optional.empty())) {
            if (call.status() != 200) {
                read(call);
            }
            JsonObject rest =
                    Json.readObject(call.body(), "messages", message -> each.accept(AdminJson.message(message)));
            return Math.toIntExact(rest.integer("total").orElse(0L));
        } catch (MalformedJsonException e) {
            throw new IOException("the server's answer is not understood: " + e.getMessage(), e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public Details show(String id) throws AdminException, IOException {
        return AdminJson.details(ask("GET", "/v1/queue/" + encoded(id), Optional.empty()));
    }

    @Override
    public Changed change(Change change, Selection selection) throws AdminException, IOException {
        return AdminJson.changed(ask("POST", "/v1/queue/changes", Optional.of(AdminJson.of(change, selection))));
    }

    @Override
    public void close() {
        // Each request has a connection of its own.
    }
}
