package org.posthorn.server.pop3;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.posthorn.net.TlsContext;

/** STLS (RFC 2595 4): in AUTHORIZATION only, and once. */
final class StlsCommand {
    private static final Duration HANDSHAKE = Duration.ofSeconds(60);

    private StlsCommand() {}

    static boolean isOffered(Pop3Session session) {
        return session.server().services().tls().isPresent()
                && !session.connection().isTls()
                && !session.hasMaildrop();
    }

    static void answer(Pop3Session session) throws IOException {
        Optional<TlsContext> context = session.server().services().tls();
        if (context.isEmpty() || !isOffered(session)) {
            session.error("STLS is not possible now");
            return;
        }
        session.replyNow("+OK Begin TLS negotiation");
        try {
            session.connection().readTimeout(HANDSHAKE);
            int dropped = session.connection().startTls(context.get());
            if (dropped > 0) {
                session.log()
                        .warning(
                                "pop3",
                                session.connection().id(),
                                "plaintext-after-starttls",
                                "client",
                                session.client(),
                                "octets",
                                dropped);
            }
        } catch (IOException e) {
            session.log()
                    .warning(
                            "pop3",
                            session.connection().id(),
                            "tls-handshake-failed",
                            "client",
                            session.client(),
                            "cause",
                            String.valueOf(e.getMessage()));
            throw e;
        }
        session.secured();
    }
}
