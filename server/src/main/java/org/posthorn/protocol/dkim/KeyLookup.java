package org.posthorn.protocol.dkim;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.posthorn.dns.Answer;
import org.posthorn.dns.Resolver;

/** Looks key records up, each once for a message. Used by one thread. */
public final class KeyLookup {
    /** Key records at one name that are looked at: there should be one (RFC 6376 3.6.2.2). */
    private static final int MAX_RECORDS = 4;

    /** What was found at a name. */
    public sealed interface Found {
        record Key(KeyRecord record) implements Found {}

        /** For good. */
        record Unusable(String reason) implements Found {}

        /** For now. */
        record Unknown(String reason) implements Found {}
    }

    private final Resolver resolver;
    private final Map<String, Found> known = new HashMap<>();

    public KeyLookup(Resolver resolver) {
        this.resolver = resolver;
    }

    public Found find(String name) {
        return known.computeIfAbsent(name, this::lookUp);
    }

    private Found lookUp(String name) {
        return switch (resolver.txt(name)) {
            case Answer.Found<String> answer -> first(name, answer.records());
            case Answer.NoSuchName<String> ignored -> new Found.Unusable("no key at " + name);
            case Answer.NoData<String> ignored -> new Found.Unusable("no key at " + name);
            case Answer.Failure<String> failure ->
                new Found.Unknown("key look-up of " + name + " failed: " + failure.reason());
        };
    }

    /** The first record that is one: of several, the verifier may choose (RFC 6376 3.6.2.2). */
    private static Found first(String name, List<String> texts) {
        String reason = "no key at " + name;
        for (String text : texts.subList(0, Math.min(MAX_RECORDS, texts.size()))) {
            try {
                return new Found.Key(KeyRecord.parse(text));
            } catch (DkimSyntaxException e) {
                reason = "bad key at " + name + ": " + e.getMessage();
            }
        }
        return new Found.Unusable(reason);
    }
}
