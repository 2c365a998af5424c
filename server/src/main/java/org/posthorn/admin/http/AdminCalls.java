package org.posthorn.admin.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.posthorn.admin.AdminException;
import org.posthorn.json.Json;
import org.posthorn.json.JsonObject;
import org.posthorn.json.JsonValue;
import org.posthorn.json.MalformedJsonException;

/** Requests for the resources of a server that runs, each on a connection of its own. Thread-safe. */
final class AdminCalls {
    private static final String JSON = "application/json";

    private final Path socket;

    AdminCalls(Path socket) {
        this.socket = socket;
    }

    /**
     * An answer that is whole.
     *
     * @param created whether the server says that it made something new
     */
    record Reply(JsonObject json, boolean created) {}

    JsonObject get(String target) throws AdminException, IOException {
        return ask("GET", target, Optional.empty()).json();
    }

    JsonObject post(String target, JsonObject body) throws AdminException, IOException {
        return ask("POST", target, body).json();
    }

    JsonObject delete(String target) throws AdminException, IOException {
        return ask("DELETE", target, Optional.empty()).json();
    }

    Reply ask(String method, String target, JsonObject body) throws AdminException, IOException {
        return ask(method, target, Optional.of(HttpCall.Content.json(body.toString())));
    }

    /** POSTs a file as it is, however long it is. */
    JsonObject post(String target, InputStream file) throws AdminException, IOException {
        HttpCall.Content content = new HttpCall.Content("application/octet-stream", file, OptionalLong.empty());
        return ask("POST", target, Optional.of(content)).json();
    }

    private Reply ask(String method, String target, Optional<HttpCall.Content> content)
            throws AdminException, IOException {
        try (HttpCall call = HttpCall.send(socket, method, target, JSON, content)) {
            return new Reply(read(call), call.status() == 201);
        } catch (MalformedJsonException e) {
            throw misunderstood(e);
        }
    }

    private static JsonObject read(HttpCall call) throws AdminException, IOException {
        if (call.status() == 204) {
            return JsonObject.builder().build();
        }
        String text = new String(call.body().readAllBytes(), StandardCharsets.UTF_8);
        if (call.status() >= 500 && !text.startsWith("{")) {
            // A fault of the program, which leaves it to the log what it is.
            throw new AdminException(AdminException.Kind.FAILED, text.strip());
        }
        JsonObject json = Json.readObject(text);
        if (call.status() >= 300) {
            throw Problem.exception(call.status(), json);
        }
        return json;
    }

    private static IOException misunderstood(MalformedJsonException e) {
        return new IOException("the server's answer is not understood: " + e.getMessage(), e);
    }

    /** GETs a list whose elements are handed on as they come; returns what is said beside it. */
    JsonObject list(String target, String name, Consumer<JsonValue> each) throws AdminException, IOException {
        try (HttpCall call = HttpCall.send(socket, "GET", target, JSON, Optional.empty())) {
            if (call.status() != 200) {
                return read(call);
            }
            return Json.readObject(call.body(), name, each);
        } catch (MalformedJsonException e) {
            throw misunderstood(e);
        }
    }

    /** GETs lines for people. */
    void lines(String target, Consumer<String> each) throws AdminException, IOException {
        try (HttpCall call = HttpCall.send(socket, "GET", target, "text/plain", Optional.empty())) {
            if (call.status() != 200) {
                read(call);
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(call.body(), StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                each.accept(line);
            }
        } catch (MalformedJsonException e) {
            throw misunderstood(e);
        }
    }
}
