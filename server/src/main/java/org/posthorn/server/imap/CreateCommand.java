package org.posthorn.server.imap;

import java.io.IOException;
import java.util.Optional;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.protocol.imap.ImapCommand;

/** CREATE (RFC 3501 6.3.3). */
final class CreateCommand {
    private CreateCommand() {}

    static Reply run(ImapSession session, ImapCommand.Create command) throws IOException, MailboxException {
        String name = command.mailbox();
        // A separator at the end declares that names below are coming; it is not part of the name.
        if (name.length() > 1
                && name.charAt(name.length() - 1) == session.config().separator()) {
            name = name.substring(0, name.length() - 1);
        }
        session.mail().create(session.name(name), Optional.empty());
        return Reply.ok("CREATE completed");
    }
}
