package org.posthorn.client.smtp;

import java.net.InetAddress;
import java.util.Optional;

/**
 * How to talk to a server.
 *
 * @param name who we say we are in EHLO: our host name, which resolves to our address
 * @param source the address to connect from
 * @param login sent only over TLS
 */
public record SmtpClientSettings(
        String name, Optional<InetAddress> source, TlsMode tls, Optional<Credentials> login, SmtpTimeouts timeouts) {}
