package org.posthorn.queue;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.mail.Envelope;
import org.posthorn.protocol.smtp.EnhancedStatus;
import org.posthorn.queue.SpoolRecord.Place;
import org.posthorn.queue.SpoolRecord.Step;

/**
 * Records as octets: big-endian numbers, texts in UTF-8 after a two-octet length. Decoding throws {@link SpoolFormatException}
 * and nothing else. Not thread-safe where it decodes: domains that were seen are shared.
 *
 * <p>Addresses are two texts, local part and domain. Builds up to 2026-11-23 wrote them as one, under the same version: a record
 * that makes no sense in the one form is read in the other. Neither can be taken for the other, since a single text is followed by a
 * number whose high octets are an empty domain, and lengths have to come out even.
 */
final class SpoolCodec {
    static final int VERSION = 1;
    private static final int SMTP_UTF8 = 1;
    private static final int EIGHT_BIT = 2;
    private static final int IN_FILE = 4;
    private static final int HAS_SENDER = 8;
    private static final int QUARANTINED = 16;
    /** Unknown to builds before, which return such mail as they return any. */
    private static final int SENDER_UNPROVEN = 32;

    private static final int LOCAL = 0;
    private static final int REMOTE = 1;
    private static final int MAX_TEXT = 2000;
    private static final int MAX_SHARED = 10_000;

    private final Map<String, Domain> domains = new HashMap<>();

    /** Whether addresses are read as one text. */
    private boolean joined;

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
        out.integer(envelope.recipients().size());
        for (Address recipient : envelope.recipients()) {
            address(out, recipient);
        }
        return out.bytes();
    }

    static byte[] progress(QueueId id, List<Step> steps) {
        RecordWriter out = new RecordWriter(32 + 64 * steps.size());
        out.text(id.text()).integer(steps.size());
        for (Step step : steps) {
            out.integer(step.recipient()).octet((step.done() ? 1 : 0) | (step.local() ? 2 : 0));
            out.integer(step.attempts()).number(step.nextMillis());
            outcome(out, step.last());
            out.integer(step.finished().size());
            for (Router.Hop hop : step.finished()) {
                out.octet(hop.destination().kind() == Destination.Kind.LOCAL ? LOCAL : REMOTE);
                out.text(hop.destination().name());
                address(out, hop.address());
            }
        }
        return out.bytes();
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
    SpoolRecord decode(int type, ByteBuffer in) {
        int start = in.position();
        try {
            joined = false;
            return decodeOnce(type, in);
        } catch (SpoolFormatException e) {
            if (e.isUnknown() || (type != SpoolRecord.MESSAGE && type != SpoolRecord.PROGRESS)) {
                throw e;
            }
            in.position(start);
            joined = true;
            return decodeOnce(type, in);
        }
    }

    private SpoolRecord decodeOnce(int type, ByteBuffer in) {
        try {
            return switch (type) {
                case SpoolRecord.MESSAGE -> arrival(in);
                case SpoolRecord.PROGRESS -> progress(in);
                case SpoolRecord.REMOVED -> new SpoolRecord.Removed(id(in), in.get() != 0);
                case SpoolRecord.HELD -> new SpoolRecord.Held(id(in), in.get() != 0);
                case SpoolRecord.WARNED -> new SpoolRecord.Warned(id(in));
                case SpoolRecord.CHECKPOINT -> new SpoolRecord.Checkpoint(in.getLong(), in.get() != 0);
                default -> throw new SpoolFormatException("a record of type " + type, true);
            };
        } catch (BufferUnderflowException e) {
            throw new SpoolFormatException("record ends early");
        } catch (IllegalArgumentException e) {
            throw new SpoolFormatException(String.valueOf(e.getMessage()));
        }
    }

    private SpoolRecord arrival(ByteBuffer in) {
        int version = in.get();
        if (version != VERSION) {
            throw new SpoolFormatException("a message of version " + version, true);
        }
        QueueId id = id(in);
        long arrived = in.getLong();
        int flags = in.get();
        int prefix = in.getInt();
        long body = in.getLong();
        Optional<Address> sender = (flags & HAS_SENDER) == 0 ? Optional.empty() : Optional.of(address(in));
        int count = count(in, 4);
        if (count == 0) {
            throw new SpoolFormatException("no recipients");
        }
        List<Address> recipients = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            recipients.add(address(in));
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
                (flags & SENDER_UNPROVEN) != 0);
        return new SpoolRecord.Arrival(id, arrived, envelope, new Place(inFile, in.position(), prefix, body));
    }

    private SpoolRecord progress(ByteBuffer in) {
        SpoolRecord progress = new SpoolRecord.Progress(id(in), steps(in));
        if (in.hasRemaining()) {
            throw new SpoolFormatException("octets behind the recipients");
        }
        return progress;
    }

    private List<Step> steps(ByteBuffer in) {
        int count = count(in, 22);
        List<Step> steps = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int recipient = in.getInt();
            int flags = in.get();
            steps.add(new Step(
                    recipient, (flags & 1) != 0, (flags & 2) != 0, in.getInt(), in.getLong(), outcome(in), hops(in)));
        }
        return steps;
    }

    private static Optional<DeliveryOutcome> outcome(ByteBuffer in) {
        int kind = in.get();
        if (kind == 0) {
            return Optional.empty();
        }
        String relay = text(in);
        EnhancedStatus status = EnhancedStatus.parse(text(in));
        String text = text(in);
        return Optional.of(
                switch (kind) {
                    case 1 -> new DeliveryOutcome.Delivered(relay, status, text);
                    case 2, 3 -> new DeliveryOutcome.Deferred(relay, status, text, kind == 3);
                    case 4, 5 -> new DeliveryOutcome.Failed(relay, status, text, kind == 5);
                    default -> throw new SpoolFormatException("outcome of kind " + kind);
                });
    }

    private List<Router.Hop> hops(ByteBuffer in) {
        int count = count(in, 5);
        List<Router.Hop> hops = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int code = in.get();
            if (code != LOCAL && code != REMOTE) {
                throw new SpoolFormatException("destination of kind " + code);
            }
            Destination.Kind kind = code == LOCAL ? Destination.Kind.LOCAL : Destination.Kind.REMOTE;
            hops.add(new Router.Hop(new Destination(kind, text(in)), address(in)));
        }
        return List.copyOf(hops);
    }

    /** A count of elements that take at least so many octets each: what cannot be there is not allocated for. */
    private static int count(ByteBuffer in, int least) {
        int count = in.getInt();
        if (count < 0 || (long) count * least > in.remaining() + (long) least) {
            throw new SpoolFormatException("count of " + count);
        }
        return count;
    }

    private static QueueId id(ByteBuffer in) {
        return new QueueId(text(in));
    }

    /** Addresses were checked when they came; what is read back is not parsed again, only taken apart. */
    private Address address(ByteBuffer in) {
        String localPart = text(in);
        String name;
        if (joined) {
            int at = localPart.lastIndexOf('@');
            name = localPart.substring(at + 1);
            localPart = localPart.substring(0, Math.max(at, 0));
        } else {
            name = text(in);
        }
        if (localPart.isEmpty() || name.isEmpty()) {
            throw new SpoolFormatException("not an address");
        }
        if (domains.size() > MAX_SHARED) {
            domains.clear();
        }
        return new Address(localPart, domains.computeIfAbsent(name, Domain::new));
    }

    private static String text(ByteBuffer in) {
        byte[] bytes = new byte[Short.toUnsignedInt(in.getShort())];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
