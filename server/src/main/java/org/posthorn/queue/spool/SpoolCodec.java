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
import org.posthorn.mail.Address;
import org.posthorn.mail.Envelope;
import org.posthorn.queue.DeliveryOutcome;
import org.posthorn.queue.Destination;
import org.posthorn.queue.QueueId;
import org.posthorn.queue.RecipientState;
import org.posthorn.queue.RecipientState.Attempts;
import org.posthorn.queue.Router;
import org.posthorn.queue.spool.SpoolRecord.Place;

/**
 * Records as octets: big-endian numbers, texts in UTF-8 after a two-octet length, addresses as two texts. What the sender asked for
 * is written as parameters, each of a number and a text, behind their count: there is room for more, and one that is not known is a
 * later release's. Decoding throws {@link SpoolFormatException} and nothing else. Not thread-safe where it decodes: domains that were seen are shared.
 */
final class SpoolCodec {
    static final int VERSION = 2;
    static final int OLDEST_VERSION = 1;

    private static final int SMTP_UTF8 = 1;
    private static final int EIGHT_BIT = 2;
    private static final int IN_FILE = 4;
    private static final int HAS_SENDER = 8;
    private static final int QUARANTINED = 16;
    private static final int SENDER_UNPROVEN = 32;
    private static final int ALL_FLAGS = 63;

    private static final int WAITING = 0;
    private static final int DELIVERED = 1;
    private static final int FAILED = 2;
    private static final int IN_MAILBOX = 16;

    private static final int MAX_TEXT = 2000;

    private final SharedDomains domains = new SharedDomains();

    /** A message's record up to its prefix. */
    static byte[] arrival(QueueId id, long arrivedMillis, Envelope envelope, boolean inFile, int prefix, long body) {
        RecordWriter out = new RecordWriter(64 + 48 * envelope.recipients().size());
        int flags = (envelope.smtpUtf8() ? SMTP_UTF8 : 0)
                | (envelope.eightBitMime() ? EIGHT_BIT : 0)
                | (inFile ? IN_FILE : 0)
                | (envelope.sender().isPresent() ? HAS_SENDER : 0)
                | (envelope.quarantined() ? QUARANTINED : 0)
                | (envelope.senderUnproven() ? SENDER_UNPROVEN : 0);
        out.octet(VERSION).text(id.text()).number(arrivedMillis).octet(flags);
        out.integer(prefix).number(body);
        envelope.sender().ifPresent(sender -> address(out, sender));
        EnvelopeParameters.write(out, envelope.notification());
        out.integer(envelope.recipients().size());
        for (Envelope.Recipient recipient : envelope.recipients()) {
            address(out, recipient.address());
            EnvelopeParameters.write(out, recipient);
        }
        return out.bytes();
    }

    static byte[] states(QueueId id, Map<Integer, RecipientState> states) {
        RecordWriter out = new RecordWriter(32 + 64 * states.size());
        out.text(id.text()).integer(states.size());
        new TreeMap<>(states).forEach((recipient, state) -> {
            out.integer(recipient);
            state(out, state);
        });
        return out.bytes();
    }

    private static void state(RecordWriter out, RecipientState state) {
        Attempts attempts = state.attempts();
        int kind = switch (state) {
            case RecipientState.Waiting _ -> WAITING;
            case RecipientState.Delivered _ -> DELIVERED;
            case RecipientState.Failed _ -> FAILED;
        };
        out.octet(kind | (attempts.inMailbox() ? IN_MAILBOX : 0)).integer(attempts.count());
        if (state instanceof RecipientState.Waiting waiting) {
            out.number(waiting.nextMillis());
        }
        outcome(out, attempts.last());
        out.integer(attempts.finished().size());
        for (Router.Hop hop : attempts.finished()) {
            out.text(hop.destination().transport()).text(hop.destination().name());
            address(out, hop.address());
        }
    }

    private static void address(RecordWriter out, Address address) {
        out.text(address.localPart()).text(address.domain().name());
    }

    private static void outcome(RecordWriter out, Optional<DeliveryOutcome> outcome) {
        if (outcome.isEmpty()) {
            out.octet(0);
            return;
        }
        DeliveryOutcome known = outcome.get();
        switch (known) {
            case DeliveryOutcome.Delivered ignored -> out.octet(1);
            case DeliveryOutcome.Deferred deferred -> out.octet(deferred.remote() ? 3 : 2);
            case DeliveryOutcome.Failed failed -> out.octet(failed.remote() ? 5 : 4);
        }
        out.text(known.relay()).text(known.status().toString()).text(cut(known.text()));
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    }

    static byte[] removed(QueueId id, boolean local) {
        return new RecordWriter(24).text(id.text()).octet(local ? 1 : 0).bytes();
    }

    static byte[] held(QueueId id, boolean held) {
        return new RecordWriter(24).text(id.text()).octet(held ? 1 : 0).bytes();
    }

