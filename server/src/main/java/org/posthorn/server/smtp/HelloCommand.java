package org.posthorn.server.smtp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.protocol.smtp.SmtpCommand;
import org.posthorn.protocol.smtp.SmtpReply;

/** EHLO and HELO (RFC 5321 4.1.1.1), LHLO (RFC 2033 4.1): says what is really offered on this port at this moment. */
final class HelloCommand {
    /** What HELP names. */
    static String verbs(SmtpSession session) {
        String greeting = session.isLmtp() ? "LHLO" : "HELO EHLO";
        return greeting + " MAIL RCPT DATA RSET NOOP QUIT VRFY HELP STARTTLS" + (session.isLmtp() ? "" : " AUTH");
    }

    private HelloCommand() {}

    private static boolean isLmtp(SmtpSession session) {
        return session.config().role() == SmtpRole.LMTP;
    }

    private static boolean isSpoken(SmtpSession session, SmtpCommand.Hello greeting) {
        return isLmtp(session) == (greeting.greeting() == SmtpCommand.Greeting.LHLO);
    }

    static SmtpReply answer(SmtpSession session, SmtpCommand.Hello greeting) {
        if (!isSpoken(session, greeting)) {
            // RFC 2033 4.1: LHLO stands for HELO and EHLO, so that neither side takes the other for what it is not.
            return SmtpReply.of(500, "5.5.1", "This port speaks " + (isLmtp(session) ? "LMTP" : "SMTP"));
        }
        session.greeted(greeting);
        session.idle(SmtpReply.plain(250, ""));
        if (!greeting.extended()) {
            return SmtpReply.plain(250, session.config().hostname());
        }
        List<String> lines = new ArrayList<>();
        lines.add(session.config().hostname());
        lines.add("PIPELINING");
        lines.add("SIZE " + session.config().maxMessageSize());
        if (StartTlsCommand.isOffered(session)) {
            lines.add("STARTTLS");
        }
        if (AuthCommand.isOffered(session)) {
            lines.add(AuthCommand.announcement(session));
        }
        lines.add("ENHANCEDSTATUSCODES");
        lines.add("8BITMIME");
        lines.add("SMTPUTF8");
        return new SmtpReply(250, Optional.empty(), lines);
    }
}
