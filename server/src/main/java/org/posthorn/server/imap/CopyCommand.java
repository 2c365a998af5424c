package org.posthorn.server.imap;

import java.io.IOException;
import java.util.List;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.protocol.imap.ImapCommand;
import org.posthorn.protocol.imap.SequenceSet;

/** COPY and UID COPY (RFC 3501 6.4.7) with COPYUID (RFC 4315). */
final class CopyCommand {
    private CopyCommand() {}

    static Reply run(ImapSession session, ImapCommand.Copy command) throws IOException, MailboxException {
        SelectedMailbox selected = session.selected();
        if (!command.uid() && !command.set().isWithin(selected.size())) {
            return Reply.bad("No such message");
        }
        List<Long> uids = selected.uids(selected.resolve(command.set(), command.uid()));
        if (uids.isEmpty()) {
            return Reply.ok("No messages to copy");
        }
        try {
            Mailbox.Copied copied = selected.mailbox().copy(uids, session.name(command.mailbox()));
            return copied.from().isEmpty()
                    ? Reply.no("EXPUNGEISSUED", "The messages were expunged already")
                    : Reply.ok(code(copied), "COPY completed");
        } catch (MailboxException e) {
            return Reply.ofTarget(e);
        }
    }

    /** {@code COPYUID 38505 304,319:320 3956:3958}. */
    static String code(Mailbox.Copied copied) {
        return "COPYUID " + copied.uidValidity() + " " + SequenceSet.format(copied.from()) + " "
                + SequenceSet.format(copied.to());
    }
}
