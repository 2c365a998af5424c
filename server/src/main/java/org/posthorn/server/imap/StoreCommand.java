package org.posthorn.server.imap;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.posthorn.mailbox.FlagChange;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.Message;
import org.posthorn.protocol.imap.ImapCommand;

/** STORE and UID STORE (RFC 3501 6.4.6). */
final class StoreCommand {
    private StoreCommand() {}

    static Reply run(ImapSession session, ImapCommand.Store command) throws IOException, MailboxException {
        SelectedMailbox selected = session.selected();
        if (selected.isReadOnly()) {
            return Reply.readOnly();
        }
        if (!command.uid() && !command.set().isWithin(selected.size())) {
            return Reply.bad("No such message");
        }
        List<Long> uids = selected.uids(selected.resolve(command.set(), command.uid()));
        if (uids.isEmpty()) {
            return Reply.ok("STORE completed");
        }
        // What others have done to the flags is not told with what the client does itself: it gets the outcome of both.
        Set<Long> untold = command.silent() ? selected.untold() : Set.of();
        List<Message> after = selected.mailbox().store(uids, change(command));
        for (Message message : after) {
            if (!untold.contains(message.uid())) {
                selected.told(message);
            }
        }
        if (!command.silent()) {
            selected.announceNewKeywords(session.out());
            for (Message message : after) {
                int sequence = selected.sequence(message.uid());
                if (sequence > 0) {
                    boolean recent = selected.isRecent(message.uid());
                    FlagText.fetch(session.out(), sequence, message, recent, command.uid());
                }
            }
        }
        return after.size() == uids.size()
                ? Reply.ok("STORE completed")
                : Reply.ok("EXPUNGEISSUED", "Some messages were expunged already");
    }

    private static FlagChange change(ImapCommand.Store command) {
        FlagChange.Mode mode = switch (command.mode()) {
            case ADD -> FlagChange.Mode.ADD;
            case REMOVE -> FlagChange.Mode.REMOVE;
            case REPLACE -> FlagChange.Mode.REPLACE;
        };
        return new FlagChange(mode, FlagText.flags(command.flags()));
    }
}
