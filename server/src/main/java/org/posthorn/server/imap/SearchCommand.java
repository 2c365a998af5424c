package org.posthorn.server.imap;

import java.io.IOException;
import java.util.List;
import org.posthorn.abuse.CpuTurn;
import org.posthorn.mailbox.SearchQuery;
import org.posthorn.protocol.imap.ImapCommand;
import org.posthorn.protocol.imap.ResponseBuffer;

/** SEARCH and UID SEARCH (RFC 3501 6.4.4). */
final class SearchCommand {
    private SearchCommand() {}

    static Reply run(ImapSession session, ImapCommand.Search command) throws IOException {
        if (command.unknownCharset().isPresent()) {
            return Reply.no("BADCHARSET (US-ASCII UTF-8)", "Unknown charset");
        }
        SelectedMailbox selected = session.selected();
        SearchQuery query = new SearchScope(selected).query(command.key());
        List<Long> found;
        try (CpuTurn turn = session.turn()) {
            found = selected.mailbox().search(query, new SessionPace(session.name(), turn));
        }
        ResponseBuffer out = session.out().buffer().text("* SEARCH");
        for (long uid : found) {
            int sequence = selected.sequence(uid);
            if (sequence > 0) {
                out.space().number(command.uid() ? uid : sequence);
            }
        }
        session.out().endOfLine();
        return Reply.ok("SEARCH completed");
    }
}
