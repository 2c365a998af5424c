package org.posthorn.server.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.abuse.CpuTurn;
import org.posthorn.abuse.CpuTurns;
import org.posthorn.intake.IncomingMessage;
import org.posthorn.intake.IncomingMessage.Receipt;
import org.posthorn.intake.IncomingMessage.Verdict;
import org.posthorn.mail.Address;
import org.posthorn.net.Input;
import org.posthorn.protocol.smtp.DataDecoder;
import org.posthorn.protocol.smtp.SmtpReply;

/** DATA (RFC 5321 4.1.1.4): one pass over the bytes as they arrive, with the memory of one buffer. */
final class DataCommand {
    private static final SmtpReply GO_AHEAD = SmtpReply.plain(354, "End data with <CR><LF>.<CR><LF>");
    private static final SmtpReply TOO_BIG = SmtpReply.of(552, "5.3.4", "Message size exceeds fixed maximum");
    private static final SmtpReply BARE_CR_OR_LF =
            SmtpReply.of(554, "5.6.0", "Bare CR or LF in message (RFC 5321 2.3.8)");
    private static final SmtpReply NO_MEMORY = SmtpReply.of(452, "4.3.1", "Short of memory, try again later");
    private static final SmtpReply NUL = SmtpReply.of(554, "5.6.0", "NUL in message (RFC 2045 2.8)");

    private final SmtpSession session;
    private final Input in;
    private final IncomingMessage message;
    private final HeaderMemory header;
    private final CpuTurn turn;
    private final DataDecoder decoder = new DataDecoder();
    private final long maxSize;
    private final long started = System.nanoTime();
    private final long receivedBefore;
    private boolean dropped;
    private Optional<RuntimeException> failure = Optional.empty();

    private DataCommand(SmtpSession session, IncomingMessage message, HeaderMemory header, CpuTurn turn) {
        this.header = header;
        this.turn = turn;
        this.session = session;
        this.in = session.connection().in();
        this.message = message;
        this.maxSize = session.config().maxMessageSize();
        this.receivedBefore = in.received() - in.buffered();
    }

    static SmtpReply answer(SmtpSession session) throws IOException {
        Optional<Transaction> begun = session.transaction();
        if (begun.isEmpty()) {
            return SmtpReply.of(503, "5.5.1", "Need MAIL first");
        }
        Transaction transaction = begun.get();
        if (transaction.recipientCount() == 0) {
            // RFC 2920 3.1: a client that pipelines learns here that no recipient was taken. By LMTP it is 503 (RFC
            // 2033 4.2).
            return SmtpReply.of(session.isLmtp() ? 503 : 554, "5.5.1", "No valid recipients");
        }
        if (session.connection().in().buffered() > 0) {
            // RFC 2920 3.1: DATA ends a group. Who does not wait for 354 does not follow what we say,
            // and may be made to send what somebody else wrote.
            session.end();
            return SmtpReply.of(503, "5.5.0", "Wait for the reply to DATA");
        }
        try (CpuTurn turn = turn(session);
                HeaderMemory header = new HeaderMemory(session.connection().memory());
                IncomingMessage message =
                        session.services().intake().begin(transaction.client(), transaction.envelope())) {
            session.sendNow(GO_AHEAD);
            DataCommand data = new DataCommand(session, message, header, turn);
            return transaction.repliesDue().isPresent()
                    ? data.replyToEach(transaction, transaction.repliesDue().get())
                    : data.replyToAll(transaction);
        } finally {
            session.abandon();
        }
    }

    private SmtpReply replyToAll(Transaction transaction) throws IOException {
        SmtpReply reply = receive().orElseGet(() -> finish().reply());
        if (reply.isSuccess()) {
            session.accepted();
        } else {
            session.log().refused("END-OF-MESSAGE", reply, transaction, "");
        }
        return reply;
    }

