package org.posthorn.admin.http;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One request of HTTP/1.1 (RFC 9112) over a Unix socket, which the JDK's client cannot reach, and its answer. The other end is a
 * server of ours, or none that is understood.
 */
final class HttpCall implements Closeable {
    private static final int MAX_LINE = 8 << 10;
    private static final int MAX_FIELDS = 100;
    private static final int PIECE = 64 << 10;
    private static final byte[] END_OF_LINE = {'\r', '\n'};

    private final SocketChannel channel;
    private final int status;
    private final InputStream body;

    private HttpCall(SocketChannel channel, int status, InputStream body) {
        this.channel = channel;
        this.status = status;
        this.body = body;
    }

    /**
     * What a request carries.
     *
     * @param length octets, where they are known
     */
    record Content(String type, InputStream octets, OptionalLong length) {
        static Content json(String text) {
            byte[] octets = text.getBytes(StandardCharsets.UTF_8);
            return new Content("application/json", new ByteArrayInputStream(octets), OptionalLong.of(octets.length));
        }

        private String header() {
            return "Content-Type: " + type + "\r\n"
                    + (length.isPresent()
                            ? "Content-Length: " + length.getAsLong() + "\r\n"
                            : "Transfer-Encoding: chunked\r\n");
        }

        private void writeTo(OutputStream out) throws IOException {
            if (length.isPresent()) {
                octets.transferTo(out);
                return;
            }
            byte[] piece = new byte[PIECE];
            for (int count = octets.read(piece); count >= 0; count = octets.read(piece)) {
                if (count > 0) {
                    out.write((Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                    out.write(piece, 0, count);
                    out.write(END_OF_LINE);
                }
            }
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    /**
     * Sends a request and reads the header of its answer.
     *
     * @param target path and query, percent-encoded
     * @param accept the type of the answer
     * @throws IOException nobody listens there, or it went away, or the content cannot be read
     */
    static HttpCall send(Path socket, String method, String target, String accept, Optional<Content> content)
            throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        try {
            String head = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nAccept: " + accept + "\r\n"
                    + content.map(Content::header).orElse("") + "\r\n";
            BufferedOutputStream out = new BufferedOutputStream(new Sink(channel), PIECE);
            InputStream in = new BufferedInputStream(Channels.newInputStream(channel), PIECE);
            try {
                out.write(head.getBytes(StandardCharsets.US_ASCII));
                if (content.isPresent()) {
                    content.get().writeTo(out);
                }
                out.flush();
            } catch (Refused e) {
                // It does not want to hear more, and may have said why.
                return earlyAnswer(channel, in, e);
            }
            return answer(channel, in);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static HttpCall earlyAnswer(SocketChannel channel, InputStream in, Refused cause) throws IOException {
        try {
            return answer(channel, in);
        } catch (IOException e) {
            cause.addSuppressed(e);
            throw cause;
        }
    }

    /** The server takes no more of the request. */
    private static final class Refused extends IOException {
        private static final long serialVersionUID = 1;

        Refused(IOException cause) {
            super("the server takes no more of the request: " + cause.getMessage(), cause);
        }
    }

    /** Tells a server that takes no more from a content that cannot be read. */
    private static final class Sink extends OutputStream {
        private final OutputStream out;

        Sink(SocketChannel channel) {
            out = Channels.newOutputStream(channel);
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] octets, int offset, int length) throws IOException {
            try {
                out.write(octets, offset, length);
            } catch (IOException e) {
                throw new Refused(e);
            }
        }
    }

    private static HttpCall answer(SocketChannel channel, InputStream in) throws IOException {
        String[] words = line(in).split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/1.")) {
            throw new IOException("no HTTP comes from there");
        }
        Map<String, String> fields = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon < 0 || fields.size() == MAX_FIELDS) {
                throw new IOException("no header of HTTP: " + line);
            }
            fields.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        try {
            boolean chunked = fields.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked");
            long length = Long.parseLong(fields.getOrDefault("content-length", "0"));
            return new HttpCall(channel, Integer.parseInt(words[1]), new Body(in, chunked, chunked ? 0 : length));
        } catch (NumberFormatException e) {
            throw new IOException("no answer of HTTP: " + words[1], e);
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the server broke off");
            }
            if (line.length() == MAX_LINE) {
                throw new IOException("a line of HTTP has no end");
            }
            line.append((char) c);
        }
        if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
            line.setLength(line.length() - 1);
        }
        return line.toString();
    }

    /** So many octets, or chunks (RFC 9112 7.1) up to the last; an end before is told. */
    private static final class Body extends FilterInputStream {
        private final boolean chunked;
        private long left;
        private boolean ended;

        Body(InputStream in, boolean chunked, long length) {
            super(in);
            this.chunked = chunked;
            left = length;
            ended = !chunked && length == 0;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (chunked && left == 0 && !ended) {
                nextChunk();
            }
            if (ended) {
                return -1;
            }
            int count = in.read(target, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException("the answer broke off");
            }
            left -= count;
            if (left == 0) {
                if (chunked) {
                    line(in);
                } else {
                    ended = true;
                }
            }
            return count;
        }

        private void nextChunk() throws IOException {
            try {
                left = Long.parseLong(line(in).split(";", 2)[0].strip(), 16);
            } catch (NumberFormatException e) {
                throw new IOException("no chunk of HTTP", e);
            }
            ended = left == 0;
        }
    }

    int status() {
        return status;
    }

    InputStream body() {
        return body;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
