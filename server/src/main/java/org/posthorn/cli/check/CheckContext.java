package org.posthorn.cli.check;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.posthorn.config.ConfigException;
import org.posthorn.dns.JsonRecords;
import org.posthorn.dns.MasterFile;
import org.posthorn.dns.Resolver;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.json.JsonNumber;
import org.posthorn.json.JsonObject;
import org.posthorn.json.JsonText;
import org.posthorn.json.JsonValue;

/** What questions have in common: which DNS is asked, and what time it is. Not thread-safe. */
final class CheckContext {
    /** Zone files kept, so that a batch does not read the same one for each line. */
    private static final int MAX_ZONES = 4;

    private final ResolverSource network;
    private final InstantSource clock;
    private Optional<Resolver> resolver = Optional.empty();
    private final KeptFiles<ZoneResolver> zones = new KeptFiles<>(MAX_ZONES, MasterFile::read);

    CheckContext(ResolverSource network, InstantSource clock) {
        this.network = network;
        this.clock = clock;
    }

    CheckResult run(Check check, JsonObject question) throws IOException {
        return check.check(question, resolver(question), time(question));
    }

    /** Records that the question brings, else its zone file, else the network. */
    private Resolver resolver(JsonObject question) throws IOException {
        Optional<JsonObject> records = question.object("dns");
        if (records.isPresent()) {
            return JsonRecords.read(records.get());
        }
        Optional<String> file = question.text("zone");
        return file.isPresent() ? zones.get(file.get()) : network();
    }

    private Resolver network() throws IOException {
        if (resolver.isEmpty()) {
            try {
                resolver = Optional.of(network.resolver());
            } catch (ConfigException e) {
                throw new IOException(String.join("; ", e.complaints()), e);
            }
        }
        return resolver.get();
    }

    private Instant time(JsonObject question) {
        Optional<JsonValue> time = question.member("time");
        return time.isEmpty() ? clock.instant() : time(time.get());
    }

    /** RFC 3339, or seconds since 1970. */
    private static Instant time(JsonValue time) {
        try {
            return switch (time) {
                case JsonNumber seconds -> Instant.ofEpochSecond(seconds.asLong());
                case JsonText(String text)
                when text.matches("[0-9]{1,11}") -> Instant.ofEpochSecond(Long.parseLong(text));
                case JsonText(String text) -> OffsetDateTime.parse(text).toInstant();
                default -> throw new IllegalArgumentException("time is " + time.kind());
            };
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("not a time like 2026-01-31T12:00:00Z or 1769860800: " + time, e);
        }
    }
}
