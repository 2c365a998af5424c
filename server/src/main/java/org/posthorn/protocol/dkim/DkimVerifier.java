package org.posthorn.protocol.dkim;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.dns.Resolver;
import org.posthorn.mail.HeaderField;
import org.posthorn.mail.mime.ContentType;

/** Verifies the DKIM signatures of messages (RFC 6376 6). Thread-safe. */
public final class DkimVerifier {
    /** Signatures of a message that are verified, from the top; what is below gets no key look-up (RFC 6376 6.1). */
    public static final int MAX_SIGNATURES = 20;

    /** Characters (RFC 2046 5.1.1). */
    private static final int MAX_BOUNDARY = 70;

    /** How far {@code t=} may lie ahead of our clock: theirs may be wrong. */
    static final Duration CLOCK_SKEW = Duration.ofMinutes(15);

    private final Resolver resolver;

    public DkimVerifier(Resolver resolver) {
        this.resolver = resolver;
    }

    /** As {@link #begin(List, BodyHashes)}, with body hashes that nobody else needs. */
    public Verification begin(List<HeaderField> fields) {
        return begin(fields, new BodyHashes());
    }

    /**
     * Begins with a message whose header is there.
     *
     * @param fields its header, in order
     * @param hashes takes what is needed of the body; several verifiers and signers may share them
     */
    public Verification begin(List<HeaderField> fields, BodyHashes hashes) {
        List<Candidate> candidates = new ArrayList<>();
        int seen = 0;
        for (HeaderField field : fields) {
            if (!field.is("DKIM-Signature")) {
                continue;
            }
            if (++seen > MAX_SIGNATURES) {
                candidates.add(new Candidate.Judged(DkimVerdict.unreadable(
                        DkimResult.POLICY, "more than " + MAX_SIGNATURES + " signatures; the rest is not looked at")));
                break;
            }
            candidates.add(candidate(field, hashes));
        }
        HeaderHash header = new HeaderHash(fields);
        if (!candidates.isEmpty() && header.isOfList()) {
            hashes.lookForFooters(boundary(fields));
        }
        return new Verification(candidates, header, hashes);
    }

    /** Of a multipart message (RFC 2046 5.1.1). */
    private static Optional<String> boundary(List<HeaderField> fields) {
        return fields.stream()
                .filter(field -> field.is("Content-Type"))
                .findFirst()
                .flatMap(field -> ContentType.parse(field.unfolded()))
                .filter(ContentType::isMultipart)
                .flatMap(type -> type.parameter("boundary"))
                .filter(text -> text.length() <= MAX_BOUNDARY);
    }

    private static Candidate candidate(HeaderField field, BodyHashes hashes) {
        try {
            DkimSignature signature = DkimSignature.parse(field);
            // What can never pass is not worth the work.
            if (DkimAlgorithm.find(signature.algorithm()).isPresent()
                    && !hashes.want(signature.bodyForm(), signature.length())) {
                return new Candidate.Judged(DkimVerdict.of(
                        signature, DkimResult.POLICY, "too many different parts of the body signed", Optional.empty()));
            }
            return new Candidate.Legible(signature);
        } catch (DkimSyntaxException e) {
            return new Candidate.Judged(DkimVerdict.unreadable(DkimResult.PERMERROR, e.reason()));
        }
    }

    private sealed interface Candidate {
        record Legible(DkimSignature signature) implements Candidate {}

        record Judged(DkimVerdict verdict) implements Candidate {}
    }

    /** One message on its way. Used by one thread. */
    public final class Verification {
        private final List<Candidate> candidates;
        private final HeaderHash header;
        private final BodyHashes hashes;

        private Verification(List<Candidate> candidates, HeaderHash header, BodyHashes hashes) {
            this.candidates = candidates;
            this.header = header;
            this.hashes = hashes;
        }

        /** The names of the key records that will be asked for, so that a caller may ask for them in good time. */
        public List<String> keyNames() {
            return candidates.stream()
                    .filter(Candidate.Legible.class::isInstance)
                    .map(candidate ->
                            ((Candidate.Legible) candidate).signature().keyName())
                    .distinct()
                    .toList();
        }

        /** The next bytes of the body; only for hashes of one's own, shared ones are fed by who shares them. */
        public void body(byte[] bytes, int offset, int length) {
            hashes.update(bytes, offset, length);
        }

        /** The message is over: a verdict for each signature, from the top; one that says NONE where there is none. */
        public List<DkimVerdict> finish(Instant now) {
            hashes.finish();
            KeyLookup keys = new KeyLookup(resolver);
            List<DkimVerdict> verdicts = new ArrayList<>();
            for (Candidate candidate : candidates) {
                verdicts.add(
                        switch (candidate) {
                            case Candidate.Judged(var verdict) -> verdict;
                            case Candidate.Legible(var signature) -> judge(signature, keys, now);
                        });
            }
            return verdicts.isEmpty()
                    ? List.of(DkimVerdict.unreadable(DkimResult.NONE, "not signed"))
                    : List.copyOf(verdicts);
        }

        private DkimVerdict judge(DkimSignature signature, KeyLookup keys, Instant now) {
            SignatureCheck.Outcome outcome = SignatureCheck.check(signature, header, hashes, keys, now);
            return DkimVerdict.of(signature, outcome.result(), outcome.reason(), outcome.key());
        }
    }
}
