package org.posthorn.dns;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Answers out of records that it was given, in place of the network: what is not named does not exist. Aliases, wildcards and
 * empty non-terminals are answered as a name server does; nothing is ever secure.
 *
 * <p>Filled first, asked then: thread-safe once nothing more is added. {@link MasterFile} and
 * {@link JsonRecords} make one of text.
 */
public final class ZoneResolver implements Resolver {
    private record Question(RecordType<?> type, String name) {}

    /** For each name that exists, its records by type; a name between others may have none. */
    private final Map<String, Map<RecordType<?>, List<Object>>> names = new HashMap<>();

    private final Map<Question, FailureKind> failures = new HashMap<>();
    private final Map<String, FailureKind> broken = new HashMap<>();

    /** Another record; the order is kept. */
    public <T> ZoneResolver with(RecordType<T> type, String name, T data) {
        String key = key(name);
        exists(key)
                .computeIfAbsent(type, _ -> new ArrayList<>())
                .add(type.data().cast(data));
        return this;
    }

    public ZoneResolver withMx(String name, int preference, String exchange) {
        return with(RecordType.MX, name, new MxRecord(preference, key(exchange)));
    }

    /** An IPv4 or IPv6 address. */
    public ZoneResolver withAddress(String name, String literal) {
        return switch (InetAddress.ofLiteral(literal)) {
            case Inet4Address four -> with(RecordType.A, name, four);
            case InetAddress six ->
                with(RecordType.AAAA, name, RecordType.AAAA.data().cast(six));
        };
    }

    /** One TXT record, its strings joined. */
    public ZoneResolver withTxt(String name, String text) {
        return with(RecordType.TXT, name, text);
    }

    /** A name of an address. */
    public ZoneResolver withPtr(String literal, String name) {
        return with(RecordType.PTR, ReverseName.of(InetAddress.ofLiteral(literal)), key(name));
    }

    public ZoneResolver withAlias(String name, String target) {
        return with(RecordType.CNAME, name, key(target));
    }

    /** Questions of this type for the name fail. */
    public ZoneResolver withFailure(RecordType<?> type, String name, FailureKind kind) {
        failures.put(new Question(type, key(name)), kind);
        return this;
    }

    /** Questions of every type for the name fail, but for those whose records are there. */
    public ZoneResolver withFailure(String name, FailureKind kind) {
        broken.put(key(name), kind);
        return this;
    }

    /** The name exists, even if it has no record of any type that can be asked for. */
    void withName(String name) {
        exists(key(name));
    }

    private Map<RecordType<?>, List<Object>> exists(String key) {
        // RFC 8020 2: where a name exists, so do all above it.
        for (int dot = key.indexOf('.'); dot >= 0; dot = key.indexOf('.', dot + 1)) {
            names.computeIfAbsent(key.substring(dot + 1), _ -> new HashMap<>());
        }
        return names.computeIfAbsent(key, _ -> new HashMap<>());
    }

    @Override
    public <T> Answer<T> ask(RecordType<T> type, String name) {
        String asked = key(name);
        Set<String> aliases = new HashSet<>();
        while (aliases.size() <= LookUp.MAX_ALIASES && aliases.add(asked)) {
            Optional<Map<RecordType<?>, List<Object>>> records = records(asked);
            List<Object> found = records.map(all -> all.get(type)).orElse(List.of());
            Optional<FailureKind> failure = failure(type, asked, found.isEmpty());
            if (failure.isPresent()) {
                return new Answer.Failure<>(failure.get(), failure.get() + " for " + asked);
            }
            if (!found.isEmpty()) {
                return new Answer.Found<>(found.stream().map(type.data()::cast).toList(), false);
            }
            List<Object> alias = records.map(all -> all.get(RecordType.CNAME)).orElse(List.of());
            if (alias.isEmpty() || type.equals(RecordType.CNAME)) {
                return records.isPresent() ? new Answer.NoData<>() : new Answer.NoSuchName<>();
            }
            asked = (String) alias.getFirst();
        }
        return new Answer.Failure<>(FailureKind.ALIASES, "aliases in a loop, or too many");
    }

    private Optional<FailureKind> failure(RecordType<?> type, String key, boolean nothingFound) {
        FailureKind ofType = failures.get(new Question(type, key));
        return ofType != null
                ? Optional.of(ofType)
                : Optional.ofNullable(broken.get(key)).filter(_ -> nothingFound);
    }

    /** What a name has, by itself or by a wildcard; empty when it does not exist. */
    private Optional<Map<RecordType<?>, List<Object>>> records(String key) {
        if (!DnsjavaResolver.isPossible(key)) {
            return Optional.empty();
        }
        Map<RecordType<?>, List<Object>> own = names.get(key);
        if (own != null || broken.containsKey(key)) {
            return Optional.of(own == null ? Map.of() : own);
        }
        // RFC 4592 3.3.1: the wildcard below the closest name that exists, and no other.
        String encloser = parent(key);
        while (!encloser.isEmpty() && !names.containsKey(encloser)) {
            encloser = parent(encloser);
        }
        return Optional.ofNullable(names.get(encloser.isEmpty() ? "*" : "*." + encloser));
    }

    private static String parent(String key) {
        int dot = key.indexOf('.');
        return dot < 0 ? "" : key.substring(dot + 1);
    }

    static String key(String name) {
        return (name.endsWith(".") ? name.substring(0, name.length() - 1) : name).toLowerCase(Locale.ROOT);
    }
}
