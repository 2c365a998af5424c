package org.posthorn.client.smtp;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * A server to connect to.
 *
 * @param host its name, or its address in text form when it has no name
 */
public record SmtpHost(String host, InetAddress address, int port) {
    InetSocketAddress socketAddress() {
        return new InetSocketAddress(address, port);
    }

    /** As Postfix writes it: {@code host[192.0.2.1]:25}. */
    @Override
    public String toString() {
        return host + "[" + address.getHostAddress() + "]:" + port;
    }
}
