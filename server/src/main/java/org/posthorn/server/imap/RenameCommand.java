package org.posthorn.server.imap;

import java.io.IOException;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.protocol.imap.ImapCommand;

/** RENAME (RFC 3501 6.3.5). */
final class RenameCommand {
    private RenameCommand() {}

    static Reply run(ImapSession session, ImapCommand.Rename command) throws IOException, MailboxException {
        session.mail().rename(session.name(command.from()), session.name(command.to()));
        return Reply.ok("RENAME completed");
    }
}
