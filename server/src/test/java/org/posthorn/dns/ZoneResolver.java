package org.posthorn.dns;

import java.net.Inet4Address;
import java.net.Inet6Address;
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
        return with("ptr", InetAddress.ofLiteral(literal).getHostAddress(), name);
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

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private synchronized <T> Answer<T> look(String kind, String given) {
        String name = given.toLowerCase(Locale.ROOT);
        String question = kind + " " + name;
        questions.add(question);
        if (failing.contains(question)) {
            return new Answer.Failure<>("SERVFAIL");
        }
        if (records.containsKey(question)) {
            return (Answer<T>) new Answer.Found<>(records.get(question), false);
        }
        return names.contains(name) ? new Answer.NoData<>() : new Answer.NoSuchName<>();
    }

    @Override
    public Answer<MxRecord> mx(String name) {
        return look("mx", name);
    }

    @Override
    public Answer<Inet4Address> ipv4(String name) {
        return look("a", name);
    }

    @Override
    public Answer<Inet6Address> ipv6(String name) {
        return look("aaaa", name);
    }

    @Override
    public Answer<String> txt(String name) {
        return look("txt", name);
    }

    @Override
    public Answer<String> ptr(InetAddress address) {
        return look("ptr", address.getHostAddress());
    }
}
