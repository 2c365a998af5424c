package org.posthorn.reporting;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.posthorn.client.smtp.AnyCertificate;
import org.posthorn.dns.PublicAddress;
import org.posthorn.dns.Resolver;
import org.posthorn.net.Connection;

/**
 * Where a TLS report goes by HTTPS (RFC 8460 5.4). Whoever owns a domain chooses the URI, so it is kept from being a way into our own
 * network: names are looked up once and the connection goes to that address, which must be public, at port 443; no redirect is
 * followed, and nothing of the answer is read but its status. Any certificate is taken: the report may be about that very certificate
 * (RFC 8460 3), and it says nothing that the receiver did not see. Immutable.
 */
final class ReportUpload {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration WHOLE = Duration.ofSeconds(60);
    private static final int MAX_STATUS_LINE = 1_000;
    private static final int MAX_ADDRESSES = 3;
    private static final int HTTPS = 443;

    private final URI uri;
    private final boolean toPrivate;
    private final int port;

    private ReportUpload(URI uri, boolean toPrivate, int port) {
        this.uri = uri;
        this.toPrivate = toPrivate;
        this.port = port;
    }

    /**
     * A destination.
     *
     * @param toPrivate also addresses that are not public, and ports other than 443
     * @throws IllegalArgumentException no report goes there
     */
    static ReportUpload to(URI uri, boolean toPrivate) {
        String host = uri.getHost();
        int port = uri.getPort() < 0 ? HTTPS : uri.getPort();
        boolean name = host != null && host.matches("[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?([.][A-Za-z0-9-]+)*[.]?");
        boolean literal = name && host.matches("[0-9.]+");
        if (!name || literal || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("not an address of a web server: " + uri);
        }
        if (port != HTTPS && !toPrivate) {
            throw new IllegalArgumentException("not the port of HTTPS: " + uri);
        }
        return new ReportUpload(uri, toPrivate, port);
    }

    /**
     * Posts a report.
     *
     * @throws IOException it did not arrive, or the server says something other than 2xx
     */
    void send(Resolver resolver, byte[] gzip) throws IOException {
        List<InetAddress> addresses = new ArrayList<>();
        addresses.addAll(resolver.ipv4(uri.getHost()).recordsOrNone());
        addresses.addAll(resolver.ipv6(uri.getHost()).recordsOrNone());
        IOException last = new IOException(uri.getHost() + " has no address that reports go to");
        for (InetAddress address : addresses.stream()
                .filter(address -> toPrivate || PublicAddress.is(address))
                .limit(MAX_ADDRESSES)
                .toList()) {
            try {
                send(new InetSocketAddress(address, port), gzip);
                return;
            } catch (Refusal e) {
                throw e;
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    /** The server has answered: another of its addresses would not say otherwise. */
    private static final class Refusal extends IOException {
        private static final long serialVersionUID = 1;

        Refusal(String reason) {
            super(reason);
        }
    }

    private void send(InetSocketAddress server, byte[] gzip) throws IOException {
        Connection connection = Connection.open(server, Optional.empty(), CONNECT);
        Thread end = Thread.ofVirtual().name("report-upload-limit").start(() -> {
            try {
                Thread.sleep(WHOLE);
                connection.closeRaw();
            } catch (InterruptedException done) {
                Thread.currentThread().interrupt();
            }
        });
        try (connection) {
            connection.readTimeout(WHOLE);
            connection.startTls(
                    AnyCertificate.context(),
                    uri.getHost(),
                    AnyCertificate.context().getDefaultSSLParameters());
            connection.out().print(head(gzip.length));
            connection.out().write(gzip, 0, gzip.length);
            connection.out().flush();
            String status = connection.in().readLineLenient(MAX_STATUS_LINE);
            if (status == null || !status.matches("HTTP/1\\.[01] 2[0-9]{2}( .*)?")) {
                throw new Refusal(uri.getHost() + " answered: " + status);
            }
        } finally {
            end.interrupt();
        }
    }

    private String head(int length) {
        String path = Optional.ofNullable(uri.getRawPath())
                .filter(text -> !text.isEmpty())
                .orElse("/");
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return String.join(
                "\r\n",
                "POST " + path + query + " HTTP/1.1",
                "Host: " + uri.getHost().toLowerCase(Locale.ROOT) + (port == HTTPS ? "" : ":" + port),
                "User-Agent: Posthorn",
                // RFC 8460 5.4
                "Content-Type: application/tlsrpt+gzip",
                "Content-Length: " + length,
                "Connection: close",
                "",
                "");
    }
}
