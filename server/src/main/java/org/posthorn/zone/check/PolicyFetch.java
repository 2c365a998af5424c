package org.posthorn.zone.check;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Gets the MTA-STS policy of a domain as senders do (RFC 8461 3.3): https, certificate verified, no redirection, so much and no more. */
final class PolicyFetch {
    /** RFC 8461 3.3 suggests 64 kilobytes; the header of the response has as much again. */
    static final int MAX_OCTETS = 2 * 65_536;

    private static final String PATH = "/.well-known/mta-sts.txt";

    /** Got, or why not. */
    sealed interface Outcome {
        record Policy(String text) implements Outcome {}

        /** The host answers, but not as senders demand. */
        record Refused(String reason) implements Outcome {}

        /** It could not be reached. */
        record Unreachable(String reason) implements Outcome {}
    }

    private PolicyFetch() {}

    static Outcome fetch(String domain, List<InetAddress> addresses, CheckConfig config) {
        Outcome outcome = new Outcome.Unreachable("no address");
        for (InetAddress address : addresses) {
            outcome = fetch(domain, address, config);
            if (!(outcome instanceof Outcome.Unreachable)) {
                return outcome;
            }
        }
        return outcome;
    }

    private static Outcome fetch(String domain, InetAddress address, CheckConfig config) {
        String host = "mta-sts." + domain;
        long end = System.nanoTime() + config.timeout().multipliedBy(2).toNanos();
        try (Socket plain = new Socket()) {
            plain.setSoTimeout(Math.toIntExact(config.timeout().toMillis()));
            plain.connect(
                    new InetSocketAddress(address, config.httpsPort()),
                    Math.toIntExact(config.timeout().toMillis()));
            try (SSLSocket tls = (SSLSocket)
                    context(config).getSocketFactory().createSocket(plain, host, config.httpsPort(), true)) {
                SSLParameters parameters = tls.getSSLParameters();
                parameters.setServerNames(List.of(new SNIHostName(host)));
                // RFC 8461 3.3: the certificate must be valid for the policy's host.
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                tls.setSSLParameters(parameters);
                tls.startHandshake();
                // HTTP/1.0 keeps the server from sending in chunks.
                tls.getOutputStream()
                        .write(("GET " + PATH + " HTTP/1.0\r\nHost: " + host + "\r\nAccept: text/plain\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                return response(read(tls.getInputStream(), end));
            }
        } catch (SSLException e) {
            return new Outcome.Refused("TLS: " + e.getMessage());
        } catch (IOException | NoSuchAlgorithmException e) {
            return new Outcome.Unreachable(address.getHostAddress() + ": " + e.getMessage());
        }
    }

    private static SSLContext context(CheckConfig config) throws NoSuchAlgorithmException {
        return config.authorities().isPresent() ? config.authorities().get() : SSLContext.getDefault();
    }

    private static String read(InputStream in, long end) throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        int count = in.read(buffer);
        while (count >= 0 && octets.size() <= MAX_OCTETS) {
            octets.write(buffer, 0, count);
            if (System.nanoTime() > end) {
                throw new SocketTimeoutException("too slow");
            }
            count = in.read(buffer);
        }
        return octets.toString(StandardCharsets.ISO_8859_1);
    }

    /** RFC 8461 3.3: status 200 and nothing else, and plain text. */
    static Outcome response(String response) {
        int head = response.indexOf("\r\n\r\n");
        if (response.length() > MAX_OCTETS) {
            return new Outcome.Refused("more than " + MAX_OCTETS + " octets");
        }
        if (head < 0 || !response.startsWith("HTTP/1.")) {
            return new Outcome.Refused("no HTTP response");
        }
        List<String> lines = response.substring(0, head).lines().toList();
        String[] status = lines.getFirst().split(" ", 3);
        if (status.length < 2 || !status[1].equals("200")) {
            return new Outcome.Refused("status " + (status.length < 2 ? "missing" : status[1]) + " instead of 200");
        }
        boolean isText = lines.stream()
                .map(line -> line.toLowerCase(Locale.ROOT))
                .anyMatch(line -> line.startsWith("content-type:") && line.contains("text/plain"));
        return isText
                ? new Outcome.Policy(response.substring(head + 4))
                : new Outcome.Refused("Content-Type is not text/plain");
    }
}