    /** RFC 2033 4.2: a reply for each RCPT that was taken, in their order; the last is left to say. */
    private SmtpReply replyToEach(Transaction transaction, List<Address> recipients) throws IOException {
        Optional<SmtpReply> refusal = receive();
        Receipt receipt = new Receipt(new Verdict.Deferred(SmtpSession.INTERNAL_ERROR), Map.of());
        if (refusal.isEmpty()) {
            try {
                receipt = finishForEach();
            } catch (RuntimeException e) {
                session.log().failed("DATA", e);
            }
        }
        SmtpReply last = SmtpSession.INTERNAL_ERROR;
        boolean taken = false;
        for (int i = 0; i < recipients.size(); i++) {
            Address recipient = recipients.get(i);
            Verdict verdict = receipt.of(recipient);
            last = refusal.orElse(verdict.reply());
            if (last.isSuccess()) {
                taken = true;
            } else {
                session.log().refused("END-OF-MESSAGE", last, transaction, recipient.toString());
            }
            if (i < recipients.size() - 1) {
                session.replyAlso("data", last);
            }
        }
        if (taken) {
            session.accepted();
        }
        return last;
    }

    /** Hashing and reading of what clients send is work, of which each gets its share. */
    private static CpuTurn turn(SmtpSession session) {
        return CpuTurns.OF_PROCESS.begin(session.connection().remote().getAddress());
    }

    /** Reads the text; how to refuse it, if need be. */
    private Optional<SmtpReply> receive() throws IOException {
        while (true) {
            turn.pause();
            in.consume(decoder.decode(in.buffer(), in.position(), in.limit(), this::pass));
            if (!dropped && !header.tryCharge()) {
                drop();
            }
            if (decoder.atEnd()) {
                return refusal();
            }
            if (received() / 2 > maxSize) {
                // Enough was read to tell the client in good order; who goes on regardless is cut off.
                session.end();
                return Optional.of(TOO_BIG);
            }
            if (!more()) {
                return refusal();
            }
        }
    }

    /** RFC 5321 4.2.5: the reply comes after the end of the message. Until then it is read, and nothing of it is kept. */
    private void drop() {
        dropped = true;
        message.close();
        header.close();
    }

    private long received() {
        return in.received() - receivedBefore;
    }

    private void pass(byte[] bytes, int offset, int length) {
        if (dropped) {
            return;
        }
        header.scan(bytes, offset, length);
        if (decoder.octets() <= maxSize && failure.isEmpty()) {
            try {
                message.write(bytes, offset, length);
            } catch (RuntimeException e) {
                // The rest has to be read all the same: it is text, and must not be taken for commands.
                failure = Optional.of(e);
            }
        }
    }

    /** Waits for more bytes; false when there will be none, and the message is refused anyhow. */
    private boolean more() throws IOException {
        turn.rest();
        boolean refused = decoder.fault() == DataDecoder.Fault.BARE_CR_OR_LF;
        try {
            session.connection()
                    .lastReadTimeout(refused ? session.config().times().afterFault() : patience());
            if (in.fill()) {
                return true;
            }
        } catch (SocketTimeoutException e) {
            if (refused) {
                return false;
            }
            throw e;
        }
        throw new EOFException("connection closed by peer in the midst of a message");
    }

    /** The wait for the next octets, within the time that the whole message may take. */
    private Duration patience() throws IOException {
        SmtpTimes times = session.config().times();
        Duration wait = session.services().busy().getAsBoolean() ? times.underLoad() : times.data();
        long nanos = times.dataGrace().toNanos()
                + received() * 1_000_000_000L / times.dataRate()
                - (System.nanoTime() - started);
        if (nanos < 1_000_000) {
            throw new SocketTimeoutException("message too slow");
        }
        return nanos < wait.toNanos() ? Duration.ofNanos(nanos) : wait;
    }

    private Optional<SmtpReply> refusal() {
        turn.rest();
        return switch (decoder.fault()) {
            case BARE_CR_OR_LF -> {
                session.end();
                yield Optional.of(BARE_CR_OR_LF);
            }
            case NUL -> Optional.of(NUL);
            case NONE -> {
                if (decoder.octets() > maxSize) {
                    yield Optional.of(TOO_BIG);
                }
                yield dropped ? Optional.of(NO_MEMORY) : Optional.empty();
            }
        };
    }

    private Verdict finish() {
        throwFailure();
        return message.finish();
    }

    private Receipt finishForEach() {
        throwFailure();
        return message.finishForEach();
    }

    private void throwFailure() {
        if (failure.isPresent()) {
            throw failure.get();
        }
    }
}
