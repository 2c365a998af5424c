package org.posthorn.protocol.dmarc;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.dns.Answer;
import org.posthorn.dns.Resolver;

/** The policy records that one check has asked for, each once. Used by one thread. */
final class Records {
    private static final String LABEL = "_dmarc.";
    /** Characters of a name (RFC 1035 2.3.4). */
    private static final int MAX_NAME = 253;

    /** What there is at a domain. */
    sealed interface At {
        record Found(DmarcRecord record) implements At {}

        record Nothing() implements At {}

        record Failed(String reason) implements At {}
    }

    private final Resolver resolver;
    private final Map<String, At> known = new HashMap<>();

    Records(Resolver resolver) {
        this.resolver = resolver;
    }

    At at(String domain) {
        return known.computeIfAbsent(domain, this::ask);
    }

    private At ask(String domain) {
        if (LABEL.length() + domain.length() > MAX_NAME) {
            return new At.Nothing();
        }
        return switch (resolver.txt(LABEL + domain)) {
            case Answer.Found<String> found -> only(found.records());
            case Answer.NoData<String> _ -> new At.Nothing();
            case Answer.NoSuchName<String> _ -> new At.Nothing();
            case Answer.Failure<String> failure -> new At.Failed(LABEL + domain + ": " + failure.reason());
        };
    }

    /** RFC 9989 4.10 step 2: other records are discarded, and several DMARC records too. */
    private static At only(List<String> texts) {
        List<DmarcRecord> records =
                texts.stream().map(DmarcRecord::parse).flatMap(Optional::stream).toList();
        return records.size() == 1 ? new At.Found(records.getFirst()) : new At.Nothing();
    }

    /** RFC 9989 3.2.10 by RFC 8020: a name does not exist where NXDOMAIN says so; while nobody can tell it is taken to exist. */
    boolean exists(String domain) {
        return !(resolver.ipv4(domain) instanceof Answer.NoSuchName<?>);
    }
}
