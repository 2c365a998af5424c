package org.posthorn.server.smtp;

import java.util.Optional;
import org.posthorn.intake.MessageIntake;
import org.posthorn.intake.SmtpClient;
import org.posthorn.mail.Address;
import org.posthorn.protocol.smtp.EsmtpParameter;
import org.posthorn.protocol.smtp.SmtpCommand;
import org.posthorn.protocol.smtp.SmtpReply;
import org.posthorn.protocol.smtp.SmtpSyntaxException;

/** MAIL FROM (RFC 5321 4.1.1.2) with SIZE (RFC 1870), BODY (6152), SMTPUTF8 (6531) and AUTH (4954 5). */
final class MailCommand {
    /** RFC 1870 6: up to 20 digits; more octets than a long holds are too many anyway. */
    private static final int SIZE_DIGITS = 20;

    private long size;
    private boolean eightBit;
    private boolean smtpUtf8;

    private MailCommand() {}

    static SmtpReply answer(SmtpSession session, SmtpCommand.Mail mail) {
        if (session.hello().isEmpty()) {
            return SmtpReply.of(503, "5.5.1", "Send " + (session.isLmtp() ? "LHLO" : "EHLO") + " first");
        }
        if (session.transaction().isPresent()) {
            return SmtpReply.of(503, "5.5.1", "Nested MAIL");
        }
        Optional<SmtpReply> barred = session.barred();
        if (barred.isPresent()) {
            return barred.get();
        }
        if (session.messages() >= session.config().limits().messages()) {
            session.end();
            return SmtpReply.of(421, "4.7.0", "Too many messages in one session, connect again");
        }
        return new MailCommand().begin(session, mail);
    }

    private SmtpReply begin(SmtpSession session, SmtpCommand.Mail mail) {
        try {
            mail.parameters().forEach(parameter -> read(session, parameter));
        } catch (SmtpSyntaxException e) {
            return e.reply();
        }
        if (size > session.config().maxMessageSize()) {
            // RFC 1870 6.1
            return SmtpReply.of(552, "5.3.4", "Message size exceeds fixed maximum");
        }
        if (!smtpUtf8 && mail.sender().map(Address::needsSmtpUtf8).orElse(false)) {
            // RFC 6531 3.5
            return SmtpReply.of(553, "5.6.7", "Address needs SMTPUTF8");
        }
        SmtpClient client = session.client(smtpUtf8);
        Transaction transaction = new Transaction(client, mail.sender(), smtpUtf8, eightBit, session.isLmtp());
        return switch (session.services().intake().sender(client, mail.sender(), size)) {
            case MessageIntake.Decision.Accept() -> {
                session.begin(transaction);
                yield SmtpReply.of(250, "2.1.0", "Ok");
            }
            case MessageIntake.Decision.Refuse(SmtpReply reply) -> {
                session.log().refused("MAIL", reply, transaction, "");
                yield reply;
            }
        };
    }

    private void read(SmtpSession session, EsmtpParameter parameter) {
        String value = parameter.value().orElse("");
        switch (parameter.keyword()) {
            case "SIZE" -> size = octets(value);
            case "BODY" -> eightBit = isEightBit(value);
            case "SMTPUTF8" -> {
                if (!value.isEmpty()) {
                    throw wrong("SMTPUTF8 takes no value");
                }
                smtpUtf8 = true;
            }
            case "AUTH" -> {
                // RFC 4954 5: we trust nobody to name another submitter, which amounts to AUTH=<>.
                if (!AuthCommand.isOffered(session) || value.isEmpty()) {
                    throw unknown(parameter);
                }
            }
            default -> throw unknown(parameter);
        }
    }

    private static long octets(String value) {
        if (value.isEmpty() || value.length() > SIZE_DIGITS || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw wrong("SIZE takes a number");
        }
        return value.length() > 18 ? Long.MAX_VALUE : Long.parseLong(value);
    }

    private static boolean isEightBit(String value) {
        if (value.equalsIgnoreCase("8BITMIME")) {
            return true;
        }
        if (value.equalsIgnoreCase("7BIT")) {
            return false;
        }
        throw wrong("BODY takes 7BIT or 8BITMIME");
    }

    private static SmtpSyntaxException wrong(String text) {
        return new SmtpSyntaxException(SmtpReply.of(501, "5.5.4", text));
    }

    /** RFC 5321 4.1.1.11: 555 for parameters of extensions that were not announced. */
    static SmtpSyntaxException unknown(EsmtpParameter parameter) {
        return new SmtpSyntaxException(SmtpReply.of(555, "5.5.4", "Unsupported option: " + parameter.keyword()));
    }
}
