package org.posthorn.server.milter;

import java.io.IOException;
import org.posthorn.net.Connection;
import org.posthorn.net.SessionHandler;

/** Serves MTAs as their milter on any number of listeners. Thread-safe. */
public final class MilterServer implements SessionHandler {
    private final MilterConfig config;
    private final MilterServices services;

    public MilterServer(MilterConfig config, MilterServices services) {
        this.config = config;
        this.services = services;
    }

    @Override
    public void serve(Connection connection) throws IOException {
        new MilterSession(config, services, connection).run();
    }
}
