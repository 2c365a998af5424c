package org.posthorn.server.pop3;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.config.HostName;
import org.posthorn.config.Section;
import org.posthorn.net.SessionHandler;
import org.posthorn.server.Port;
import org.posthorn.server.Protocol;
import org.posthorn.server.Services;

/** POP3, as it is plugged in. */
public record Pop3Protocol() implements Protocol<Pop3Config> {
    private static final Port POP3 = Port.of("pop3", 110).announced(30);
    private static final Port POP3S = Port.of("pop3s", 995).withTls().announced(20);

    @Override
    public List<Port> ports() {
        return List.of(POP3, POP3S);
    }

    @Override
    public Pop3Config read(Section root) {
        return Pop3Config.read(root.section("pop3"), HostName.read(root.section("server")));
    }

    @Override
    public Map<Port, SessionHandler> handlers(Pop3Config config, Services services) {
        SessionHandler pop3 = new Pop3Server(
                config,
                new Pop3Services(
                        services.mailboxes(),
                        services.sasl(),
                        services.guard(),
                        services.locks(),
                        Optional.of(services.tls()),
                        services.log()));
        return Map.of(POP3, pop3, POP3S, pop3);
    }
}
