package org.posthorn.server.smtp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.protocol.smtp.SmtpCommand;
import org.posthorn.protocol.smtp.SmtpReply;

/** EHLO and HELO (RFC 5321 4.1.1.1): says what is really offered on this port at this moment. */
final class HelloCommand {
    static final String VERBS = "HELO EHLO MAIL RCPT DATA RSET NOOP QUIT VRFY HELP STARTTLS AUTH";

    private HelloCommand() {}

    static SmtpReply answer(SmtpSession session, SmtpCommand.Hello greeting) {
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
