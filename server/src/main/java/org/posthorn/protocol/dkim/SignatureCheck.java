package org.posthorn.protocol.dkim;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** Judges one signature whose message has gone by: time, key, body, header, in the order of RFC 6376 6.1. */
public final class SignatureCheck {
    /** RFC 8301 3.2: signatures by shorter RSA keys are not valid. */
    static final int LEAST_RSA_BITS = 1024;

    /**
     * @param reason why it did not pass; "" for a plain pass
     * @param key the record, where it was found
     */
    public record Outcome(DkimResult result, String reason, Optional<KeyRecord> key) {}

    private SignatureCheck() {}

    /** @param hashes finished */
    public static Outcome check(
            DkimSignature signature, HeaderHash header, BodyHashes hashes, KeyLookup keys, Instant now) {
        Optional<DkimAlgorithm> algorithm = Arrays.stream(DkimAlgorithm.values())
                .filter(known -> known.tag().equals(signature.algorithm()))
                .findFirst();
        if (algorithm.isEmpty()) {
            // RFC 8301 3.1: a signature with rsa-sha1 has failed for good.
            return bad("algorithm " + TagList.shown(signature.algorithm())
                    + (signature.algorithm().equals("rsa-sha1")
                            ? " is not valid any more (RFC 8301)"
                            : " is not known"));
        }
        if (signature.expiry().isPresent() && signature.expiry().getAsLong() < now.getEpochSecond()) {
            return bad("expired at " + moment(signature.expiry().getAsLong()));
        }
        if (signature.time().isPresent()
                && signature.time().getAsLong()
                        > now.plus(DkimVerifier.CLOCK_SKEW).getEpochSecond()) {
            return bad("made in the future, at " + moment(signature.time().getAsLong()));
        }
        return switch (keys.find(signature.keyName())) {
            case KeyLookup.Found.Unknown(var reason) -> new Outcome(DkimResult.TEMPERROR, reason, Optional.empty());
            case KeyLookup.Found.Unusable(var reason) -> bad(reason);
            case KeyLookup.Found.Key(var record) -> {
                Optional<String> fault = fault(record, signature, algorithm.get());
                yield fault.isPresent()
                        ? new Outcome(DkimResult.PERMERROR, fault.get(), Optional.of(record))
                        : compare(signature, header, hashes, record);
            }
        };
    }

    private static Outcome bad(String reason) {
        return new Outcome(DkimResult.PERMERROR, reason, Optional.empty());
    }

    private static String moment(long seconds) {
        try {
            return Instant.ofEpochSecond(seconds).toString();
        } catch (DateTimeException e) {
            return seconds + " seconds after 1970";
        }
    }

    /** RFC 6376 6.1.2: whether the key may be used for this signature. */
    private static Optional<String> fault(KeyRecord record, DkimSignature signature, DkimAlgorithm algorithm) {
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
        if (record.strict() && !signature.identityDomain().equals(signature.domain())) {
            return Optional.of("the key is for its very domain only (t=s), i= is below it");
        }
        if (algorithm == DkimAlgorithm.RSA_SHA256 && record.bits() < LEAST_RSA_BITS) {
            return Optional.of("an RSA key of " + record.bits() + " bits is too short (RFC 8301)");
        }
        return Optional.empty();
    }

    private static Outcome compare(DkimSignature signature, HeaderHash header, BodyHashes hashes, KeyRecord record) {
        Optional<BodyHashes.Finished> body = hashes.of(signature.bodyForm(), signature.length());
        if (body.isEmpty()) {
            return new Outcome(DkimResult.POLICY, "the body was not hashed", Optional.of(record));
        }
        if (signature.length().isPresent()
                && signature.length().getAsLong() > body.get().canonicalLength()) {
            // RFC 6376 3.5: l= must not be more than there is.
            return new Outcome(
                    DkimResult.PERMERROR,
                    "l=" + signature.length().getAsLong() + ", but the body has "
                            + body.get().canonicalLength() + " octets",
                    Optional.of(record));
        }
        boolean headerHolds = record.key().orElseThrow().verifies(header.input(signature), signature.signatureOctets());
        boolean bodyHolds = body.get().base64().equals(signature.bodyHash());
        if (headerHolds && bodyHolds) {
            return new Outcome(DkimResult.PASS, remark(signature, body.get()), Optional.of(record));
        }
        return new Outcome(DkimResult.FAIL, explanation(headerHolds, bodyHolds, header), Optional.of(record));
    }

    /** RFC 6376 8.2: what lies behind l= may be anybody's. */
    private static String remark(DkimSignature signature, BodyHashes.Finished body) {
        return signature.length().isPresent() && signature.length().getAsLong() < body.canonicalLength()
                ? "covers only " + signature.length().getAsLong() + " of " + body.canonicalLength()
                        + " octets of the body"
                : "";
    }

    private static String explanation(boolean headerHolds, boolean bodyHolds, HeaderHash header) {
        boolean list = header.has("list-id") || header.has("list-post") || header.has("list-unsubscribe");
        String by = list ? "; a mailing list has handled it" : "";
        if (headerHolds) {
            return "the body was changed after signing" + by + (list ? " and may have added a footer" : "");
        }
        return bodyHolds
                ? "the signature is not of this header" + by + (list ? " and may have tagged the subject" : "")
                : "neither header nor body are as they were signed" + by;
    }
}
