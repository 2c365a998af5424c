package org.posthorn.client.smtp;

import javax.net.ssl.SSLContext;

/** What is demanded of TLS on a connection. */
public sealed interface TlsMode {
    /** Never. */
    record Plain() implements TlsMode {}

    /**
     * Where the server offers STARTTLS; any certificate is taken, and when TLS fails the mail goes in plain (RFC 3207 4.1,
     * RFC 7435 3): encryption against those who only listen is better than none.
     */
    record Opportunistic() implements TlsMode {}

    /** Always, with a certificate that this context accepts for the server's name; otherwise the server is not used. */
    record Required(SSLContext context) implements TlsMode {}
}
