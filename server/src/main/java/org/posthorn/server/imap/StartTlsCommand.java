package org.posthorn.server.imap;

import java.io.IOException;

/** STARTTLS (RFC 3501 6.2.1). */
final class StartTlsCommand {
    private StartTlsCommand() {}

    static boolean isPossible(ImapSession session) {
        return session.server().tls().isPresent() && !session.connection().isTls();
    }

    static Reply run(ImapSession session) {
        if (session.connection().isTls()) {
            return Reply.bad("TLS is already active");
        }
        return isPossible(session) ? Reply.ok("Begin TLS negotiation now") : Reply.bad("TLS is not available");
    }

    /** After the tagged OK; what the client sent before the handshake is dropped (CVE-2011-0411). */
    static void handshake(ImapSession session) {
        session.out().flush();
        try {
            int dropped = session.connection().startTls(session.server().tls().orElseThrow());
            if (dropped > 0) {
                session.log().warning("imap", session.id(), "plaintext-dropped", "octets", dropped);
            }
        } catch (IOException e) {
            throw new Disconnected("TLS handshake failed: " + e.getMessage());
        }
    }
}
