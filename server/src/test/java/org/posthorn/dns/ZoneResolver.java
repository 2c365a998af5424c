package org.posthorn.dns;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A resolver of literal maps, for tests: what was put in is found, the rest does not exist. */
public final class ZoneResolver implements Resolver {
    private final Map<String, List<Object>> records = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private final Set<String> failing = new HashSet<>();
    private final List<String> questions = new ArrayList<>();

    public ZoneResolver withMx(String name, int preference, String exchange) {
        return with("mx", name, new MxRecord(preference, exchange));
    }

    /** An IPv4 or IPv6 address. */
    public ZoneResolver withAddress(String name, String literal) {
        InetAddress address = InetAddress.ofLiteral(literal);
        return with(address instanceof Inet4Address ? "a" : "aaaa", name, address);
    }

    public ZoneResolver withTxt(String name, String text) {
        return with("txt", name, text);
    }

    public ZoneResolver withPtr(String literal, String name) {
        return with("ptr", ReverseName.of(InetAddress.ofLiteral(literal)), name);
    }

    /** Every look-up of this kind ("mx", "a", "aaaa", "txt", "ptr") of the name fails for now. */
    public ZoneResolver withFailure(String kind, String name) {
        failing.add(kind + " " + name);
        return this;
    }

    private ZoneResolver with(String kind, String name, Object record) {
        records.computeIfAbsent(kind + " " + name, _ -> new ArrayList<>()).add(record);
        names.add(name);
        return this;
    }

    /** What has been asked, e.g. {@code mx example.org}. */
    public synchronized List<String> questions() {
        return List.copyOf(questions);
    }

    @Override
    public synchronized <T> Answer<T> ask(RecordType<T> type, String given) {
        String name = given.toLowerCase(Locale.ROOT);
        String question = type.mnemonic().toLowerCase(Locale.ROOT) + " " + name;
        questions.add(question);
        if (failing.contains(question)) {
            return new Answer.Failure<>(FailureKind.SERVFAIL, "SERVFAIL");
        }
        if (records.containsKey(question)) {
            return new Answer.Found<>(
                    records.get(question).stream().map(type.data()::cast).toList(), false);
        }
        return names.contains(name) ? new Answer.NoData<>() : new Answer.NoSuchName<>();
    }
}
