package org.posthorn.intake;

import java.util.Map;
import org.posthorn.mail.Address;
import org.posthorn.protocol.smtp.SmtpReply;

/** A message whose data is arriving. Used by one thread; closing it before {@link #finish} drops it. */
public interface IncomingMessage extends AutoCloseable {
    /**
     * The next bytes of the message, dot-unstuffed, with CRLF line ends. Never throws: what goes wrong shows in
     * {@link #finish}, and the bytes that follow are dropped.
     */
    void write(byte[] bytes, int offset, int length);

    /** All bytes are there: judge the message and make it durable. Positive only when it is on stable storage. */
    Verdict finish();

    /** As {@link #finish} for a client that hears of each recipient (RFC 2033 4.2): one may be refused where others are taken. */
    default Receipt finishForEach() {
        return new Receipt(finish(), Map.of());
    }

    /**
     * What becomes of a message for each of its recipients.
     *
     * @param verdict for most
     * @param apart for those that have another
     */
    record Receipt(Verdict verdict, Map<Address, Verdict> apart) {
        public Receipt {
            apart = Map.copyOf(apart);
        }

        /** What becomes of it for one. */
        public Verdict of(Address recipient) {
            return apart.getOrDefault(recipient, verdict);
        }
    }

    @Override
    void close();

    /** Stands for a message that could not begin: whatever comes is dropped. */
    static IncomingMessage refused(Verdict verdict) {
        return new RefusedMessage(verdict);
    }

    /** What becomes of the message. */
    sealed interface Verdict {
        /** For want of room on the disk of the queue. */
        Deferred NO_ROOM = new Deferred(SmtpReply.of(452, "4.3.1", "Insufficient system storage"));

        SmtpReply reply();

        /** It is ours now. */
        record Accepted(String queueId, SmtpReply reply) implements Verdict {
            public Accepted(String queueId) {
                this(queueId, SmtpReply.of(250, "2.0.0", "Ok: queued as " + queueId));
            }
        }

        /** We do not want it. */
        record Rejected(SmtpReply reply) implements Verdict {}

        /** We cannot take it now. */
        record Deferred(SmtpReply reply) implements Verdict {}
    }
}
