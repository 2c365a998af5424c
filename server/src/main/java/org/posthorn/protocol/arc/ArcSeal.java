package org.posthorn.protocol.arc;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.posthorn.mail.Domain;
import org.posthorn.mail.HeaderField;
import org.posthorn.protocol.dkim.Canonicalization;
import org.posthorn.protocol.dkim.DkimSyntaxException;
import org.posthorn.protocol.dkim.HeaderCanonicalizer;
import org.posthorn.protocol.dkim.KeyLookup;
import org.posthorn.protocol.dkim.TagList;

/**
 * An ARC-Seal (RFC 8617 4.1.3).
 *
 * @param field as it came, for hashing
 * @param algorithm {@code a=}, in lower case
 * @param signature {@code b=} in base64
 * @param status {@code cv=}: what its sealer found of the chain below
 * @param domain {@code d=}, in A-labels
 */
record ArcSeal(
        HeaderField field, String algorithm, String signature, ArcResult status, Domain domain, String selector) {

    /**
     * Reads a seal.
     *
     * @throws DkimSyntaxException if it is not one
     */
    static ArcSeal parse(HeaderField field) {
        TagList tags = TagList.parse(field.value());
        // RFC 8617 4.1.3: what a seal covers is fixed; a seal with h= fails the chain.
        for (String alien : new String[] {"h", "bh", "l"}) {
            if (tags.has(alien)) {
                throw new DkimSyntaxException("a seal has no " + alien + "=");
            }
        }
        tags.number("t");
        String status = tags.require("cv");
        return new ArcSeal(
                field,
                tags.word("a").orElse(""),
                Base64.getEncoder().encodeToString(tags.base64("b")),
                Arrays.stream(ArcResult.values())
                        .filter(known -> known.text().equals(status))
                        .findFirst()
                        .orElseThrow(() -> new DkimSyntaxException("unknown cv=" + TagList.shown(status))),
                tags.domain(),
                tags.selector());
    }

    /** Where the key record lies. */
    String keyName() {
        return selector + "._domainkey." + domain.name();
    }

    /**
     * Why the seal does not hold; "" if it does.
     *
     * @param below all sets below, and the other two fields of its own, in canonical form
     */
    String fault(CharSequence below, KeyLookup keys) {
        return switch (keys.usable(algorithm, keyName(), false)) {
            case KeyLookup.Found.Unknown(var reason) -> reason;
            case KeyLookup.Found.Unusable(var reason, var ignored) -> reason;
            case KeyLookup.Found.Key(var record) -> {
                StringBuilder input = new StringBuilder(below);
                HeaderCanonicalizer.append(
                        input, HeaderCanonicalizer.withoutSignature(field), Canonicalization.RELAXED);
                boolean holds = record.key().isPresent()
                        && record.key()
                                .get()
                                .verifies(
                                        input.toString().getBytes(StandardCharsets.ISO_8859_1),
                                        Base64.getDecoder().decode(signature));
                yield holds ? "" : "the seal is not of this chain";
            }
        };
    }
}
