package org.posthorn.dns;

import java.io.IOException;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;
import org.xbill.DNS.dnssec.ValidatingResolver;

/**
 * Answers whose signatures were checked from the trust anchors down (RFC 4035 5), by dnsjava's validator. Around it stand
 * what it lacks: a limit of the work that one answer may cause, a failure to get keys is a failure and never an insecure
 * answer, and an unsigned answer without any record can be insecure too. Thread-safe.
 */
final class Validator implements LookUp.Source {
    /** Zones that may have signed one answer: a chain of {@link LookUp#MAX_ALIASES} aliases and its end has no more. */
    static final int MAX_SIGNERS = LookUp.MAX_ALIASES + 2;

    /** RRSIG records of one answer that are worth looking at. */
    static final int MAX_SIGNATURES = 100;

    /** It logs every bogus answer as an error of the program; we give the reason to those who asked. Held, lest the level be forgotten. */
    private static final Logger LOGGER = Logger.getLogger(ValidatingResolver.class.getPackageName());

    private final KeyChain keys;
    private final ValidatingResolver validating;

    Validator(KeyChain.Source servers, TrustAnchors anchors, InstantSource clock) {
        LOGGER.setLevel(Level.OFF);
        keys = new KeyChain(servers, clock);
        validating = new ValidatingResolver(keys, new ClockOf(clock));
        validating.setAddReasonToAdditional(false);
        try {
            validating.loadTrustAnchors(anchors.stream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws LookUpException also when the answer is bogus ({@link FailureKind#BOGUS}), with the reason after RFC 8914 */
    @Override
    public LookUp.Reply ask(Name name, int type) throws IOException {
        Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
        try (Validation validation = keys.begin(query)) {
            Message reply = validating
                    .sendAsync(query, validation)
                    .toCompletableFuture()
                    .join();
            boolean secure = reply.getHeader().getFlag(Flags.AD);
            Optional<IOException> failure = validation.failure();
            if (!secure && failure.isPresent()) {
                // Without a key or a proof that there is none, nothing was shown: not even that the answer is insecure.
                throw failure.get();
            }
            if (reply.getRcode() != Rcode.NOERROR && reply.getRcode() != Rcode.NXDOMAIN) {
                throw new LookUpException(FailureKind.BOGUS, "DNSSEC" + ExtendedErrors.of(reply));
            }
            return new LookUp.Reply(reply, secure);
        } catch (CompletionException e) {
            if (e.getCause() instanceof AliasOnly) {
                // The alias can be validated by itself; its target is the next question.
                return ask(name, Type.CNAME);
            }
            throw e.getCause() instanceof IOException cause
                    ? cause
                    : new LookUpException(FailureKind.MALFORMED, "answer that cannot be validated: " + e.getCause());
        }
    }

    /** Whether the servers hand out the root's keys with their signatures, and a trust anchor knows them. */
    boolean reachesRoot() {
        try {
            return ask(Name.root, Type.DNSKEY).secure();
        } catch (IOException e) {
            return false;
        }
    }

    /** An answer that holds an alias into another zone and nothing of what is there: authoritative servers give such. */
    private static final class AliasOnly extends IOException {
        @Serial
        private static final long serialVersionUID = 1L;
    }

    /** The answer to the question itself, before validation: not one that makes much work, and never quite empty. */
    static Message prepared(Message reply) throws IOException {
        Set<Name> signers = new HashSet<>();
        int signatures = 0;
        for (int section : new int[] {Section.ANSWER, Section.AUTHORITY}) {
            for (Record record : reply.getSection(section)) {
                if (record instanceof RRSIGRecord signature) {
                    signers.add(signature.getSigner());
                    signatures++;
                }
            }
        }
        if (signers.size() > MAX_SIGNERS || signatures > MAX_SIGNATURES) {
            throw new LookUpException(
                    FailureKind.MALFORMED, signatures + " signatures of " + signers.size() + " zones in one answer");
        }
        if (isAliasOnly(reply)) {
            throw new AliasOnly();
        }
        if (reply.getSection(Section.ANSWER).isEmpty()
                && reply.getSection(Section.AUTHORITY).isEmpty()) {
            // The validator takes every empty answer for bogus. With an unsigned record it looks whether the zone
            // is signed at all; a lifetime of 0 keeps the answer out of the cache (RFC 2308 5).
            Name name = reply.getQuestion().getName();
            reply.addRecord(new SOARecord(name, DClass.IN, 0, name, name, 0, 0, 0, 0, 0), Section.AUTHORITY);
        }
        return reply;
    }

    /** The validator would take it for a denial without proof. */
    private static boolean isAliasOnly(Message reply) {
        int type = reply.getQuestion().getType();
        List<Record> answer = reply.getSection(Section.ANSWER);
        return type != Type.CNAME
                && reply.getRcode() == Rcode.NOERROR
                && answer.stream().anyMatch(CNAMERecord.class::isInstance)
                && answer.stream().noneMatch(record -> record.getType() == type)
                && reply.getSection(Section.AUTHORITY).stream().noneMatch(SOARecord.class::isInstance);
    }

    /** dnsjava asks for a {@link Clock}. */
    private static final class ClockOf extends Clock {
        private final InstantSource source;

        ClockOf(InstantSource source) {
            this.source = source;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return source.instant();
        }
    }
}
