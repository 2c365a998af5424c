package org.posthorn.protocol.arc;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.posthorn.dns.Resolver;
import org.posthorn.mail.HeaderField;
import org.posthorn.protocol.arc.ArcChain.Link;
import org.posthorn.protocol.dkim.BodyHashes;
import org.posthorn.protocol.dkim.DkimResult;
import org.posthorn.protocol.dkim.HeaderHash;
import org.posthorn.protocol.dkim.KeyLookup;
import org.posthorn.protocol.dkim.SignatureCheck;

/** Verifies the chain of messages (RFC 8617 5.2). Thread-safe. */
public final class ArcVerifier {
    /** Sets of a chain. */
    public static final int MAX_SETS = ArcChain.MAX_SETS;

    private final Resolver resolver;

    public ArcVerifier(Resolver resolver) {
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
        List<HeaderField> ours = ArcChain.fields(fields);
        if (ours.isEmpty()) {
            return new Verification(Optional.empty(), ArcVerdict.none(), fields, hashes);
        }
        try {
            ArcChain chain = ArcChain.parse(ours);
            for (Link link : chain.links().reversed()) {
                hashes.want(link.signature().bodyForm(), link.signature().length());
            }
            return new Verification(Optional.of(chain), ArcVerdict.none(), fields, hashes);
        } catch (ArcSyntaxException e) {
            int highest = ours.stream().mapToInt(ArcField::instance).max().orElse(0);
            ArcVerdict verdict = ArcVerdict.fail(e.reason(), List.of(), highest, ArcChain.closed(ours));
            return new Verification(Optional.empty(), verdict, fields, hashes);
        }
    }

    /** One message on its way. Used by one thread. */
    public final class Verification {
        private final Optional<ArcChain> chain;
        private final ArcVerdict otherwise;
        private final List<HeaderField> fields;
        private final BodyHashes hashes;

        private Verification(
                Optional<ArcChain> chain, ArcVerdict otherwise, List<HeaderField> fields, BodyHashes hashes) {
            this.chain = chain;
            this.otherwise = otherwise;
            this.fields = List.copyOf(fields);
            this.hashes = hashes;
        }

        /** The next bytes of the body; only for hashes of one's own, shared ones are fed by who shares them. */
        public void body(byte[] bytes, int offset, int length) {
            hashes.update(bytes, offset, length);
        }

        /** The message is over. */
        public ArcVerdict finish(Instant now) {
            hashes.finish();
            return chain.map(c -> judge(c, now)).orElse(otherwise);
        }

        private ArcVerdict judge(ArcChain chain, Instant now) {
            List<ArcSet> sets = chain.sets();
            int size = sets.size();
            // RFC 8617 5.2 step 2.
            if (chain.closed()) {
                return ArcVerdict.fail("the seal with i=" + size + " says cv=fail", sets, size, true);
            }
            KeyLookup keys = new KeyLookup(resolver);
            HeaderHash header = new HeaderHash(fields);
            Optional<String> fault =
                    signatureFault(chain, size, header, keys, now).or(() -> sealFault(chain, keys));
            return fault.map(reason -> ArcVerdict.fail(reason, sets, size, false))
                    .orElseGet(() -> new ArcVerdict(
                            ArcResult.PASS, "", sets, size, oldestPass(chain, header, keys, now), false));
        }

        /** RFC 8617 5.2 step 4, of one instance. */
        private Optional<String> signatureFault(
                ArcChain chain, int instance, HeaderHash header, KeyLookup keys, Instant now) {
            Link link = chain.links().get(instance - 1);
            SignatureCheck.Outcome outcome = SignatureCheck.check(link.signature(), header, hashes, keys, now);
            return outcome.result() == DkimResult.PASS
                    ? Optional.empty()
                    : Optional.of(ArcField.SIGNATURE + " with i=" + instance + ": " + outcome.reason());
        }

        /** RFC 8617 5.2 step 6, from the newest. */
        private static Optional<String> sealFault(ArcChain chain, KeyLookup keys) {
            List<Link> links = chain.links();
            for (int instance = links.size(); instance > 0; instance--) {
                StringBuilder below = new StringBuilder(4096);
                links.subList(0, instance - 1).forEach(link -> link.append(below));
                links.get(instance - 1).appendLower(below);
                String fault = links.get(instance - 1).seal().fault(below, keys);
                if (!fault.isEmpty()) {
                    return Optional.of(ArcField.SEAL + " with i=" + instance + ": " + fault);
                }
            }
            return Optional.empty();
        }

        /** RFC 8617 5.2 step 5; only for a chain that passes, so that a forged one costs no look-ups. */
        private int oldestPass(ArcChain chain, HeaderHash header, KeyLookup keys, Instant now) {
            int instance = chain.links().size();
            while (instance > 1
                    && signatureFault(chain, instance - 1, header, keys, now).isEmpty()) {
                instance--;
            }
            return instance;
        }
    }
}
