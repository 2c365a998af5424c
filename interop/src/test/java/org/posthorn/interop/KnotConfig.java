package org.posthorn.interop;

import java.nio.file.Path;

/** What every Knot of ours has in its configuration. */
final class KnotConfig {
    private KnotConfig() {}

    /** The server, its log and its database; other sections follow. */
    static String head(Path home, String address, int port) {
        return """
                server:
                  rundir: %1$s
                  listen: %2$s@%3$d
                  udp-workers: 1
                  tcp-workers: 1
                  background-workers: 1
                log:
                  - target: stdout
                    any: info
                database:
                  storage: %1$s/db
                """.formatted(home, address, port);
    }
}
