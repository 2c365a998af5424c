package org.posthorn.protocol.dkim;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** Judges one signature whose message has gone by: time, key, body, header, in the order of RFC 6376 6.1. */
public final class SignatureCheck {
    /**
     * What has become of it.
     *
     * @param reason why it did not pass; "" for a plain pass
     * @param key the record, where it was found
     */
    public record Outcome(DkimResult result, String reason, Optional<KeyRecord> key) {}

    private SignatureCheck() {}

    /**
     * Judges a signature.
     *
     * @param hashes finished
     */
    public static Outcome check(
            DkimSignature signature, HeaderHash header, BodyHashes hashes, KeyLookup keys, Instant now) {
        if (signature.expiry().isPresent() && signature.expiry().getAsLong() < now.getEpochSecond()) {
            return bad("expired at " + moment(signature.expiry().getAsLong()));
        }
        if (signature.time().isPresent()
                && signature.time().getAsLong()
                        > now.plus(DkimVerifier.CLOCK_SKEW).getEpochSecond()) {
            return bad("made in the future, at " + moment(signature.time().getAsLong()));
        }
        boolean below = !signature.identityDomain().equals(signature.domain());
        return switch (keys.usable(signature.algorithm(), signature.keyName(), below)) {
            case KeyLookup.Found.Unknown(var reason) -> new Outcome(DkimResult.TEMPERROR, reason, Optional.empty());
            case KeyLookup.Found.Unusable(var reason, var record) -> new Outcome(DkimResult.PERMERROR, reason, record);
            case KeyLookup.Found.Key(var record) -> compare(signature, header, hashes, record);
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
        ListMarks marks = ListMarks.of(signature, header, hashes, record.key().orElseThrow(), headerHolds, bodyHolds);
        return new Outcome(
                DkimResult.FAIL,
                marks.reason().orElseGet(() -> explanation(headerHolds, bodyHolds, header)),
                Optional.of(record));
    }

    /** RFC 6376 8.2: what lies behind l= may be anybody's. */
    private static String remark(DkimSignature signature, BodyHashes.Finished body) {
        return signature.length().isPresent() && signature.length().getAsLong() < body.canonicalLength()
                ? "covers only " + signature.length().getAsLong() + " of " + body.canonicalLength()
                        + " octets of the body"
                : "";
    }

    private static String explanation(boolean headerHolds, boolean bodyHolds, HeaderHash header) {
        boolean list = header.isOfList() || header.has("list-unsubscribe");
        String by = list ? "; a mailing list has handled it" : "";
        if (headerHolds) {
            return "the body was changed after signing" + by + (list ? " and may have added a footer" : "");
        }
        return bodyHolds
                ? "the signature is not of this header" + by + (list ? " and may have tagged the subject" : "")
                : "neither header nor body are as they were signed" + by;
    }
}
