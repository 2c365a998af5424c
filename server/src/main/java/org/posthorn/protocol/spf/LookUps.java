package org.posthorn.protocol.spf;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.posthorn.dns.Answer;
import org.posthorn.dns.MxRecord;
import org.posthorn.dns.Resolver;

/** The DNS as one check sees it: asks and counts, and ends the check at a limit or a failure (RFC 7208 4.6.4). */
final class LookUps {
    static final int MAX_TERMS = 10;
    static final int MAX_VOIDS = 2;
    /** Exchanges of one mx, names of one ptr. */
    static final int MAX_HOSTS = 10;
    /** Octets of all policies together: ten times those of a large sender, and read in milliseconds. */
    static final int MAX_POLICIES = 32 * 1024;

    private final Resolver resolver;
    private final InetAddress client;
    private Optional<List<String>> clientNames = Optional.empty();
    private int terms;
    private int voids;
    /** Whether the term under way has found nothing somewhere: RFC 7208 4.6.4 counts it once. */
    private boolean voidTerm;

    private int questions;
    private int octets;

    LookUps(Resolver resolver, InetAddress client) {
        this.resolver = resolver;
        this.client = client;
    }

    int terms() {
        return terms;
    }

    int voids() {
        return voids;
    }

    int questions() {
        return questions;
    }

    void countTerm(String term) {
        voidTerm = false;
        if (++terms > MAX_TERMS) {
            terms = MAX_TERMS;
            throw SpfFault.permanent(
                    "more than " + MAX_TERMS + " terms need DNS look-ups; the one too many is " + term);
        }
    }

    /** The policy of a domain; empty when it publishes none. */
    Optional<String> policy(String domain) {
        questions++;
        List<String> policies = switch (resolver.txt(domain)) {
            case Answer.Found<String> found ->
                found.records().stream().filter(SpfRecord::isOne).toList();
            case Answer.NoData<String> _, Answer.NoSuchName<String> _ -> List.<String>of();
            case Answer.Failure<String> failure -> throw unanswered("TXT", domain, failure);
        };
        // RFC 7208 4.5
        if (policies.size() > 1) {
            throw SpfFault.permanent(domain + " has " + policies.size() + " SPF records, and only one may be there");
        }
        Optional<String> policy = policies.stream().findFirst();
        octets += policy.map(String::length).orElse(0);
        if (octets > MAX_POLICIES) {
            throw SpfFault.permanent(
                    "the SPF records up to that of " + domain + " have more than " + MAX_POLICIES + " octets");
        }
        return policy;
    }

    /** The text behind exp=; RFC 7208 6.2: empty unless there is exactly one. */
    Optional<String> explanation(String domain) {
        if (!DomainName.canBeAsked(domain)) {
            return Optional.empty();
        }
        questions++;
        List<String> texts = resolver.txt(domain).recordsOrNone();
        return texts.size() == 1 ? Optional.of(texts.getFirst()) : Optional.empty();
    }

    /** Addresses of the client's family. */
    List<? extends InetAddress> addresses(String host) {
        if (!DomainName.canBeAsked(host)) {
            return List.of();
        }
        questions++;
        return client instanceof Inet4Address
                ? records("A", host, resolver.ipv4(host))
                : records("AAAA", host, resolver.ipv6(host));
    }

    /** RFC 7208 5.7: A records whatever the client's family. */
    boolean exists(String name) {
        if (!DomainName.canBeAsked(name)) {
            return false;
        }
        questions++;
        return !records("A", name, resolver.ipv4(name)).isEmpty();
    }

    List<MxRecord> exchanges(String domain) {
        if (!DomainName.canBeAsked(domain)) {
            return List.of();
        }
        questions++;
        return records("MX", domain, resolver.mx(domain));
    }

    /** RFC 7208 5.5: those of the client's names that lead back to it. Failures count as nothing there; asked for only once. */
    List<String> validatedNames() {
        if (clientNames.isEmpty()) {
            questions++;
            List<String> names = resolver.ptr(client).recordsOrNone();
            List<String> validated = new ArrayList<>();
            for (String name : names.subList(0, Math.min(MAX_HOSTS, names.size()))) {
                if (DomainName.canBeAsked(name) && leadsBack(name)) {
                    validated.add(name.toLowerCase(Locale.ROOT));
                }
            }
            clientNames = Optional.of(List.copyOf(validated));
        }
        return clientNames.get();
    }

    private boolean leadsBack(String name) {
        questions++;
        Answer<? extends InetAddress> answer =
                client instanceof Inet4Address ? resolver.ipv4(name) : resolver.ipv6(name);
        return answer.recordsOrNone().contains(client);
    }

    private <T> List<T> records(String type, String name, Answer<T> answer) {
        return switch (answer) {
            case Answer.Found<T> found -> found.records();
            case Answer.NoData<T> _, Answer.NoSuchName<T> _ -> {
                if (!voidTerm && ++voids > MAX_VOIDS) {
                    throw SpfFault.permanent(
                            "more than " + MAX_VOIDS + " look-ups found nothing; the last was " + type + " " + name);
                }
                voidTerm = true;
                yield List.of();
            }
            case Answer.Failure<T> failure -> throw unanswered(type, name, failure);
        };
    }

    private static SpfFault unanswered(String type, String name, Answer.Failure<?> failure) {
        return SpfFault.temporary("could not look up " + type + " " + name + ": " + failure.reason());
    }
}
