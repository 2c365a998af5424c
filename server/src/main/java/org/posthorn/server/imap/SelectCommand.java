package org.posthorn.server.imap;

import java.io.IOException;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.Message;
import org.posthorn.mailbox.MessageRuns;
import org.posthorn.protocol.imap.ImapCommand;

/** SELECT and EXAMINE (RFC 3501 6.3.1, 6.3.2). */
final class SelectCommand {
    private SelectCommand() {}

    static Reply run(ImapSession session, ImapCommand.Select command) throws IOException, MailboxException {
        // 6.3.1: the old mailbox is left before the new one is tried, also when that fails.
        session.deselect();
        MailboxName name = session.name(command.mailbox());
        SelectedMailbox selected = new SelectedMailbox(session.mail().select(name), command.readOnly());
        session.select(selected);
        Responses out = session.out();
        FlagText.available(out, selected.keywords(), command.readOnly());
        out.buffer().text("* ").number(selected.size()).text(" EXISTS");
        out.endOfLine();
        out.buffer().text("* ").number(selected.recentCount()).text(" RECENT");
        out.endOfLine();
        int unseen = firstUnseen(selected);
        if (unseen > 0) {
            out.untagged("OK [UNSEEN " + unseen + "] First unseen message");
        }
        out.untagged("OK [UIDVALIDITY " + selected.mailbox().uidValidity() + "] UIDs are valid");
        // What arrived after the view was made is told with the next command; its UIDs lie above this.
        long uidNext = Math.max(selected.largestUid() + 1, selected.mailbox().uidNext());
        out.untagged("OK [UIDNEXT " + uidNext + "] Next UID");
        return command.readOnly()
                ? Reply.ok("READ-ONLY", "EXAMINE completed")
                : Reply.ok("READ-WRITE", "SELECT completed");
    }

    private static int firstUnseen(SelectedMailbox selected) {
        for (Message message : MessageRuns.of(selected.mailbox())) {
            if (!message.flags().has(Flags.SEEN)) {
                int sequence = selected.sequence(message.uid());
                if (sequence > 0) {
                    return sequence;
                }
            }
        }
        return 0;
    }
}