    static byte[] warned(QueueId id) {
        return new RecordWriter(24).text(id.text()).bytes();
    }

    static byte[] checkpoint(long number, boolean end) {
        return new RecordWriter(16).number(number).octet(end ? 1 : 0).bytes();
    }

    /** Reads a record; the buffer is used up. */
    SpoolRecord decode(int type, ByteBuffer octets) {
        RecordReader in = new RecordReader(octets, domains);
        try {
            return switch (type) {
                case SpoolRecord.MESSAGE -> message(in, octets);
                case SpoolRecord.PROGRESS -> OldRecords.progress(octets, domains);
                case SpoolRecord.STATES -> states(in);
                case SpoolRecord.REMOVED -> new SpoolRecord.Removed(in.id(), in.flag());
                case SpoolRecord.HELD -> new SpoolRecord.Held(in.id(), in.flag());
                case SpoolRecord.WARNED -> new SpoolRecord.Warned(in.id());
                case SpoolRecord.CHECKPOINT -> new SpoolRecord.Checkpoint(in.number(), in.flag());
                default -> throw new SpoolFormatException("a record of type " + type, true);
            };
        } catch (BufferUnderflowException e) {
            throw new SpoolFormatException("record ends early");
        } catch (IllegalArgumentException e) {
            throw new SpoolFormatException(String.valueOf(e.getMessage()));
        }
    }

    private SpoolRecord message(RecordReader in, ByteBuffer octets) {
        int version = in.octet();
        return switch (version) {
            case OLDEST_VERSION -> OldRecords.message(octets, domains);
            case VERSION -> message(in);
            default -> throw new SpoolFormatException("a message of version " + version, true);
        };
    }

    private static SpoolRecord message(RecordReader in) {
        Head head = Head.read(in);
        if ((head.flags() & ~ALL_FLAGS) != 0) {
            throw new SpoolFormatException("a message with flags " + head.flags(), true);
        }
        Optional<Address> sender = head.hasSender() ? Optional.of(in.address()) : Optional.empty();
        Envelope.Notification notification = EnvelopeParameters.notification(in);
        int count = in.count(5);
        List<Envelope.Recipient> recipients = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            recipients.add(EnvelopeParameters.recipient(in.address(), in));
        }
        return head.arrival(in, sender, recipients, notification);
    }

    private static SpoolRecord states(RecordReader in) {
        QueueId id = in.id();
        int count = in.count(14);
        Map<Integer, RecipientState> states = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            states.put(in.integer(), state(in));
        }
        in.end();
        return new SpoolRecord.States(id, states);
    }

    private static RecipientState state(RecordReader in) {
        int code = in.octet();
        int attempts = in.integer();
        int kind = code & ~IN_MAILBOX;
        long nextMillis = kind == WAITING ? in.number() : 0;
        Attempts tried = new Attempts(attempts, in.outcome(), hops(in), (code & IN_MAILBOX) != 0);
        return switch (kind) {
            case WAITING -> new RecipientState.Waiting(tried, nextMillis);
            case DELIVERED -> new RecipientState.Delivered(tried);
            case FAILED -> new RecipientState.Failed(tried);
            default -> throw new SpoolFormatException("a recipient of state " + kind, true);
        };
    }

    private static Set<Router.Hop> hops(RecordReader in) {
        int count = in.count(8);
        Set<Router.Hop> hops = new LinkedHashSet<>();
        for (int i = 0; i < count; i++) {
            hops.add(new Router.Hop(new Destination(in.text(), in.text()), in.address()));
        }
        return hops;
    }

    /**
     * What a message begins with behind its version, the same in both.
     *
     * @param prefix octets of the prefix
     * @param body octets of the body
     */
    record Head(QueueId id, long arrivedMillis, int flags, int prefix, long body) {
        static Head read(RecordReader in) {
            return new Head(in.id(), in.number(), in.octet(), in.integer(), in.number());
        }

        boolean hasSender() {
            return (flags & HAS_SENDER) != 0;
        }

        /** The message, of which the content is left to read. */
        SpoolRecord.Arrival arrival(
                RecordReader in,
                Optional<Address> sender,
                List<Envelope.Recipient> recipients,
                Envelope.Notification notification) {
            if (recipients.isEmpty()) {
                throw new SpoolFormatException("no recipients");
            }
            boolean inFile = (flags & IN_FILE) != 0;
            if (prefix < 0 || body < 0 || (inFile ? prefix : prefix + body) != in.remaining()) {
                throw new SpoolFormatException("content of another length");
            }
            Envelope envelope = new Envelope(
                    sender,
                    recipients,
                    (flags & SMTP_UTF8) != 0,
                    (flags & EIGHT_BIT) != 0,
                    (flags & QUARANTINED) != 0,
                    (flags & SENDER_UNPROVEN) != 0,
                    notification);
            return new SpoolRecord.Arrival(id, arrivedMillis, envelope, new Place(inFile, in.position(), prefix, body));
        }
    }
}
