package org.posthorn.admin.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
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

/**
 * One request of HTTP/1.1 (RFC 9112) over a Unix socket, which the JDK's client cannot reach, and its answer. The other end is a
 * server of ours, or none that is understood.
 */
final class HttpCall implements Closeable {
    private static final int MAX_LINE = 8 << 10;
    private static final int MAX_FIELDS = 100;

    private final SocketChannel channel;
    private final int status;
    private final InputStream body;

    private HttpCall(SocketChannel channel, int status, InputStream body) {
        this.channel = channel;
        this.status = status;
        this.body = body;
    }

    /**
     * Sends a request and reads the header of its answer.
     *
     * @param target path and query, percent-encoded
     * @throws IOException nobody listens there, or it went away
     */
    static HttpCall send(Path socket, String method, String target, Optional<String> json) throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        try {
            byte[] content = json.orElse("").getBytes(StandardCharsets.UTF_8);
            String type = json.isPresent() ? "Content-Type: application/json\r\n" : "";
            String length = method.equals("GET") ? "" : "Content-Length: " + content.length + "\r\n";
            String head = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + type + length + "\r\n";
            OutputStream out = Channels.newOutputStream(channel);
            ByteArrayOutputStream request = new ByteArrayOutputStream();
            request.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
            request.writeBytes(content);
            out.write(request.toByteArray());
            return answer(channel, new BufferedInputStream(Channels.newInputStream(channel), 64 << 10));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
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
