package org.posthorn.server.pop3;

import java.io.IOException;
import org.posthorn.protocol.pop3.Pop3Command;

/** STAT, NOOP, RSET and DELE (RFC 1939 5). */
final class MaildropCommands {
    private MaildropCommands() {}

    static void answer(Pop3Session session, Maildrop maildrop, Pop3Command.Simple command) throws IOException {
        switch (command) {
            case STAT -> session.reply("+OK " + maildrop.count() + " " + maildrop.size());
            case NOOP -> session.reply("+OK");
            case RSET -> {
                maildrop.unmarkDeleted();
                session.reply("+OK " + maildrop.count() + " messages");
            }
            case QUIT, CAPA, STLS -> throw new IllegalArgumentException(command.name());
        }
    }

    static void delete(Pop3Session session, Maildrop maildrop, int number) throws IOException {
        if (!maildrop.has(number)) {
            session.error("No such message");
            return;
        }
        maildrop.markDeleted(number);
        session.reply("+OK Marked for deletion");
    }
}
