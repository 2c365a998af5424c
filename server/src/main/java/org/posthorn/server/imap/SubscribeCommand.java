package org.posthorn.server.imap;

import java.io.IOException;
import org.posthorn.mailbox.MailboxException;

/** SUBSCRIBE and UNSUBSCRIBE (RFC 3501 6.3.6, 6.3.7). */
final class SubscribeCommand {
    private SubscribeCommand() {}

    static Reply run(ImapSession session, String mailbox, boolean subscribed) throws IOException, MailboxException {
        session.mail().subscribe(session.name(mailbox), subscribed);
        return Reply.ok(subscribed ? "SUBSCRIBE completed" : "UNSUBSCRIBE completed");
    }
}
