package org.posthorn.server.imap;

/** NAMESPACE (RFC 2342): one personal namespace, without a prefix. */
final class NamespaceCommand {
    private NamespaceCommand() {}

    static Reply run(ImapSession session) {
        session.out().untagged("NAMESPACE ((\"\" \"" + session.config().separator() + "\")) NIL NIL");
        return Reply.ok("NAMESPACE completed");
    }
}
