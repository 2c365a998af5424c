package org.posthorn.server.imap;

import org.posthorn.protocol.imap.ImapCommand;

/** ID (RFC 2971): each side says what it is; for the log only. */
final class IdCommand {
    private IdCommand() {}

    static Reply run(ImapSession session, ImapCommand.Id command) {
        session.log()
                .info(
                        "imap",
                        session.id(),
                        "client-id",
                        "name",
                        command.fields().getOrDefault("name", ""),
                        "version",
                        command.fields().getOrDefault("version", ""));
        session.out().untagged("ID (\"name\" \"Posthorn\")");
        return Reply.ok("ID completed");
    }
}
