package org.posthorn.server.pop3;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.posthorn.log.MailLog;
import org.posthorn.mail.MessageContent;
import org.posthorn.mailbox.HeldMessage;
import org.posthorn.protocol.pop3.DotStuffing;
import org.posthorn.protocol.pop3.Pop3Command;

/** RETR (RFC 1939 5) and TOP (7): the message streams through one buffer. */
final class RetrieveCommands {
    private static final int CHUNK = 8 << 10;

    private RetrieveCommands() {}

    static void retr(Pop3Session session, Maildrop maildrop, int number) throws IOException {
        Optional<HeldMessage> found = find(session, maildrop, number);
        if (found.isEmpty()) {
            return;
        }
        try (HeldMessage message = found.get()) {
            MessageContent content = message.content();
            session.reply("+OK " + content.size() + " octets");
            DotStuffing out = new DotStuffing(session.connection().out(), DotStuffing.ALL_LINES);
            content.transferTo(0, content.size(), out);
            out.finish();
        }
        maildrop.markRetrieved(number);
    }

    static void top(Pop3Session session, Maildrop maildrop, Pop3Command.Top top) throws IOException {
        Optional<HeldMessage> found = find(session, maildrop, top.number());
        if (found.isEmpty()) {
            return;
        }
        DotStuffing out = new DotStuffing(session.connection().out(), top.lines());
        try (HeldMessage message = found.get();
                InputStream in = message.content().open()) {
            session.reply("+OK Top of message follows");
            byte[] chunk = new byte[CHUNK];
            int count = in.read(chunk);
            while (count >= 0 && !out.isFull()) {
                out.write(chunk, 0, count);
                count = in.read(chunk);
            }
        }
        out.finish();
    }

    private static Optional<HeldMessage> find(Pop3Session session, Maildrop maildrop, int number) throws IOException {
        if (!maildrop.has(number)) {
            session.error("No such message");
            return Optional.empty();
        }
        try {
            Optional<HeldMessage> message = maildrop.hold(number);
            if (message.isEmpty()) {
                session.error("The message has gone meanwhile");
            }
            return message;
        } catch (IOException e) {
            session.log()
                    .failure(MailLog.Level.ERROR, "pop3", session.connection().id(), "message-unreadable", e);
            session.error("[SYS/TEMP] Cannot read the message");
            return Optional.empty();
        }
    }
}
