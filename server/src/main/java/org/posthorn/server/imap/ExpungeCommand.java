package org.posthorn.server.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Message;
import org.posthorn.mailbox.MessageRuns;
import org.posthorn.protocol.imap.ImapCommand;
import org.posthorn.protocol.imap.SequenceSet;

/** EXPUNGE (RFC 3501 6.4.3) and UID EXPUNGE (RFC 4315 2.1); the responses come with the command's changes. */
final class ExpungeCommand {
    private ExpungeCommand() {}

    static Reply run(ImapSession session, ImapCommand.Expunge command) throws IOException {
        SelectedMailbox selected = session.selected();
        if (selected.isReadOnly()) {
            return Reply.readOnly();
        }
        List<Long> uids = deleted(selected);
        if (command.uids().isPresent()) {
            SequenceSet set = command.uids().get();
            long largest = selected.largestUid();
            uids.removeIf(uid -> !set.contains(uid, largest));
        }
        if (!uids.isEmpty()) {
            var _ = selected.mailbox().expunge(uids);
        }
        return Reply.ok("EXPUNGE completed");
    }

    /** Messages marked deleted that the client knows of. */
    static List<Long> deleted(SelectedMailbox selected) {
        List<Long> uids = new ArrayList<>();
        for (Message message : MessageRuns.of(selected.mailbox())) {
            if (message.flags().has(Flags.DELETED) && selected.sequence(message.uid()) > 0) {
                uids.add(message.uid());
            }
        }
        return uids;
    }
}
