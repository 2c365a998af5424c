package org.posthorn.queue.spool;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.posthorn.mail.Address;
import org.posthorn.mail.Envelope;
import org.posthorn.queue.DeliveryOutcome;
import org.posthorn.queue.Destination;
import org.posthorn.queue.QueueId;
import org.posthorn.queue.RecipientState;
import org.posthorn.queue.RecipientState.Attempts;
import org.posthorn.queue.Router;

/**
 * Records of version 1, which knew two kinds of destinations and nothing of a recipient but its address. Read, never written.
 *
 * <p>Addresses are two texts, local part and domain. Builds up to 2026-11-23 wrote them as one, under the same version: a record
 * that makes no sense in the one form is read in the other. Neither can be taken for the other, since a single text is followed by a
 * number whose high octets are an empty domain, and lengths have to come out even.
 */
final class OldRecords {
    private static final int LOCAL = 0;
    private static final int REMOTE = 1;

    private OldRecords() {}

    /** A message; its first octet, the version, was looked at. */
    static SpoolRecord message(ByteBuffer in, SharedDomains domains) {
        return inEitherForm(in, domains, OldRecords::message);
    }

    static SpoolRecord progress(ByteBuffer in, SharedDomains domains) {
        return inEitherForm(in, domains, OldRecords::progress);
    }

    /** Reads the parts of a record of one form. */
    private interface Form {
        SpoolRecord read(RecordReader in, Function<RecordReader, Address> address);
    }

    private static SpoolRecord inEitherForm(ByteBuffer in, SharedDomains domains, Form form) {
        int start = in.position();
        try {
            return form.read(new RecordReader(in, domains), RecordReader::address);
        } catch (SpoolFormatException | BufferUnderflowException | IllegalArgumentException e) {
            in.position(start);
            return form.read(new RecordReader(in, domains), RecordReader::joinedAddress);
        }
    }

    private static SpoolRecord message(RecordReader in, Function<RecordReader, Address> address) {
        SpoolCodec.Head head = SpoolCodec.Head.read(in);
        Optional<Address> sender = head.hasSender() ? Optional.of(address.apply(in)) : Optional.empty();
        int count = in.count(4);
        List<Address> recipients = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            recipients.add(address.apply(in));
        }
        return head.arrival(
                in, sender, recipients.stream().map(Envelope.Recipient::of).toList(), Envelope.Notification.UNASKED);
    }

    private static SpoolRecord progress(RecordReader in, Function<RecordReader, Address> address) {
        QueueId id = in.id();
        int count = in.count(22);
        Map<Integer, RecipientState> states = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            int recipient = in.integer();
            int flags = in.octet();
            int attempts = in.integer();
            long nextMillis = in.number();
            Optional<DeliveryOutcome> last = in.outcome();
            Attempts tried = new Attempts(attempts, last, hops(in, address), (flags & 2) != 0);
            states.put(recipient, state((flags & 1) != 0, nextMillis, tried));
        }
        in.end();
        return new SpoolRecord.States(id, states);
    }

    private static RecipientState state(boolean done, long nextMillis, Attempts tried) {
        if (!done) {
            return new RecipientState.Waiting(tried, nextMillis);
        }
        return tried.last().filter(DeliveryOutcome.Failed.class::isInstance).isPresent()
                ? new RecipientState.Failed(tried)
                : new RecipientState.Delivered(tried);
    }

    private static Set<Router.Hop> hops(RecordReader in, Function<RecordReader, Address> address) {
        int count = in.count(5);
        Set<Router.Hop> hops = new LinkedHashSet<>();
        for (int i = 0; i < count; i++) {
            int kind = in.octet();
            if (kind != LOCAL && kind != REMOTE) {
                throw new SpoolFormatException("destination of kind " + kind);
            }
            Destination destination = kind == LOCAL ? Destination.mailbox(in.text()) : Destination.smtp(in.text());
            hops.add(new Router.Hop(destination, address.apply(in)));
        }
        return hops;
    }
}
