package org.posthorn.app;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.posthorn.config.Section;
import org.posthorn.net.SessionHandler;
import org.posthorn.server.Port;
import org.posthorn.server.Protocol;
import org.posthorn.server.Services;
import org.posthorn.server.http.HttpServer;
import org.posthorn.server.imap.ImapProtocol;
import org.posthorn.server.milter.MilterProtocol;
import org.posthorn.server.pop3.Pop3Protocol;
import org.posthorn.server.smtp.SmtpProtocol;

/** The protocols that are served: this list is where one is plugged in. */
final class Protocols {
    static final List<Protocol<?>> ALL =
            List.of(new SmtpProtocol(), new ImapProtocol(), new Pop3Protocol(), new MilterProtocol());

    /** A protocol with what a configuration says of it. */
    record Configured<C>(Protocol<C> protocol, C config) {
        static <C> Configured<C> read(Protocol<C> protocol, Section root) {
            return new Configured<>(protocol, protocol.read(root));
        }

        Map<Port, SessionHandler> handlers(Services services) {
            return protocol.handlers(config, services);
        }
    }

    private Protocols() {}

    /** All that {@code [listen]} has keys for: those of the protocols, and HTTP's, which is served in its own way. */
    static List<Port> ports(List<Protocol<?>> protocols) {
        return Stream.concat(
                        protocols.stream().flatMap(protocol -> protocol.ports().stream()), Stream.of(HttpServer.PORT))
                .toList();
    }
}
