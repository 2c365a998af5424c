package org.posthorn.server.imap;

/** LOGOUT (RFC 3501 6.1.3). */
final class LogoutCommand {
    private LogoutCommand() {}

    static Reply run(ImapSession session) {
        session.out().untagged("BYE Logging out");
        session.logOut();
        return Reply.ok("LOGOUT completed");
    }
}
