package org.posthorn.server.imap;

import java.io.IOException;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.MailboxStatus;
import org.posthorn.protocol.imap.ImapCommand;
import org.posthorn.protocol.imap.ImapCommand.StatusItem;
import org.posthorn.protocol.imap.ResponseBuffer;

/** STATUS (RFC 3501 6.3.10). */
final class StatusCommand {
    private StatusCommand() {}

    static Reply run(ImapSession session, ImapCommand.Status command) throws IOException, MailboxException {
        MailboxName name = session.name(command.mailbox());
        MailboxStatus status = session.mail().status(name);
        ResponseBuffer out = session.out().buffer();
        out.text("* STATUS ").mailbox(session.text(name)).text(" (");
        boolean first = true;
        for (StatusItem item : command.items()) {
            out.text(first ? "" : " ").text(item.name()).space().number(value(status, item));
            first = false;
        }
        out.character(')');
        session.out().endOfLine();
        return Reply.ok("STATUS completed");
    }

    private static long value(MailboxStatus status, StatusItem item) {
        return switch (item) {
            case MESSAGES -> status.messages();
            case RECENT -> status.recent();
            case UIDNEXT -> status.uidNext();
            case UIDVALIDITY -> status.uidValidity();
            case UNSEEN -> status.unseen();
        };
    }
}
