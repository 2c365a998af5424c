package org.posthorn.server.imap;

/** UNSELECT (RFC 3691): leaves the mailbox and removes nothing. */
final class UnselectCommand {
    private UnselectCommand() {}

    static Reply run(ImapSession session) {
        session.deselect();
        return Reply.ok("UNSELECT completed");
    }
}
