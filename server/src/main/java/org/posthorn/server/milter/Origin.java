package org.posthorn.server.milter;

import java.net.InetAddress;
import java.util.Optional;

/** Whether a message begins here, so that it is ours to sign, or comes from elsewhere. */
enum Origin {
    /** The client has logged in: the MTA says who, or how. */
    AUTHENTICATED,
    /** It came through a service of the MTA that the configuration names. */
    DAEMON,
    /** The client is an internal host, or there is none: the mail was handed in on the MTA's own machine. */
    INTERNAL,
    ELSEWHERE;

    static Origin of(MilterTransaction transaction, MilterConfig config) {
        if (isGiven(transaction.macro("auth_type")) || isGiven(transaction.macro("auth_authen"))) {
            return AUTHENTICATED;
        }
        if (transaction.macro("daemon_name").filter(config.daemons()::contains).isPresent()) {
            return DAEMON;
        }
        Optional<InetAddress> client = transaction.client();
        boolean internal = client.isEmpty()
                ? transaction.clientName().equals("localhost")
                : config.internalHosts().stream().anyMatch(network -> network.contains(client.get()));
        return internal ? INTERNAL : ELSEWHERE;
    }

    private static boolean isGiven(Optional<String> macro) {
        return macro.isPresent() && !macro.get().isEmpty();
    }
}
