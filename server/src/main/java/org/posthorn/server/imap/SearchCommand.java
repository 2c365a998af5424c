package org.posthorn.server.imap;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import org.posthorn.abuse.CpuTurn;
import org.posthorn.mailbox.HeaderSource;
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
        List<Long> found;
        try (CpuTurn turn = session.turn()) {
            found = search(session, command, program, turn);
        }
        ResponseBuffer out = session.out().buffer().text("* SEARCH");
        found.forEach(number -> out.space().number(number));
        session.out().endOfLine();
        return Reply.ok("SEARCH completed");
    }

    private static List<Long> search(
            ImapSession session, ImapCommand.Search command, SearchProgram program, CpuTurn turn) throws IOException {
        SelectedMailbox selected = session.selected();
        List<Long> found = new ArrayList<>();
        HeaderSource source = selected.mailbox().headers();
        for (Message message : selected.mailbox().messages()) {
            turn.pause();
            int sequence = selected.sequence(message.uid());
            if (sequence < 1) {
                continue;
            }
            try (IndexedMessage indexed = new IndexedMessage(session, source, sequence, message, turn)) {
                if (program.matches(indexed)) {
                    found.add(command.uid() ? message.uid() : sequence);
                }
            } catch (NoSuchFileException e) {
                // Removed by another session or program while it was looked at: what is gone is not found.
            }
        }
        return found;
    }
}
