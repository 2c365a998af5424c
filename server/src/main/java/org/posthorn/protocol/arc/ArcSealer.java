package org.posthorn.protocol.arc;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.mail.Domain;
import org.posthorn.mail.HeaderField;
import org.posthorn.protocol.dkim.Canonicalization;
import org.posthorn.protocol.dkim.DkimKey;
import org.posthorn.protocol.dkim.HeaderCanonicalizer;
import org.posthorn.protocol.dkim.HeaderHash;
import org.posthorn.protocol.dkim.SignatureWriter;
import org.posthorn.protocol.dkim.SignedHeader;

/** Adds our set to the chain of messages that we hand on (RFC 8617 5.1). Thread-safe. */
public final class ArcSealer {
    /** RFC 8617 4.1.2: signatures of the author's side are signed, so that the next one knows what we saw. */
    private static final List<String> ALSO_SIGNED = List.of("DKIM-Signature");

    private final Domain domain;
    private final DkimKey key;
    private final List<String> names;

    /**
     * @param domain for {@code d=}
     * @param key its record lies where one of DKIM does; RSA, as long as others do not verify anything else
     */
    public ArcSealer(Domain domain, DkimKey key) {
        this(domain, key, List.of());
    }

    /** @param names for {@code h=}; none to choose as for DKIM */
    ArcSealer(Domain domain, DkimKey key, List<String> names) {
        this.domain = domain;
        this.key = key;
        this.names = List.copyOf(names);
    }

    /**
     * Seals a message.
     *
     * @param fields its header, in order, as it will be sent but for what this adds
     * @param chain what we found of the chain when the message came
     * @param authenticationResults our own results of then, as in an Authentication-Results field behind its colon; ASCII, folds
     *     allowed, no line end
     * @param bodyHash of the body as it will be sent, in {@link Canonicalization#RELAXED} form
     * @param now for {@code t=}
     * @return the fields to put before the header, each with CRLF; empty for a chain that is closed or full
     */
    public Optional<String> seal(
            List<HeaderField> fields, ArcVerdict chain, String authenticationResults, String bodyHash, Instant now) {
        // RFC 8617 5.1: a chain that was sealed as failed is left alone, and so is one of 50 sets.
        if (chain.closed() || chain.highest() >= ArcChain.MAX_SETS) {
            return Optional.empty();
        }
        String instance = Integer.toString(chain.highest() + 1);
        HeaderField results =
                new HeaderField(ArcField.RESULTS + ": i=" + instance + "; " + authenticationResults.strip());
        SignedHeader signed = names.isEmpty()
                ? SignedHeader.of(fields, Canonicalization.RELAXED, ALSO_SIGNED)
                : SignedHeader.ofNames(new HeaderHash(fields), Canonicalization.RELAXED, names);
        String signature = signed.sign(
                tags(ArcField.SIGNATURE, instance, now)
                        .tag("c", "relaxed/relaxed")
                        .names(signed.names())
                        .tag("bh", bodyHash)
                        .unsigned(),
                key);
        HeaderField unsealed = tags(ArcField.SEAL, instance, now)
                .tag("cv", chain.result().text())
                .unsigned();
        SignedHeader sealed = new SignedHeader(
                List.of(), Canonicalization.RELAXED, canonical(chain, results, withoutLineEnd(signature)));
        return Optional.of(sealed.sign(unsealed, key) + signature + results.raw() + "\r\n");
    }

    private SignatureWriter tags(String name, String instance, Instant now) {
        return new SignatureWriter(name)
                .tag("i", instance)
                .tag("a", key.algorithm().tag())
                .tag("d", domain.name())
                .tag("s", key.selector())
                .tag("t", Long.toString(now.getEpochSecond()));
    }

    private static HeaderField withoutLineEnd(String field) {
        return new HeaderField(field.substring(0, field.length() - 2));
    }

    /** What the seal covers but for itself (RFC 8617 5.1.1). */
    private static String canonical(ArcVerdict chain, HeaderField results, HeaderField signature) {
        List<HeaderField> sealed = new ArrayList<>();
        // RFC 8617 5.1.2: the seal of a chain that fails covers its own set only.
        if (chain.passed()) {
            for (ArcSet set : chain.sets()) {
                sealed.addAll(List.of(set.results(), set.signature(), set.seal()));
            }
        }
        sealed.add(results);
        sealed.add(signature);
        StringBuilder canonical = new StringBuilder(4096);
        for (HeaderField field : sealed) {
            HeaderCanonicalizer.append(canonical, field, Canonicalization.RELAXED);
            canonical.append("\r\n");
        }
        return canonical.toString();
    }
}
