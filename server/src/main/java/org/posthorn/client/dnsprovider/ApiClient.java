package org.posthorn.client.dnsprovider;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.posthorn.client.dnsprovider.DnsProviderException.Kind;
import org.posthorn.json.JsonObject;

/** Speaks JSON over HTTP with a bearer token (RFC 6750). Thread-safe. */
final class ApiClient {
    static final int MAX_BODY = 4 << 20;
    private static final int TRIES = 3;
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration WHOLE = Duration.ofSeconds(30);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    /** Waits between two tries. */
    interface Pause {
        void of(Duration duration) throws InterruptedException;
    }

    /** What the server said. */
    record Reply(int status, JsonAnswer json) {
        boolean ok() {
            return status >= 200 && status < 300;
        }
    }

    private final String name;
    private final URI base;
    private final Secret token;
    private final Pause pause;

    /** @param base without a slash at its end */
    ApiClient(String name, URI base, Secret token) {
        this(name, base, token, Thread::sleep);
    }

    ApiClient(String name, URI base, Secret token, Pause pause) {
        this.name = name;
        this.base = base;
        this.token = token;
        this.pause = pause;
    }

    String name() {
        return name;
    }

    Reply get(String path) throws DnsProviderException {
        return send("GET", path, Optional.empty(), true);
    }

    /**
     * Sends a request with a body.
     *
     * @param repeatable whether doing it twice does no harm, so that a broken answer may be followed by another try
     */
    Reply send(String method, String path, JsonObject body, boolean repeatable) throws DnsProviderException {
        return send(method, path, Optional.of(body.toString()), repeatable);
    }

    private Reply send(String method, String path, Optional<String> body, boolean repeatable)
            throws DnsProviderException {
        String secret = token.read();
        if (!secret.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new DnsProviderException(Kind.REFUSED, "the token for " + name + " has characters that no token has");
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
                .header("Authorization", "Bearer " + secret)
                .header("Accept", "application/json")
                .header("Content-Type", "application/json")
                .timeout(WHOLE)
                .method(
                        method,
                        body.map(text -> HttpRequest.BodyPublishers.ofString(text, StandardCharsets.UTF_8))
                                .orElseGet(HttpRequest.BodyPublishers::noBody))
                .build();
        try (HttpClient client = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build()) {
            try {
                return send(client, request, repeatable, secret);
            } finally {
                client.shutdownNow();
            }
        }
    }

    private Reply send(HttpClient client, HttpRequest request, boolean repeatable, String secret)
            throws DnsProviderException {
        for (int tries = 1; ; tries++) {
            HttpResponse<byte[]> response = exchange(client, request);
            int status = response.statusCode();
            // RFC 6585 4: 429 says that nothing was done.
            boolean again = status == 429 || (status >= 500 && repeatable);
            if (!again || tries == TRIES) {
                return judged(response, secret);
            }
            pauseBefore(response);
        }
    }

    private HttpResponse<byte[]> exchange(HttpClient client, HttpRequest request) throws DnsProviderException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BODY));
        try {
            return answer.get(WHOLE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new DnsProviderException(
                    Kind.UNREACHABLE, name + " did not answer within " + WHOLE.toSeconds() + " seconds", e);
        } catch (ExecutionException e) {
            String why = e.getCause() instanceof IOException cause ? String.valueOf(cause.getMessage()) : "" + e;
            throw new DnsProviderException(Kind.UNREACHABLE, name + " cannot be reached: " + why, e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new DnsProviderException(Kind.UNREACHABLE, "interrupted", e);
        }
    }

    /** RFC 9110 10.2.3: seconds, or a date, which we do not compute with. */
    private void pauseBefore(HttpResponse<byte[]> response) throws DnsProviderException {
        long seconds = response.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("[0-9]{1,6}"))
                .map(Long::parseLong)
                .orElse(1L);
        if (seconds > LONGEST_WAIT.toSeconds()) {
            throw new DnsProviderException(
                    Kind.UNREACHABLE, name + " asks to be left alone for " + seconds + " seconds");
        }
        try {
            pause.of(Duration.ofSeconds(seconds));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DnsProviderException(Kind.UNREACHABLE, "interrupted", e);
        }
    }

    private Reply judged(HttpResponse<byte[]> response, String secret) throws DnsProviderException {
        int status = response.statusCode();
        if (status == 429 || status >= 500) {
            throw new DnsProviderException(Kind.UNREACHABLE, name + " is in trouble: status " + status);
        }
        JsonAnswer json;
        try {
            json = response.body().length == 0 ? JsonAnswer.NOTHING : JsonAnswer.parse(response.body());
        } catch (IllegalArgumentException e) {
            throw new DnsProviderException(
                    Kind.UNREACHABLE, name + " answered with status " + status + " and no JSON", e);
        }
        if (status == 401 || status == 403) {
            throw new DnsProviderException(
                    Kind.REFUSED, name + " refuses the token" + words(json).replace(secret, "(secret)"));
        }
        return new Reply(status, json);
    }

    /** An error for a reply that is not what was hoped for. */
    DnsProviderException rejected(String what, Reply reply) throws DnsProviderException {
        return new DnsProviderException(
                Kind.REJECTED,
                name + " did not " + what + " (status " + reply.status() + ")"
                        + words(reply.json()).replace(token.read(), "(secret)"));
    }

    /** The texts in which the two providers explain errors. */
    private static String words(JsonAnswer json) {
        String words = Stream.concat(
                        json.get("message").text().stream(),
                        json.get("errors").elements().stream().flatMap(error -> error.get("message").text().stream()))
                .collect(Collectors.joining("; "));
        return words.isEmpty() ? "" : ": " + words;
    }
}
