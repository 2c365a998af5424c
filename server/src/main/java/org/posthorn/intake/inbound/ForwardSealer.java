package org.posthorn.intake.inbound;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.posthorn.directory.Directory;
import org.posthorn.directory.Resolution;
import org.posthorn.intake.authentication.Authentication;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.HeaderField;
import org.posthorn.protocol.arc.ArcSealer;
import org.posthorn.protocol.dkim.DkimKey;
import org.posthorn.protocol.dkim.DkimSigner;
import org.posthorn.signing.DkimSigners;

/**
 * Seals mail that an alias sends on to somebody elsewhere (RFC 8617 5.1), in the name of the domain that it was sent to: the
 * next server cannot see by SPF whence it came, and may believe what we saw. Thread-safe.
 */
public final class ForwardSealer {
    private static final String COMPONENT = "cleanup";

    private final Directory directory;
    private final DkimSigners signers;
    private final InstantSource clock;
    private final MailLog log;

    public ForwardSealer(Directory directory, DkimSigners signers, InstantSource clock, MailLog log) {
        this.directory = directory;
        this.signers = signers;
        this.clock = clock;
        this.log = log;
    }

    /** The domain in whose name the message goes on; empty where none of it leaves us. */
    Optional<Domain> forwarder(Envelope envelope) {
        return envelope.addresses().stream()
                .filter(this::leavesUs)
                .map(Address::domain)
                .findFirst();
    }

    /** Follows aliases, each address once. */
    private boolean leavesUs(Address recipient) {
        Set<Address> seen = new HashSet<>();
        Deque<Address> open = new ArrayDeque<>(List.of(recipient));
        while (!open.isEmpty()) {
            Address address = open.pop();
            if (seen.add(address)) {
                switch (directory.resolve(address)) {
                    case Resolution.Forward(var targets) -> targets.forEach(open::push);
                    case Resolution.NotLocal() -> {
                        return true;
                    }
                    case Resolution.Mailbox _, Resolution.UnknownUser _ -> {}
                }
            }
        }
        return false;
    }

    /**
     * Seals a message.
     *
     * @param fields its header as it goes on, but for what we put before it
     * @param judged what we found; a message whose chain could not be judged in time is not sealed
     * @param results our Authentication-Results field
     * @param bodyHash of the whole body in relaxed form
     * @return the set's fields, each with CRLF; "" for a message that is not sealed
     */
    String seal(
            String queueId,
            Domain domain,
            List<HeaderField> fields,
            Authentication judged,
            String results,
            String bodyHash) {
        Optional<DkimSigner> signer = signer(queueId, domain);
        Optional<DkimKey> key = signer.flatMap(DkimSigner::sealingKey);
        if (signer.isEmpty() || key.isEmpty() || judged.arc().isEmpty()) {
            log.info(
                    COMPONENT, queueId, "not-sealed", "domain", domain, "why", key.isEmpty() ? "no key" : "no verdict");
            return "";
        }
        String payload = new HeaderField(results.stripTrailing()).value();
        // A subdomain may have the keys of the domain above it.
        return new ArcSealer(signer.get().domain(), key.get())
                .seal(fields, judged.arc().get(), payload, bodyHash, clock.instant())
                .orElse("");
    }

    private Optional<DkimSigner> signer(String queueId, Domain domain) {
        try {
            return signers.of(domain);
        } catch (IOException e) {
            log.failure(MailLog.Level.WARNING, COMPONENT, queueId, "sealing-key-unreadable", e, "domain", domain);
            return Optional.empty();
        }
    }
}
