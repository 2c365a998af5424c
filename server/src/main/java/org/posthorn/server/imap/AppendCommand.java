package org.posthorn.server.imap;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.posthorn.log.MailLog;
import org.posthorn.mailbox.Appender;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.net.Input;
import org.posthorn.net.LineException;
import org.posthorn.protocol.imap.ImapCommand;

/** APPEND (RFC 3501 6.3.11) with APPENDUID (RFC 4315). The message goes from the connection's buffer to the store's. */
final class AppendCommand {
    private AppendCommand() {}

    static Reply run(ImapSession session, RequestReader.Received.Message message) {
        ImapCommand.Append command = message.append();
        if (command.size() > session.config().maxMessageSize()) {
            return skip(session, message, Reply.no("TOOBIG", "Message is larger than the limit"));
        }
        if (command.size() == 0) {
            return skip(session, message, Reply.no("CANNOT", "A message cannot be empty"));
        }
        try (Appender appender = session.mail()
                .append(
                        session.name(command.mailbox()),
                        FlagText.flags(command.flags()),
                        command.internalDate().map(Instant::toEpochMilli),
                        command.size())) {
            return receive(session, message, appender);
        } catch (MailboxException e) {
            return skip(session, message, Reply.ofTarget(e));
        } catch (IOException e) {
            return skip(session, message, failed(session, e));
        }
    }

    private static Reply receive(ImapSession session, RequestReader.Received.Message message, Appender appender) {
        if (!message.nonSync()) {
            session.out().line("+ OK");
            session.out().flush();
        }
        Optional<IOException> failure = stream(session, message.append().size(), appender);
        Reply end = endOfRequest(session);
        if (end.status() != Reply.Status.OK) {
            return end;
        }
        try {
            if (failure.isPresent()) {
                return failed(session, failure.get());
            }
            Appender.Placed placed = appender.commit();
            return Reply.ok("APPENDUID " + placed.uidValidity() + " " + placed.uid(), "APPEND completed");
        } catch (MailboxException e) {
            return Reply.ofTarget(e);
        } catch (IOException e) {
            return failed(session, e);
        }
    }

    /** Why the store failed, if it did; the octets are consumed either way, so that the session can go on. */
    private static Optional<IOException> stream(ImapSession session, long size, Appender appender) {
        long left = size;
        Optional<IOException> failure = Optional.empty();
        while (left > 0) {
            Input in = filled(session);
            int count = (int) Math.min(left, in.buffered());
            if (failure.isEmpty()) {
                try {
                    appender.write(in.buffer(), in.position(), count);
                } catch (IOException e) {
                    failure = Optional.of(e);
                }
            }
            in.consume(count);
            left -= count;
        }
        return failure;
    }

    private static Input filled(ImapSession session) {
        Input in = session.connection().in();
        try {
            if (in.buffered() == 0) {
                // A client may wait for earlier answers before it sends more.
                session.out().flush();
                if (!in.fill()) {
                    throw new Disconnected("connection closed in APPEND");
                }
            }
            return in;
        } catch (IOException e) {
            throw new Disconnected("connection lost in APPEND");
        }
    }

    /** What follows the message must be the end of the line. */
    private static Reply endOfRequest(ImapSession session) {
        try {
            String rest = session.reader().plainLine();
            if (rest.isEmpty()) {
                return Reply.ok("");
            }
            if (rest.endsWith("+}")) {
                // Another message (RFC 3502) is on its way that nobody asked for; it must not be taken for commands.
                throw new Disconnected("unexpected literal after APPEND");
            }
            return Reply.bad("Unexpected text after the message");
        } catch (LineException e) {
            return Reply.bad("Unexpected text after the message");
        } catch (IOException e) {
            throw new Disconnected("connection lost in APPEND");
        }
    }

    private static Reply failed(ImapSession session, IOException cause) {
        session.log().failure(MailLog.Level.ERROR, "imap", session.id(), "append-failed", cause);
        return Reply.failed(cause, "Message could not be stored");
    }

    /** Refuses; a client that did not wait has sent the message all the same (RFC 7888). */
    static Reply skip(ImapSession session, RequestReader.Received.Message message, Reply reply) {
        if (message.nonSync()) {
            if (message.append().size() > 4 * session.config().maxMessageSize()) {
                session.out().untagged("BYE Message is far too large");
                session.out().flush();
                throw new Disconnected("literal too large");
            }
            discard(session, message.append().size());
        }
        return reply;
    }

    /** Reads a literal that nobody wants, and the end of its request. */
    static void discard(ImapSession session, long octets) {
        long left = octets;
        while (left > 0) {
            Input in = filled(session);
            int count = (int) Math.min(left, in.buffered());
            in.consume(count);
            left -= count;
        }
        Reply ignored = endOfRequest(session);
    }
}
