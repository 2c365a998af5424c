package org.posthorn.protocol.dkim;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.dns.Answer;
import org.posthorn.dns.Resolver;

/** Looks key records up, each once for a message. Used by one thread. */
public final class KeyLookup {
    /** Key records at one name that are looked at: there should be one (RFC 6376 3.6.2.2). */
    private static final int MAX_RECORDS = 4;

    /** RFC 8301 3.2: signatures by shorter RSA keys are not valid. */
    static final int LEAST_RSA_BITS = 1024;

    /** What was found at a name. */
    public sealed interface Found {
        record Key(KeyRecord record) implements Found {}

        /**
         * For good.
         *
         * @param record where there is one, but not for this
         */
        record Unusable(String reason, Optional<KeyRecord> record) implements Found {
            Unusable(String reason) {
                this(reason, Optional.empty());
            }
        }

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

    /**
     * The key that a signature needs, if it may be used for it (RFC 6376 6.1.2).
     *
     * @param algorithm {@code a=}, in lower case
     * @param below whether the identity is in a domain below the signer's
     */
    public Found usable(String algorithm, String name, boolean below) {
        Optional<DkimAlgorithm> known = DkimAlgorithm.find(algorithm);
        if (known.isEmpty()) {
            // RFC 8301 3.1: a signature with rsa-sha1 has failed for good.
            return new Found.Unusable("algorithm " + TagList.shown(algorithm)
                    + (algorithm.equals("rsa-sha1") ? " is not valid any more (RFC 8301)" : " is not known"));
        }
        Found found = find(name);
        if (found instanceof Found.Key(var record)) {
            Optional<String> fault = fault(record, known.get(), below);
            if (fault.isPresent()) {
                return new Found.Unusable(fault.get(), Optional.of(record));
            }
        }
        return found;
    }

    private static Optional<String> fault(KeyRecord record, DkimAlgorithm algorithm, boolean below) {
        if (record.key().isEmpty()) {
            return Optional.of("the key is revoked");
        }
        if (!record.keyType().equals(algorithm.keyType())) {
            return Optional.of("the key is for " + record.keyType() + ", the signature is " + algorithm.tag());
        }
        if (!record.hashes().isEmpty() && !record.hashes().contains("sha256")) {
            return Optional.of("the key is not for sha256");
        }
        if (!record.services().isEmpty()
                && !record.services().contains("*")
                && !record.services().contains("email")) {
            return Optional.of("the key is not for mail");
        }
        if (record.strict() && below) {
            return Optional.of("the key is for its very domain only (t=s), i= is below it");
        }
        if (algorithm == DkimAlgorithm.RSA_SHA256 && record.bits() < LEAST_RSA_BITS) {
            return Optional.of("an RSA key of " + record.bits() + " bits is too short (RFC 8301)");
        }
        return Optional.empty();
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
