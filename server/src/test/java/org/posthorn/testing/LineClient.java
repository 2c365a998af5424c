package org.posthorn.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** The client's side of a protocol of lines, over a real socket; waits for each answer with {@link Patience}. */
public final class LineClient implements Closeable {
    private Socket socket;
    private InputStream in;

    public LineClient(int port) throws IOException {
        socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
        socket.setSoTimeout(Patience.millis());
        socket.setTcpNoDelay(true);
        in = new java.io.BufferedInputStream(socket.getInputStream());
    }

    /**
     * Plays a conversation. A line {@code C: text} is sent with CRLF; {@code \0}, {@code \r}, {@code \n} and {@code \xHH} in it stand
     * for those octets, and with a backslash at its end no CRLF follows. A line {@code S: text} must be what the server says next,
     * where {@code ...} stands for anything; {@code S: [end]} means that the server closes the connection. {@code TLS} begins TLS.
     */
    public LineClient play(String transcript) throws IOException {
        StringBuilder pending = new StringBuilder();
        for (String line : transcript.lines().map(String::strip).toList()) {
            if (line.startsWith("C:")) {
                String text = line.substring(2).stripLeading();
                boolean open = text.endsWith("\\") && !text.endsWith("\\\\");
                pending.append(unescape(open ? text.substring(0, text.length() - 1) : text))
                        .append(open ? "" : "\r\n");
                continue;
            }
            // Lines of the client in a row leave as one segment: a pipelined group.
            flush(pending);
            if (line.startsWith("S:")) {
                expect(line.substring(2).strip());
            } else if (line.equals("TLS")) {
                startTls(SelfSigned.shared().client());
            } else if (!line.isEmpty()) {
                throw new IllegalArgumentException("not a line of a transcript: " + line);
            }
        }
        flush(pending);
        return this;
    }

    private void flush(StringBuilder pending) throws IOException {
        if (!pending.isEmpty()) {
            send(pending.toString());
            pending.setLength(0);
        }
    }

    /** Sends text as UTF-8; surrogate-free chars above 0xff00 from {@code \xHH} as the octet. */
    public LineClient send(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0xf800 && c < 0xf900) {
                bytes.write(c & 0xff);
            } else {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        return send(bytes.toByteArray());
    }

    public LineClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    public void expect(String expected) throws IOException {
        if (expected.equals("[end]")) {
            assertThat(in.read()).as("end of the connection").isEqualTo(-1);
            return;
        }
        String line = line();
        String pattern = Pattern.quote(expected).replace("...", "\\E.*\\Q");
        assertThat(line).as("reply, expected: " + expected).matches(pattern);
    }

    /** The next line from the server, as UTF-8, without CRLF. */
    public String line() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (true) {
            int octet = in.read();
            if (octet < 0) {
                return bytes.size() == 0 ? "[end]" : bytes.toString(StandardCharsets.UTF_8);
            }
            if (octet == '\n') {
                String line = bytes.toString(StandardCharsets.UTF_8);
                assertThat(line).as("line end").endsWith("\r");
                return line.substring(0, line.length() - 1);
            }
            bytes.write(octet);
        }
    }

    /** Everything until the server closes the connection. */
    public String rest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    public LineClient startTls(SSLContext context) throws IOException {
        SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(socket, "localhost", 0, true);
        secured.startHandshake();
        socket = secured;
        in = new java.io.BufferedInputStream(secured.getInputStream());
        return this;
    }

    public Socket socket() {
        return socket;
    }

    private static String unescape(String text) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\' || i + 1 == text.length()) {
                result.append(c);
                continue;
            }
            char next = text.charAt(++i);
            switch (next) {
                case 'r' -> result.append('\r');
                case 'n' -> result.append('\n');
                case '0' -> result.append('\0');
                case 'x' -> {
                    result.append((char) (0xf800 + Integer.parseInt(text.substring(i + 1, i + 3), 16)));
                    i += 2;
                }
                default -> result.append(next);
            }
        }
        return result.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
