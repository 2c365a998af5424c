package org.posthorn.server.pop3;

import java.io.IOException;
import java.util.Optional;
import org.posthorn.net.Connection;
import org.posthorn.protocol.sasl.ChannelBindings;

/** CAPA (RFC 2449 5): what is really on offer at this moment. */
final class CapaCommand {
    private CapaCommand() {}

    static void answer(Pop3Session session) throws IOException {
        session.reply("+OK Capability list follows");
        session.reply("TOP");
        session.reply("UIDL");
        session.reply("RESP-CODES");
        session.reply("AUTH-RESP-CODE");
        session.reply("PIPELINING");
        session.reply("EXPIRE NEVER");
        if (session.mayLogIn()) {
            session.reply("USER");
            session.reply("SASL " + mechanisms(session));
        }
        if (StlsCommand.isOffered(session)) {
            session.reply("STLS");
        }
        session.reply("IMPLEMENTATION Posthorn");
        session.reply(".");
    }

    static String mechanisms(Pop3Session session) {
        return String.join(" ", session.server().services().sasl().offered(bindings(session.connection())));
    }

    static ChannelBindings bindings(Connection connection) {
        return connection.isTls()
                ? ChannelBindings.of(connection.tlsExporter(), connection.serverCertificate())
                : ChannelBindings.of(Optional.empty(), Optional.empty());
    }
}
