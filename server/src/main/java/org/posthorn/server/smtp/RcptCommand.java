package org.posthorn.server.smtp;

import java.util.Optional;
import org.posthorn.intake.MessageIntake;
import org.posthorn.mail.Address;
import org.posthorn.protocol.smtp.SmtpCommand;
import org.posthorn.protocol.smtp.SmtpReply;

/** RCPT TO (RFC 5321 4.1.1.3). */
final class RcptCommand {
    private static final SmtpReply TOO_MANY = SmtpReply.of(452, "4.5.3", "Too many recipients");
    private static final SmtpReply NO_MEMORY = SmtpReply.of(452, "4.3.1", "Short of memory, try again later");
    private static final SmtpReply ACCEPTED = SmtpReply.of(250, "2.1.5", "Ok");

    private RcptCommand() {}

    static SmtpReply answer(SmtpSession session, SmtpCommand.Rcpt rcpt) {
        Optional<Transaction> transaction = session.transaction();
        if (transaction.isEmpty()) {
            return SmtpReply.of(503, "5.5.1", "Need MAIL first");
        }
        if (!rcpt.parameters().isEmpty()) {
            return MailCommand.unknown(rcpt.parameters().getFirst()).reply();
        }
        Optional<Address> recipient =
                rcpt.recipient().or(() -> session.services().postmaster().get());
        if (recipient.isEmpty()) {
            return SmtpReply.of(451, "4.3.5", "There is no postmaster yet");
        }
        return add(session, transaction.get(), recipient.get());
    }

    private static SmtpReply add(SmtpSession session, Transaction transaction, Address recipient) {
        SmtpReply reply = judge(session, transaction, recipient);
        if (reply.isSuccess()
                && (!transaction.has(recipient) || session.isLmtp())
                && !session.connection().memory().tryCharge(Transaction.memory(recipient))) {
            reply = NO_MEMORY;
        }
        if (reply.isSuccess()) {
            transaction.add(recipient);
            transaction.taken(recipient);
        } else if (!reply.equals(TOO_MANY) || transaction.firstTooMany()) {
            // One line will do: a client may try a hundred thousand.
            session.log().refused("RCPT", reply, transaction, recipient.toString());
        }
        return reply;
    }

    private static SmtpReply judge(SmtpSession session, Transaction transaction, Address recipient) {
        if (transaction.commands() >= session.config().limits().recipients() && session.isLmtp()) {
            return TOO_MANY;
        }
        if (transaction.has(recipient)) {
            return ACCEPTED;
        }
        if (transaction.recipientCount() >= session.config().limits().recipients()) {
            // RFC 5321 4.5.3.1.10: 452, so that the client sends the rest in another transaction.
            return TOO_MANY;
        }
        if (recipient.needsSmtpUtf8() && !transaction.smtpUtf8()) {
            // RFC 6531 3.5
            return SmtpReply.of(553, "5.6.7", "Address needs SMTPUTF8");
        }
        return switch (session.services().intake().recipient(transaction.client(), transaction.sender(), recipient)) {
            case MessageIntake.Decision.Accept() -> ACCEPTED;
            case MessageIntake.Decision.Refuse(SmtpReply refusal) -> refusal;
        };
    }
}
