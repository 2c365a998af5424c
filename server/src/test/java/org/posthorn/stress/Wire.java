package org.posthorn.stress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A client's end of an IMAP connection: whole responses, their literals within. */
final class Wire implements Closeable {
    private static final int MAX_RESPONSE = 16 * 1024 * 1024;

    private final Socket socket = new Socket();
    private final InputStream in;

    /** @param patience milliseconds after which a server that says nothing hangs */
    Wire(InetSocketAddress server, int patience) throws IOException {
        socket.connect(server, patience);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(patience);
        in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    /** Whether something comes within so many milliseconds. */
    boolean hasMore(int millis) throws IOException {
        for (int waited = 0; waited < millis && in.available() == 0; waited += 10) {
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return in.available() > 0;
    }

    /** A response without its CRLF; literals stand in it as they came, behind {@code {N}} and CRLF. */
    String response() throws IOException {
        StringBuilder response = new StringBuilder(200);
        while (true) {
            line(response);
            int literal = literal(response);
            if (literal < 0) {
                return response.toString();
            }
            if (literal > MAX_RESPONSE) {
                throw new IOException("a literal of " + literal + " octets");
            }
            byte[] octets = in.readNBytes(literal);
            if (octets.length < literal) {
                throw new EOFException("ended within a literal: " + response);
            }
            response.append("\r\n").append(new String(octets, ISO_8859_1));
        }
    }

    private void line(StringBuilder line) throws IOException {
        int last = 0;
        for (int c = in.read(); ; c = in.read()) {
            if (c < 0) {
                throw new EOFException(line.isEmpty() ? "ended" : "ended within a line: " + line);
            }
            if (c == '\n') {
                if (last != '\r') {
                    throw new IOException("LF without CR behind: " + line);
                }
                line.setLength(line.length() - 1);
                return;
            }
            line.append((char) c);
            last = c;
            if (line.length() > MAX_RESPONSE) {
                throw new IOException("a response without end");
            }
        }
    }

    /** The octets of the literal that a line announces; -1 for none. */
    private static int literal(StringBuilder line) {
        int open = line.lastIndexOf("{");
        if (open < 0
                || line.charAt(line.length() - 1) != '}'
                || line.length() - open > 12
                || line.length() - open < 3) {
            return -1;
        }
        int octets = 0;
        for (int i = open + 1; i < line.length() - 1; i++) {
            int digit = line.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            octets = octets * 10 + digit;
        }
        return octets;
    }

    /** Whether the server has ended the connection, with nothing more to say. */
    boolean hasEnded() throws IOException {
        return in.read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
