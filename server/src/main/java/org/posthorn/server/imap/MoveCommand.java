package org.posthorn.server.imap;

import java.io.IOException;
import java.util.List;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.protocol.imap.ImapCommand;

/** MOVE and UID MOVE (RFC 6851); the EXPUNGE responses come with the command's changes. */
final class MoveCommand {
    private MoveCommand() {}

    static Reply run(ImapSession session, ImapCommand.Move command) throws IOException, MailboxException {
        SelectedMailbox selected = session.selected();
        if (selected.isReadOnly()) {
            return Reply.readOnly();
        }
        if (!command.uid() && !command.set().isWithin(selected.size())) {
            return Reply.bad("No such message");
        }
        List<Long> uids = selected.uids(selected.resolve(command.set(), command.uid()));
        if (uids.isEmpty()) {
            return Reply.ok("No messages to move");
        }
        try {
            Mailbox.Copied moved = selected.mailbox().move(uids, session.name(command.mailbox()));
            if (moved.from().isEmpty()) {
                return Reply.no("EXPUNGEISSUED", "The messages were expunged already");
            }
            // RFC 6851 4.3: COPYUID goes into an untagged OK, before the messages vanish.
            session.out().untagged("OK [" + CopyCommand.code(moved) + "] Moved");
            return Reply.ok("MOVE completed");
        } catch (MailboxException e) {
            return Reply.ofTarget(e);
        }
    }
}
