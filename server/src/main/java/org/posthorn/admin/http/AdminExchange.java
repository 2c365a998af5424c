package org.posthorn.admin.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.posthorn.admin.AdminException;
import org.posthorn.json.Json;
import org.posthorn.json.JsonObject;
import org.posthorn.mail.Domain;
import org.posthorn.server.http.BadRequestException;
import org.posthorn.server.http.Exchange;

/** A request for a resource below {@code /v1} and its answer, in JSON as a rule. Not thread-safe. */
final class AdminExchange {
    /** Octets of a request in JSON, such as the ids that xargs puts on one command line. */
    private static final int MAX_REQUEST = 4 << 20;

    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";

    /** Gives the elements of a list one by one. */
    @FunctionalInterface
    interface Listing<T> {
        /** Returns what there is to say after the last of them; something there is. */
        JsonObject to(Consumer<T> each) throws AdminException, IOException;
    }

    private final Exchange exchange;
    private final List<String> path;
    private boolean streaming;

    /** @param path what follows {@code /v1} and the name of the resource */
    AdminExchange(Exchange exchange, List<String> path) {
        this.exchange = exchange;
        this.path = path;
    }

    List<String> path() {
        return path;
    }

    /** GET for HEAD, too. */
    String method() {
        return exchange.reads() ? "GET" : exchange.method();
    }

    Optional<String> parameter(String name) {
        return exchange.parameter(name);
    }

    /** The domain that a list is about, if it is about one. */
    Optional<Domain> domain() {
        return parameter("domain").map(Domain::parse);
    }

    /** Whether the answer is for people, and not for programs. */
    boolean wantsText() {
        String accept = exchange.header("Accept").orElse("");
        return accept.contains("text/plain") && !accept.contains(JSON);
    }

    JsonObject body() throws IOException {
        return Json.readObject(new String(exchange.body(MAX_REQUEST), StandardCharsets.UTF_8));
    }

    InputStream octets() {
        return exchange.body();
    }

    void answer(JsonObject json) throws IOException {
        answer(200, json);
    }

    private void answer(int status, JsonObject json) throws IOException {
        exchange.answer(status, JSON, json + "\n");
    }

    /** Done, and nothing more to say. */
    void done() throws IOException {
        exchange.answer(204);
    }

    /** Something was made, and can be found there from now on (RFC 9110 15.3.2). */
    void created(JsonObject json, String... segments) throws IOException {
        StringBuilder location = new StringBuilder("/v1");
        for (String segment : segments) {
            location.append('/').append(encoded(segment));
        }
        exchange.set("Location", location.toString());
        answer(201, json);
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** One element after the other, so that it may be a long list; what is said about the whole comes last. */
    <T> void list(String name, Function<? super T, JsonObject> json, Listing<T> listing)
            throws AdminException, IOException {
        Answer answer = new Answer(JSON);
        String[] separator = {"{\"" + name + "\":[\n"};
        try {
            JsonObject rest = listing.to(element -> {
                answer.write(separator[0] + json.apply(element));
                separator[0] = ",\n";
            });
            String begin = separator[0].startsWith("{") ? separator[0] : "";
            answer.write(begin + "]," + rest.toString().substring(1) + "\n");
            answer.end();
        } catch (BrokenAnswer e) {
            throw new IOException("the client does not take the answer", e);
        }
    }

    /** Lines of text as they come. */
    void lines(Listing<String> listing) throws AdminException, IOException {
        Answer answer = new Answer(TEXT);
        try {
            listing.to(line -> answer.write(line + "\n"));
            answer.end();
        } catch (BrokenAnswer e) {
            throw new IOException("the client does not take the answer", e);
        }
    }

    /** The client has gone in the middle of a list. */
    private static final class BrokenAnswer extends UncheckedIOException {
        private static final long serialVersionUID = 1;

        BrokenAnswer(IOException cause) {
            super(cause);
        }
    }

    /** Begins with its first octet, so that what goes wrong before is a problem. */
    private final class Answer {
        private final String type;
        private Optional<OutputStream> begun = Optional.empty();

        Answer(String type) {
            this.type = type;
        }

        private OutputStream out() throws IOException {
            if (begun.isEmpty()) {
                streaming = true;
                begun = Optional.of(exchange.stream(200, type));
            }
            return begun.get();
        }

        void write(String text) {
            try {
                out().write(text.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new BrokenAnswer(e);
            }
        }

        /** Reached where all went well only, so that the client notices an answer that breaks off. */
        void end() throws IOException {
            out().close();
        }
    }

    /** Says what cannot be done; half way through a list the answer breaks off. */
    void problem(Problem problem) throws IOException {
        if (streaming) {
            throw new IOException("the answer broke off: " + problem.detail());
        }
        exchange.answer(problem.type().status(), "application/problem+json", problem.json() + "\n");
    }

    /** The resource does not take this method, but these (RFC 9110 15.5.6). */
    BadRequestException notAllowed(String methods) {
        exchange.set("Allow", methods);
        return new BadRequestException(405, exchange.path() + " takes " + methods);
    }

    BadRequestException notFound() {
        return new BadRequestException(404, "there is no " + exchange.path());
    }

    void set(String name, String value) {
        exchange.set(name, value);
    }
}
