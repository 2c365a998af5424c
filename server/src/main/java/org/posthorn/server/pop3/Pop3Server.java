package org.posthorn.server.pop3;

import java.io.IOException;
import org.posthorn.mail.Address;
import org.posthorn.net.Connection;
import org.posthorn.net.SessionHandler;

/** Serves POP3 on any number of listeners, which share the locks of maildrops. Thread-safe. */
public final class Pop3Server implements SessionHandler {
    private final Pop3Config config;
    private final Pop3Services services;

    public Pop3Server(Pop3Config config, Pop3Services services) {
        this.config = config;
        this.services = services;
    }

    @Override
    public void serve(Connection connection) throws IOException {
        new Pop3Session(this, connection).run();
    }

    @Override
    public String busyGreeting() {
        // RFC 3206 4: [SYS/TEMP] is not the user's fault.
        return "-ERR [SYS/TEMP] Too many connections\r\n";
    }

    /** RFC 1939 4: exclusive access to the maildrop; false when another session has it. */
    boolean lock(Address account) {
        return services.locks().lock(account);
    }

    void unlock(Address account) {
        services.locks().unlock(account);
    }

    Pop3Config config() {
        return config;
    }

    Pop3Services services() {
        return services;
    }
}
