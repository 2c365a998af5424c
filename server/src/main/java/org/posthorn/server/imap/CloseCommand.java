package org.posthorn.server.imap;

import java.io.IOException;

/** CLOSE (RFC 3501 6.4.2): leaves the mailbox and removes what is marked deleted, without telling. */
final class CloseCommand {
    private CloseCommand() {}

    static Reply run(ImapSession session) throws IOException {
        SelectedMailbox selected = session.selected();
        if (!selected.isReadOnly()) {
            var _ = selected.mailbox().expunge(ExpungeCommand.deleted(selected));
        }
        session.deselect();
        return Reply.ok("CLOSE completed");
    }
}
