package org.posthorn;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A layer of the program: a folder under {@code org.posthorn}, how many classes it has at least, and whom it may
 * import. The minimum keeps a rule from passing because it looked at nothing; it is raised as code lands, and 0 means
 * not begun. {@link #ALL} is the architecture; {@link ArchitectureTest} holds the code to it.
 */
record Layer(String folder, int minimum, Set<String> allowed) {
    private static final String ROOT = "org.posthorn.";
    private static final Set<String> FOR_EVERYONE = Set.of("mail", "config", "log", "json");
    private static final String[] OF_CLIENTS = {"protocol.*", "net", "dns"};
    private static final String[] OF_STORES = {"protocol.*", "storage"};
    private static final String[] OF_SESSIONS = {
        "intake", "directory", "mailbox", "protocol.*", "net", "abuse", "server"
    };

    static final List<Layer> ALL = List.of(
            of("mail", 33),
            of("config", 12),
            of("json", 10),
            of("log", 10),
            of("storage", 11),
            of("net", 16),
            of("dns", 42),
            of("abuse", 6),
            // The grammars: each by itself but for these few.
            of("protocol.smtp", 7, "dns"),
            of("protocol.imap", 15, "dns"),
            of("protocol.pop3", 3, "dns"),
            of("protocol.authres", 8),
            of("protocol.jmap", 0, "dns"),
            of("protocol.milter", 9, "dns"),
            of("protocol.sasl", 14, "dns"),
            of("protocol.sieve", 0, "dns"),
            of("protocol.dsn", 10, "dns", "protocol.smtp"),
            of("protocol.spf", 38, "dns"),
            of("protocol.dkim", 22, "dns"),
            of("protocol.arc", 10, "dns", "protocol.dkim"),
            of("protocol.dmarc", 15, "dns", "protocol.spf", "protocol.dkim"),
            of("protocol.mtasts", 0, "dns"),
            of("protocol.dane", 0, "dns"),
            of("protocol.tlsrpt", 6, "dns"),
            of("protocol.dmarcreport", 12, "dns"),
            of("protocol.arf", 3, "dns"),
            of("protocol.reportmail", 4, "dns"),
            of("client.smtp", 15, OF_CLIENTS),
            of("client.milter", 0, OF_CLIENTS),
            of("client.dovecotauth", 0, OF_CLIENTS),
            of("client.acme", 0, OF_CLIENTS),
            of("certificates", 7, "storage", "net", "dns", "client.*"),
            of("directory", 15, OF_STORES),
            of("mailbox", 42, OF_STORES),
            of("queue", 33, OF_STORES),
            of("queue.spool", 19, "queue", "storage", "protocol.*"),
            // Whoever knows which domains are ours tells it; it knows no directory.
            of("signing", 10, OF_STORES),
            of("signing.rotation", 9, "signing", "protocol.*"),
            // Before the queue and after it: neither knows the other.
            of("intake", 8, "protocol.*", "queue"),
            of("intake.authentication", 17, "protocol.*", "dns", "abuse"),
            of("intake.inbound", 5, "intake", "intake.authentication", "signing", "directory", "queue", "protocol.*"),
            of("intake.submission", 5, "intake", "signing", "directory", "queue", "protocol.*"),
            of("delivery.routing", 2, "directory", "queue"),
            of("delivery.local", 3, "protocol.*", "mailbox", "queue"),
            of("delivery.remote", 13, "client.smtp", "dns", "queue", "protocol.*"),
            of("delivery.discard", 2, "queue", "protocol.*"),
            of("delivery.bounce", 2, "queue", "protocol.*"),
            of(
                    "reporting",
                    30,
                    "intake.authentication",
                    "delivery.remote",
                    "signing",
                    "queue",
                    "storage",
                    "client.smtp",
                    "dns",
                    "net",
                    "protocol.*"),
            // How a protocol is plugged in, and what all are served with.
            of("server", 6, "intake", "intake.authentication", "mailbox", "signing", "protocol.*", "net", "abuse"),
            // The sessions: never a sibling.
            of("server.smtp", 17, OF_SESSIONS),
            of("server.lmtp", 0, OF_SESSIONS),
            of("server.imap", 29, OF_SESSIONS),
            of("server.pop3", 12, OF_SESSIONS),
            of("server.managesieve", 0, OF_SESSIONS),
            of("server.jmap", 0, OF_SESSIONS),
            of("server.webmail", 0, OF_SESSIONS),
            of("server.milter", 14, plus(OF_SESSIONS, "intake.authentication", "signing")),
            of("server.dovecotauth", 0, OF_SESSIONS),
            // What HTTP is spoken with, for all who serve something over it.
            of("server.http", 5, "net", "server"),
            of("admin", 60, "server.http", "net", "queue", "directory", "signing", "reporting", "protocol.*"),
            of("client.dnsprovider", 12, OF_CLIENTS),
            of("zone", 35, "protocol.*", "client.*", "dns", "certificates", "directory", "signing", "signing.rotation"),
            of("cli", 36, "admin", "zone", "dns", "protocol.*"),
            // What the build lets the server do once; it knows it from outside only.
            of("app.training", 3, "protocol.*", "net", "dns", "intake.authentication"),
            // The wiring knows all parts, and no part knows it.
            of("app", 29, "*"));

    private static Layer of(String folder, int minimum, String... allowed) {
        return new Layer(folder, minimum, Set.of(allowed));
    }

    private static String[] plus(String[] some, String... more) {
        return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
    }

    /** The layer of a package: the one with the longest name that holds it. */
    static Optional<Layer> holding(String packageName) {
        return ALL.stream()
                .filter(layer -> (packageName + ".").startsWith(ROOT + layer.folder + "."))
                .max(Comparator.comparingInt(layer -> layer.folder.length()));
    }

    /** May a class of this layer use one of the other? Folders {@code mail}, {@code config}, {@code log} are for all. */
    boolean mayImport(Layer other) {
        boolean common = FOR_EVERYONE.contains(other.folder);
        return equals(other) || common || allowed.stream().anyMatch(pattern -> matches(pattern, other.folder));
    }

    private static boolean matches(String pattern, String folder) {
        if (pattern.equals("*")) {
            return true;
        }
        return pattern.endsWith(".*")
                ? folder.startsWith(pattern.substring(0, pattern.length() - 1))
                : folder.equals(pattern);
    }

    @Override
    public String toString() {
        return folder;
    }
}
