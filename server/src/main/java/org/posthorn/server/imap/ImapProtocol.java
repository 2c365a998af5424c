package org.posthorn.server.imap;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.config.HostName;
import org.posthorn.config.MessageSize;
import org.posthorn.config.Section;
import org.posthorn.net.SessionHandler;
import org.posthorn.server.Port;
import org.posthorn.server.Protocol;
import org.posthorn.server.Services;

/** IMAP, as it is plugged in. */
public record ImapProtocol() implements Protocol<ImapConfig> {
    private static final Port IMAP = Port.of("imap", 143).announced(10);
    private static final Port IMAPS = Port.of("imaps", 993).withTls().announced(0);

    @Override
    public List<Port> ports() {
        return List.of(IMAP, IMAPS);
    }

    @Override
    public ImapConfig read(Section root) {
        return ImapConfig.read(
                root.section("imap"), HostName.read(root.section("server")), MessageSize.read(root.section("smtp")));
    }

    @Override
    public Map<Port, SessionHandler> handlers(ImapConfig config, Services services) {
        SessionHandler imap = new ImapServer(
                config,
                services.mailboxes(),
                services.sasl(),
                services.guard(),
                Optional.of(services.tls()),
                services.log());
        return Map.of(IMAP, imap, IMAPS, imap);
    }
}
