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
        if (session.hasSelected(name)) {
            session.deselect();
        }
        session.mail().delete(name);
        return Reply.ok("DELETE completed");
    }
}
