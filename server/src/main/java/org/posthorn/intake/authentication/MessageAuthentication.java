package org.posthorn.intake.authentication;

import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.posthorn.abuse.CpuTurn;
import org.posthorn.abuse.CpuTurns;
import org.posthorn.dns.Resolver;
import org.posthorn.mail.Address;
import org.posthorn.mail.HeaderField;
import org.posthorn.protocol.arc.ArcVerdict;
import org.posthorn.protocol.arc.ArcVerifier;
import org.posthorn.protocol.dkim.BodyHashes;
import org.posthorn.protocol.dkim.Canonicalization;
import org.posthorn.protocol.dkim.DkimResult;
import org.posthorn.protocol.dkim.DkimVerdict;
import org.posthorn.protocol.dkim.DkimVerifier;
import org.posthorn.protocol.dmarc.AuthenticatedDomain;
import org.posthorn.protocol.dmarc.AuthenticatedDomain.Mechanism;
import org.posthorn.protocol.dmarc.AuthenticatedDomain.Outcome;
import org.posthorn.protocol.dmarc.AuthorDomain;
import org.posthorn.protocol.dmarc.DmarcVerdict;
import org.posthorn.protocol.dmarc.Policy;
import org.posthorn.protocol.spf.SpfQuery;
import org.posthorn.protocol.spf.SpfResult;
import org.posthorn.protocol.spf.SpfVerdict;

/** One message's authentication, from its envelope to its end. Used by one thread; memory does not grow with the body. */
public final class MessageAuthentication {
    private static final DkimVerdict DKIM_UNKNOWN = new DkimVerdict(
            DkimResult.TEMPERROR, "", "", "", "", "look-ups took too long", 0, false, OptionalLong.empty(), "");

    /** Characters of a HELO name; no longer one is in the DNS. */
    private static final int MAX_HELO = 255;

    private static final Signatures UNKNOWN = new Signatures(List.of(DKIM_UNKNOWN), Optional.empty());

    private final MessageAuthenticator shared;
    private final InetAddress client;
    private final Optional<Address> mailFrom;
    private final Pending<Iprev> iprev;
    private final Pending<Optional<SpfVerdict>> spf;
    private final Pending<Optional<SpfVerdict>> spfOfHelo;
    /** For the signatures, whose keys and texts strangers choose. */
    private final CpuTurn turn;

    private final BodyHashes hashes = new BodyHashes();
    private Optional<DkimVerifier.Verification> signatures = Optional.empty();
    private Optional<ArcVerifier.Verification> chain = Optional.empty();
    private AuthorDomain author = new AuthorDomain.Unusable(AuthorDomain.Fault.ABSENT);
    private List<HeaderField> header = List.of();

    MessageAuthentication(MessageAuthenticator shared, InetAddress client, String helo, Optional<Address> mailFrom) {
        this.shared = shared;
        this.client = client;
        this.turn = CpuTurns.OF_PROCESS.begin(client);
        turn.rest();
        this.mailFrom = mailFrom;
        this.iprev = Pending.start(shared.room, () -> Iprev.check(shared.resolver, client), Iprev.UNKNOWN);
        String name = helo.length() > MAX_HELO ? "" : helo;
        this.spf = spf(new SpfQuery(client, name, mailFrom.map(Address::toString)));
        this.spfOfHelo = spf(new SpfQuery(client, name, Optional.empty()));
    }

    private Pending<Optional<SpfVerdict>> spf(SpfQuery query) {
        return Pending.start(
                shared.room, () -> Optional.of(shared.spf.check(query, shared.clock.instant())), Optional.empty());
    }

    /** The whole header, in order, before any of the body. Keys and policy are asked for from now on. */
    public void header(List<HeaderField> fields) {
        header = fields;
        author = AuthorDomain.of(fields);
        Resolver resting = new RestingResolver(shared.resolver, turn);
        DkimVerifier.Verification verification = new DkimVerifier(resting).begin(fields, hashes);
        signatures = Optional.of(verification);
        chain = Optional.of(new ArcVerifier(resting).begin(fields, hashes));
        // Answers stay in the resolver's cache until the message is over.
        for (String name : verification.keyNames()) {
            Pending.start(shared.room, () -> shared.resolver.txt(name).isSecure(), false);
        }
        if (author instanceof AuthorDomain.One(var domain)) {
            Pending.start(
                    shared.room, () -> shared.dmarc.organizationalDomain(domain).isPresent(), false);
        }
    }

