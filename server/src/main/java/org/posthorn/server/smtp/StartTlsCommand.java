package org.posthorn.server.smtp;

import java.io.IOException;
import java.time.Duration;
import org.posthorn.net.TlsContext;
import org.posthorn.protocol.smtp.SmtpReply;

/** STARTTLS (RFC 3207). */
final class StartTlsCommand {
    private static final Duration HANDSHAKE = Duration.ofSeconds(60);

    private StartTlsCommand() {}

    static boolean isOffered(SmtpSession session) {
        return isPossible(session) && !session.connection().isTls();
    }

    /** A Unix socket is read by its machine alone, and can have no TLS. */
    private static boolean isPossible(SmtpSession session) {
        return session.services().startTls().isPresent()
                && !session.connection().isUnixSocket();
    }

    static SmtpReply answer(SmtpSession session) {
        if (session.connection().isTls()) {
            return SmtpReply.of(503, "5.5.1", "TLS is in use already");
        }
        if (!isPossible(session)) {
            return SmtpReply.of(502, "5.5.1", "STARTTLS is not offered");
        }
        session.secureAfterReply();
        return SmtpReply.of(220, "2.0.0", "Ready to start TLS");
    }

    /** The handshake, once the reply is out. After a failure there is no way back to plain text (RFC 3207 4.1). */
    static void handshake(SmtpSession session, TlsContext context) throws IOException {
        try {
            session.connection().readTimeout(HANDSHAKE);
            int dropped = session.connection().startTls(context);
            session.log().secured(session.client(false).tls().orElse(""), dropped);
        } catch (IOException e) {
            session.log().handshakeFailed(e);
            throw e;
        }
        session.secured();
    }
}
