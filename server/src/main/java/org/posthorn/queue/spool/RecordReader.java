package org.posthorn.queue.spool;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.posthorn.mail.Address;
import org.posthorn.protocol.smtp.EnhancedStatus;
import org.posthorn.queue.DeliveryOutcome;
import org.posthorn.queue.QueueId;

/** Takes the octets of one record apart: what {@link RecordWriter} has put together. Not thread-safe. */
final class RecordReader {
    private final ByteBuffer in;
    private final SharedDomains domains;

    /** @param domains shares them between records */
    RecordReader(ByteBuffer in, SharedDomains domains) {
        this.in = in;
        this.domains = domains;
    }

    int octet() {
        return Byte.toUnsignedInt(in.get());
    }

    int integer() {
        return in.getInt();
    }

    long number() {
        return in.getLong();
    }

    boolean flag() {
        return in.get() != 0;
    }

    String text() {
        byte[] bytes = new byte[Short.toUnsignedInt(in.getShort())];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    QueueId id() {
        return new QueueId(text());
    }

    /** Addresses were checked when they came; what is read back is not parsed again, only taken apart. */
    Address address() {
        return domains.address(text(), text());
    }

    /** An address of builds up to 2026-11-23: one text. */
    Address joinedAddress() {
        String text = text();
        int at = text.lastIndexOf('@');
        return domains.address(text.substring(0, Math.max(at, 0)), text.substring(at + 1));
    }

    /** A count of elements that take at least so many octets each: what cannot be there is not allocated for. */
    int count(int least) {
        int count = in.getInt();
        if (count < 0 || (long) count * least > in.remaining() + (long) least) {
            throw new SpoolFormatException("count of " + count);
        }
        return count;
    }

    Optional<DeliveryOutcome> outcome() {
        int kind = in.get();
        if (kind == 0) {
            return Optional.empty();
        }
        String relay = text();
        EnhancedStatus status = EnhancedStatus.parse(text());
        String text = text();
        return Optional.of(
                switch (kind) {
                    case 1 -> new DeliveryOutcome.Delivered(relay, status, text);
                    case 2, 3 -> new DeliveryOutcome.Deferred(relay, status, text, kind == 3);
                    case 4, 5 -> new DeliveryOutcome.Failed(relay, status, text, kind == 5);
                    default -> throw new SpoolFormatException("outcome of kind " + kind);
                });
    }

    /** Where the next octet is, from the record's start. */
    int position() {
        return in.position();
    }

    /** Octets that are left. */
    int remaining() {
        return in.remaining();
    }

    /** The record must be used up. */
    void end() {
        if (in.hasRemaining()) {
            throw new SpoolFormatException("octets behind the recipients");
        }
    }
}
