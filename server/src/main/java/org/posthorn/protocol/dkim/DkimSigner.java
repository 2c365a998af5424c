package org.posthorn.protocol.dkim;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.posthorn.mail.Domain;
import org.posthorn.mail.HeaderField;

/** Signs the mail of one domain with all its keys. Thread-safe. */
public final class DkimSigner {
    private final Domain domain;
    private final List<DkimKey> keys;
    private final SigningStyle style;

    /** As {@link #DkimSigner(Domain, List, SigningStyle)}, relaxed/relaxed. */
    public DkimSigner(Domain domain, List<DkimKey> keys) {
        this(domain, keys, SigningStyle.RELAXED);
    }

    /**
     * @param domain for {@code d=}
     * @param keys one or more; each makes a signature of its own, so that a verifier may choose (RFC 8463 3)
     * @throws IllegalArgumentException without a key, or with an identity that is not below the domain
     */
    public DkimSigner(Domain domain, List<DkimKey> keys, SigningStyle style) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("no keys");
        }
        style.identity().ifPresent(identity -> DkimSignature.requireBelow(identity, domain));
        this.domain = domain;
        this.keys = List.copyOf(keys);
        this.style = style;
    }

    public Domain domain() {
        return domain;
    }

    /** The key to seal with (RFC 8617 4.1.3): RSA, since many verifiers of seals know nothing else. */
    public Optional<DkimKey> sealingKey() {
        return keys.stream()
                .filter(key -> key.algorithm() == DkimAlgorithm.RSA_SHA256)
                .findFirst();
    }

    /** The form in which the body is to be hashed. */
    public Canonicalization bodyForm() {
        return style.body();
    }

    /**
     * Signs a message.
     *
     * @param fields its header, in order, as it will be sent
     * @param bodyHash what a {@link BodyHash} of {@link #bodyForm} gave for its body
     * @param now for {@code t=}
     * @return the DKIM-Signature fields to put before the header, each with CRLF; ASCII
     */
    public String sign(List<HeaderField> fields, String bodyHash, Instant now) {
        SignedHeader signed = SignedHeader.of(fields, style.header());
        StringBuilder result = new StringBuilder(1024 * keys.size());
        for (DkimKey key : keys) {
            result.append(signed.sign(unsigned(key, signed.names(), bodyHash, now), key));
        }
        return result.toString();
    }

    private HeaderField unsigned(DkimKey key, List<String> names, String bodyHash, Instant now) {
        SignatureWriter field = new SignatureWriter("DKIM-Signature")
                .tag("v", "1")
                .tag("a", key.algorithm().tag())
                .tag("c", style.forms())
                .tag("d", domain.name())
                .tag("s", key.selector());
        // RFC 6376 2.11: of what an identity may hold here the equals sign alone is to be quoted.
        style.identity().ifPresent(identity -> field.tag("i", identity.replace("=", "=3D")));
        field.tag("t", Long.toString(now.getEpochSecond()));
        style.lifetime()
                .ifPresent(lifetime ->
                        field.tag("x", Long.toString(now.plus(lifetime).getEpochSecond())));
        return field.names(names).tag("bh", bodyHash).unsigned();
    }
}