    /** Has the whole body hashed for a seal of ours; before any of the body. */
    public void hashForSeal() {
        hashes.want(Canonicalization.RELAXED, OptionalLong.empty());
    }

    /** That hash, when {@link #finish} has given a verdict on the message's chain. */
    public Optional<String> hashOfSeal() {
        return hashes.of(Canonicalization.RELAXED, OptionalLong.empty()).map(BodyHashes.Finished::base64);
    }

    /** The next bytes of the body. */
    public void body(byte[] bytes, int offset, int length) {
        hashes.update(bytes, offset, length);
    }

    /** The name of the client, confirmed by its address; waits for it. */
    public Optional<String> clientName() {
        return iprev.await(System.nanoTime() + shared.patience.toNanos()).name();
    }

    /** The message is over. Waits for what is still being looked up, within the time limit. */
    public Authentication finish() {
        long deadline = System.nanoTime() + shared.patience.toNanos();
        Signatures signed =
                Pending.start(shared.room, this::signatures, UNKNOWN).await(deadline);
        List<DkimVerdict> dkim = signed.dkim();
        Optional<SpfVerdict> sender = spf.await(deadline);
        DmarcVerdict dmarc = Pending.start(
                        shared.room, () -> shared.dmarc.check(author, identifiers(sender, dkim)), unknown())
                .await(deadline);
        return new Authentication(
                client,
                iprev.await(deadline),
                sender,
                mailFrom.isPresent() ? spfOfHelo.await(deadline) : Optional.empty(),
                dkim,
                signed.arc(),
                author,
                dmarc,
                ListDamage.describe(header, dkim, author, dmarc));
    }

    /** What the message's signatures say; one after the other, since they share the hashes of the body. */
    private record Signatures(List<DkimVerdict> dkim, Optional<ArcVerdict> arc) {}

    private Signatures signatures() {
        Instant now = shared.clock.instant();
        try (turn) {
            turn.pause();
            return new Signatures(
                    signatures.map(verification -> verification.finish(now)).orElse(List.of()),
                    chain.map(verification -> verification.finish(now)));
        }
    }

    private List<AuthenticatedDomain> identifiers(Optional<SpfVerdict> sender, List<DkimVerdict> dkim) {
        List<AuthenticatedDomain> identifiers = new ArrayList<>();
        if (sender.isPresent()) {
            SpfVerdict verdict = sender.get();
            identifiers.add(new AuthenticatedDomain(Mechanism.SPF, verdict.domain(), outcome(verdict.result())));
        } else {
            mailFrom.ifPresent(address -> identifiers.add(
                    new AuthenticatedDomain(Mechanism.SPF, address.domain().name(), Outcome.TEMPERROR)));
        }
        for (DkimVerdict verdict : dkim) {
            if (!verdict.domain().isEmpty()) {
                identifiers.add(new AuthenticatedDomain(Mechanism.DKIM, verdict.domain(), outcome(verdict.result())));
            }
        }
        return identifiers;
    }

    private static Outcome outcome(SpfResult result) {
        return switch (result) {
            case PASS -> Outcome.PASS;
            case TEMPERROR -> Outcome.TEMPERROR;
            case NONE, NEUTRAL, FAIL, SOFTFAIL, PERMERROR -> Outcome.OTHER;
        };
    }

    private static Outcome outcome(DkimResult result) {
        return switch (result) {
            case PASS -> Outcome.PASS;
            case TEMPERROR -> Outcome.TEMPERROR;
            case NONE, FAIL, POLICY, NEUTRAL, PERMERROR -> Outcome.OTHER;
        };
    }

    private DmarcVerdict unknown() {
        Optional<String> domain =
                author instanceof AuthorDomain.One(var one) ? Optional.of(one.name()) : Optional.empty();
        return new DmarcVerdict(
                DmarcVerdict.Result.TEMPERROR,
                domain,
                Policy.NONE,
                Policy.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of("look-ups took too long"));
    }
}
