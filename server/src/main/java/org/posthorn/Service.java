package org.posthorn;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Function;

/** The services that clients connect to, by the names of their keys in {@code [listen]}. */
enum Service {
    SMTP("smtp", false, Listening::smtp),
    SUBMISSION("submission", false, Listening::submission),
    SUBMISSIONS("submissions", true, Listening::submissions),
    IMAP("imap", false, Listening::imap),
    IMAPS("imaps", true, Listening::imaps),
    POP3("pop3", false, Listening::pop3),
    POP3S("pop3s", true, Listening::pop3s);

    private final String key;
    private final boolean implicitTls;
    private final Function<Listening, List<InetSocketAddress>> addresses;

    Service(String key, boolean implicitTls, Function<Listening, List<InetSocketAddress>> addresses) {
        this.key = key;
        this.implicitTls = implicitTls;
        this.addresses = addresses;
    }

    String key() {
        return key;
    }

    boolean implicitTls() {
        return implicitTls;
    }

    List<InetSocketAddress> addresses(Listening listening) {
        return addresses.apply(listening);
    }
}
