package org.posthorn.server.smtp;

import java.io.IOException;
import org.posthorn.net.Connection;
import org.posthorn.net.SessionHandler;

/** Serves SMTP on one port. Thread-safe. */
public final class SmtpServer implements SessionHandler {
    private final SmtpConfig config;
    private final SmtpServices services;

    public SmtpServer(SmtpConfig config, SmtpServices services) {
        this.config = config;
        this.services = services;
    }

    @Override
    public void serve(Connection connection) throws IOException {
        new SmtpSession(config, services, connection).run();
    }

    @Override
    public String busyGreeting() {
        return "421 4.3.2 " + config.hostname() + " too many connections, try again later\r\n";
    }
}
