package org.posthorn.server.milter;

import java.util.List;
import java.util.Map;
import org.posthorn.config.HostName;
import org.posthorn.config.Section;
import org.posthorn.net.SessionHandler;
import org.posthorn.server.Port;
import org.posthorn.server.Protocol;
import org.posthorn.server.Services;

/** The milter protocol, as it is plugged in. Whoever reaches it can have anything signed, so nobody does unless asked to. */
public record MilterProtocol() implements Protocol<MilterConfig> {
    /** Where OpenDKIM listens on TCP, by Debian's examples. */
    private static final Port MILTER = Port.forMtas("milter", 8891, new Port.Limits(1000, 500));

    @Override
    public List<Port> ports() {
        return List.of(MILTER);
    }

    @Override
    public MilterConfig read(Section root) {
        return MilterConfig.read(root.section("milter"), HostName.read(root.section("server")));
    }

    @Override
    public Map<Port, SessionHandler> handlers(MilterConfig config, Services services) {
        return Map.of(
                MILTER,
                new MilterServer(
                        config,
                        new MilterServices(
                                services.signers(),
                                services.authenticator(),
                                services.rules(),
                                services.verdicts("milter"),
                                services.clock(),
                                services.log())));
    }
}
