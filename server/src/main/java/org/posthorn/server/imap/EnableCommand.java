package org.posthorn.server.imap;

import org.posthorn.protocol.imap.ImapCommand;

/** ENABLE (RFC 5161). No extension of ours needs it yet, so nothing is ever enabled; names not known are passed over (3.1). */
final class EnableCommand {
    private EnableCommand() {}

    static Reply run(ImapSession session, ImapCommand.Enable command) {
        session.out().untagged("ENABLED");
        return Reply.ok(command.capabilities().size() == 1 ? "Nothing to enable by that name" : "ENABLE completed");
    }
}
