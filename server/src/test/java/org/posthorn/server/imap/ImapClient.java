package org.posthorn.server.imap;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.posthorn.testing.Patience;

/** The client's end of a connection, as octets; lines are ISO 8859-1. It waits with {@link Patience}, unless told otherwise. */
final class ImapClient implements AutoCloseable {
    private Socket socket;
    private InputStream in;
    private int tags;

    ImapClient(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    ImapClient(Socket socket) throws IOException {
        upgrade(socket);
    }

    /** Goes on over another socket: TLS over the one before. */
    void upgrade(Socket next) throws IOException {
        socket = next;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(Patience.millis());
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** For what costs the server time. */
    ImapClient patient() throws IOException {
        socket.setSoTimeout(60_000);
        return this;
    }

    Socket socket() {
        return socket;
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** A line without CRLF. */
    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        int c = in.read();
        while (c != '\n') {
            if (c < 0) {
                throw new EOFException("closed after: " + line);
            }
            line.append((char) c);
            c = in.read();
        }
        if (line.isEmpty() || line.charAt(line.length() - 1) != '\r') {
            throw new IOException("bare LF after: " + line);
        }
        line.setLength(line.length() - 1);
        return line.toString();
    }

    /** A response with its literals, each as {@code {n}CRLF} and its octets. */
    String response() throws IOException {
        StringBuilder response = new StringBuilder(line());
        while (response.length() > 0 && response.charAt(response.length() - 1) == '}') {
            int open = response.lastIndexOf("{");
            int size = Integer.parseInt(response.substring(open + 1, response.length() - 1));
            byte[] literal = in.readNBytes(size);
            response.append("\r\n")
                    .append(new String(literal, StandardCharsets.ISO_8859_1))
                    .append(line());
        }
        return response.toString();
    }

    boolean isClosed() throws IOException {
        return in.read() < 0;
    }

    /** Runs a command; the responses up to and with the tagged one, whose tag becomes "x". */
    List<String> command(String command) throws IOException {
        String tag = "t" + ++tags;
        send(tag + " " + command + "\r\n");
        return untilTagged(tag);
    }

    List<String> untilTagged(String tag) throws IOException {
        List<String> responses = new ArrayList<>();
        while (true) {
            String response = response();
            if (response.startsWith(tag + " ")) {
                responses.add("x" + response.substring(tag.length()));
                return responses;
            }
            responses.add(response);
        }
    }

    /** As {@link #command}, which has to succeed. */
    List<String> ok(String command) throws IOException {
        List<String> responses = command(command);
        if (!responses.getLast().startsWith("x OK")) {
            throw new IOException(command + " -> " + responses);
        }
        return responses;
    }

    ImapClient login(String user) throws IOException {
        response();
        ok("LOGIN " + user + " secret");
        return this;
    }

    void append(String mailbox, String flags, String message) throws IOException {
        ok("APPEND " + mailbox + " " + flags + (flags.isEmpty() ? "" : " ") + "{" + message.length() + "+}\r\n"
                + message);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
