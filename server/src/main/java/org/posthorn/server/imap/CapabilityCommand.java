package org.posthorn.server.imap;

import java.util.Optional;
import org.posthorn.net.Connection;
import org.posthorn.protocol.sasl.ChannelBindings;

/** CAPABILITY (RFC 3501 6.1.1). */
final class CapabilityCommand {
    private static final String ALWAYS =
            "IMAP4rev1 LITERAL+ SASL-IR ID ENABLE IDLE NAMESPACE UNSELECT UIDPLUS MOVE" + " CHILDREN SPECIAL-USE";

    private CapabilityCommand() {}

    static Reply run(ImapSession session) {
        session.out().untagged("CAPABILITY " + capabilities(session));
        return Reply.ok("CAPABILITY completed");
    }

    /** What this session may use now. */
    static String capabilities(ImapSession session) {
        if (session.isAuthenticated()) {
            return ALWAYS;
        }
        StringBuilder all = new StringBuilder(ALWAYS);
        if (StartTlsCommand.isPossible(session)) {
            all.append(" STARTTLS");
        }
        if (!mayLogIn(session)) {
            // RFC 2595 3.2: passwords are not taken in the clear
            return all.append(" LOGINDISABLED").toString();
        }
        for (String mechanism : session.server().mechanisms().offered(bindings(session.connection()))) {
            all.append(" AUTH=").append(mechanism);
        }
        return all.toString();
    }

    static boolean mayLogIn(ImapSession session) {
        return session.connection().isTls() || session.config().plaintextLogin();
    }

    static ChannelBindings bindings(Connection connection) {
        return connection.isTls()
                ? ChannelBindings.of(connection.tlsExporter(), connection.serverCertificate())
                : ChannelBindings.of(Optional.empty(), Optional.empty());
    }
}
