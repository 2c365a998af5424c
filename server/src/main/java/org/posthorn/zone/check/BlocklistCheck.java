package org.posthorn.zone.check;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.posthorn.dns.Answer;
import org.posthorn.dns.Resolver;
import org.posthorn.dns.ReverseName;

/** Whether blocklists have our addresses (RFC 5782). */
final class BlocklistCheck {
    /** What the codes of Spamhaus's lists mean, as its documentation says. */
    private static final Map<String, String> SPAMHAUS = Map.of(
            "127.0.0.2", "SBL: known for spam",
            "127.0.0.3", "CSS: known for spam",
            "127.0.0.4", "XBL: taken over by malware",
            "127.0.0.9", "DROP: a stolen network",
            "127.0.0.10", "PBL: the provider says that no mail server belongs there",
            "127.0.0.11", "PBL: Spamhaus holds it for the address of an end user");

    /** These say something of the question, not of the address. */
    private static final Map<String, String> NO_ANSWERS = Map.of(
            "127.255.255.252", "the name of the list is misspelt",
            "127.255.255.254", "the list does not answer public resolvers: use one of your own",
            "127.255.255.255", "too many questions from this resolver");

    private final Resolver resolver;
    private final List<String> lists;

    BlocklistCheck(Resolver resolver, List<String> lists) {
        this.resolver = resolver;
        this.lists = lists;
    }

    List<Finding> check(List<InetAddress> addresses) {
        List<Finding> findings = new ArrayList<>();
        for (InetAddress address : addresses) {
            List<String> clean = new ArrayList<>();
            for (String list : lists) {
                look(address, list, clean, findings);
            }
            if (!clean.isEmpty()) {
                findings.add(Finding.of(
                        State.FOUND,
                        "blocklist",
                        address.getHostAddress(),
                        "not listed by " + String.join(", ", clean)));
            }
        }
        return findings;
    }

    private void look(InetAddress address, String list, List<String> clean, List<Finding> findings) {
        String shown = address.getHostAddress();
        switch (resolver.ipv4(name(address, list))) {
            case Answer.NoSuchName<Inet4Address> _, Answer.NoData<Inet4Address> _ -> clean.add(list);
            case Answer.Failure<Inet4Address> failure ->
                findings.add(Finding.of(State.UNKNOWN, "blocklist", shown, list + ": " + failure.reason()));
            case Answer.Found<Inet4Address> found -> findings.add(listed(shown, list, found.records()));
        }
    }

    /** RFC 5782 2.1, 2.4: the address turned round as in the reverse zones. */
    static String name(InetAddress address, String list) {
        String reverse = ReverseName.of(address);
        return reverse.replaceFirst("\\.(in-addr|ip6)\\.arpa$", "") + "." + list;
    }

    private static Finding listed(String shown, String list, List<Inet4Address> codes) {
        List<String> texts = codes.stream().map(InetAddress::getHostAddress).toList();
        for (String code : texts) {
            if (NO_ANSWERS.containsKey(code)) {
                return Finding.of(
                        State.UNKNOWN, "blocklist", shown, list + ": " + NO_ANSWERS.get(code) + " (" + code + ")");
            }
        }
        // RFC 5782 2.1: listings are in 127.0.0.0/8; anything else is a list that has ended, or a resolver that invents
        // answers.
        if (!texts.stream().allMatch(code -> code.startsWith("127."))) {
            return Finding.of(State.UNKNOWN, "blocklist", shown, list + " answers " + texts + ", which is no listing");
        }
        Map<String, String> meanings = list.endsWith("spamhaus.org") ? SPAMHAUS : Map.of();
        String why = texts.stream()
                .map(code -> meanings.containsKey(code) ? meanings.get(code) + " (" + code + ")" : code)
                .collect(Collectors.joining(", "));
        return new Finding(
                State.WRONG,
                "blocklist",
                shown,
                "listed by " + list + ": " + why,
                List.of("; find out why and ask for removal at the site of " + list));
    }
}
