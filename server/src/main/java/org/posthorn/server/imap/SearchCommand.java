package org.posthorn.server.imap;

import java.io.IOException;
import java.util.List;
import org.posthorn.mailbox.Message;
import org.posthorn.protocol.imap.ImapCommand;
import org.posthorn.protocol.imap.ResponseBuffer;
import org.posthorn.protocol.imap.SearchProgram;

/** SEARCH and UID SEARCH (RFC 3501 6.4.4). */
final class SearchCommand {
    private SearchCommand() {}

    static Reply run(ImapSession session, ImapCommand.Search command) throws IOException {
        if (command.unknownCharset().isPresent()) {
            return Reply.no("BADCHARSET (US-ASCII UTF-8)", "Unknown charset");
        }
        SelectedMailbox selected = session.selected();
        SearchProgram program = new SearchProgram(command.key(), selected.size(), selected.largestUid());
        List<Message> messages = selected.mailbox().messages();
        ResponseBuffer out = session.out().buffer().text("* SEARCH");
        for (Message message : messages) {
            int sequence = selected.sequence(message.uid());
            if (sequence > 0 && program.matches(new IndexedMessage(selected, sequence, message))) {
                out.space().number(command.uid() ? message.uid() : sequence);
            }
        }
        session.out().endOfLine();
        return Reply.ok("SEARCH completed");
    }
}
