package org.posthorn.server.imap;

import java.io.IOException;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.protocol.imap.ImapCommand;

/** DELETE (RFC 3501 6.3.4). */
final class DeleteCommand {
    private DeleteCommand() {}

    static Reply run(ImapSession session, ImapCommand.Delete command) throws IOException, MailboxException {
        MailboxName name = session.name(command.mailbox());
        session.mail().delete(name);
        // Not before: a command that fails changes nothing.
        if (session.hasSelected(name)) {
            session.deselect();
        }
        return Reply.ok("DELETE completed");
    }
}
