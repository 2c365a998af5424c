package org.posthorn.app;

import java.net.InetSocketAddress;
import java.util.List;
import org.posthorn.net.ListenAddress;

/** The services that clients connect to, by the names of their keys in {@code [listen]}. */
enum Service {
    SMTP("smtp", false),
    SUBMISSION("submission", false),
    SUBMISSIONS("submissions", true),
    IMAP("imap", false),
    IMAPS("imaps", true),
    POP3("pop3", false),
    POP3S("pop3s", true),
    MILTER("milter", false);

    private final String key;
    private final boolean implicitTls;

    Service(String key, boolean implicitTls) {
        this.key = key;
        this.implicitTls = implicitTls;
    }

    String key() {
        return key;
    }

    boolean implicitTls() {
        return implicitTls;
    }

    List<ListenAddress> addresses(Listening listening) {
        return this == MILTER
                ? listening.milter()
                : ports(listening).stream()
                        .<ListenAddress>map(ListenAddress.Tcp::new)
                        .toList();
    }

    /** Where it listens but for Unix sockets; the milter has only {@link #addresses}. */
    List<InetSocketAddress> ports(Listening listening) {
        return switch (this) {
            case SMTP -> listening.smtp();
            case SUBMISSION -> listening.submission();
            case SUBMISSIONS -> listening.submissions();
            case IMAP -> listening.imap();
            case IMAPS -> listening.imaps();
            case POP3 -> listening.pop3();
            case POP3S -> listening.pop3s();
            case MILTER -> List.of();
        };
    }
}
