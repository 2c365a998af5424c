package org.posthorn.bench;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A client's connection: lines in, bytes out, TLS without asking who the server is. */
final class Wire implements Closeable {
    private static final SSLContext TRUSTING = trusting();

    private Socket socket;
    private InputStream in;
    private OutputStream out;

    Wire(int port, boolean tls) throws IOException {
        this("127.0.0.1", port);
        if (tls) {
            startTls();
        }
    }

    /** @param from our address, one of 127.0.0.0/8 */
    Wire(String from, int port) throws IOException {
        socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(60_000);
        socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
        in = new BufferedInputStream(socket.getInputStream());
        out = new BufferedOutputStream(socket.getOutputStream(), 16 * 1024);
    }

    void startTls() throws IOException {
        SSLSocket secured =
                (SSLSocket) TRUSTING.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
        secured.startHandshake();
        socket = secured;
        in = new BufferedInputStream(secured.getInputStream());
        out = new BufferedOutputStream(secured.getOutputStream(), 16 * 1024);
    }

    /** Whether a small piece waits until what was sent before it is acknowledged (Nagle's algorithm). */
    void delay(boolean on) throws IOException {
        socket.setTcpNoDelay(!on);
    }

    void send(String line) throws IOException {
        write(line.getBytes(StandardCharsets.ISO_8859_1));
    }

    void write(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    void flush() throws IOException {
        out.flush();
    }

    /** A line without its line end. */
    String line() throws IOException {
        StringBuilder line = new StringBuilder(80);
        while (true) {
            int octet = in.read();
            if (octet < 0) {
                throw new EOFException("server closed the connection after: " + line);
            }
            if (octet == '\n') {
                int length = line.length();
                return length > 0 && line.charAt(length - 1) == '\r' ? line.substring(0, length - 1) : line.toString();
            }
            line.append((char) octet);
        }
    }

    /** Sends a command of SMTP and expects a reply with this code. */
    void command(String command, String code) throws IOException {
        send(command + "\r\n");
        flush();
        expect(code);
    }

    /** Reads a whole reply of SMTP. */
    void expect(String code) throws IOException {
        String line = line();
        while (line.length() > 3 && line.charAt(3) == '-') {
            line = line();
        }
        if (!line.startsWith(code)) {
            throw new IOException("expected " + code + ", got: " + line);
        }
    }

    void skip(long count) throws IOException {
        in.skipNBytes(count);
    }

    /** Reads up to the line that is a single dot; returns the octets read. */
    long skipToDot() throws IOException {
        long count = 0;
        int state = 1; // 1: at the start of a line; 2: after its dot; 3: after dot and CR
        while (true) {
            int octet = in.read();
            if (octet < 0) {
                throw new EOFException("server closed the connection in a message");
            }
            count++;
            if (octet == '\n') {
                if (state == 3 || state == 2) {
                    return count;
                }
                state = 1;
            } else if (octet == '.' && state == 1) {
                state = 2;
            } else if (octet == '\r' && state == 2) {
                state = 3;
            } else {
                state = 0;
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static SSLContext trusting() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TrustsAll()}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The servers of a comparison have certificates of their own making. */
    private static final class TrustsAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
