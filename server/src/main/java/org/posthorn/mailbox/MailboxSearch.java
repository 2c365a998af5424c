package org.posthorn.mailbox;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/** Runs a search over a mailbox, message after message. */
public final class MailboxSearch {
    private MailboxSearch() {}

    /**
     * The UIDs found, ascending.
     *
     * @param headers what is known of headers without opening messages
     */
    public static List<Long> run(Mailbox mailbox, HeaderSource headers, SearchQuery query, SearchPace pace)
            throws IOException {
        SearchProgram program = new SearchProgram(query);
        List<Long> found = new ArrayList<>();
        for (Message message : MessageRuns.of(mailbox)) {
            pace.pause();
            try (StoredMessage stored = new StoredMessage(mailbox, headers, message, pace)) {
                if (program.matches(stored)) {
                    found.add(message.uid());
                }
            } catch (NoSuchFileException e) {
                // Removed by another session or program while it was looked at: what is gone is not found.
            }
        }
        return found;
    }
}
