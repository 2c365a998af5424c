package org.posthorn.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Fields;

/** A request and its answer. Not thread-safe. */
public final class Exchange {
    private final Request request;
    private final Response response;
    private final Deadlines deadlines;

    Exchange(Request request, Response response, Deadlines deadlines) {
        this.request = request;
        this.response = response;
        this.deadlines = deadlines;
    }

    public String method() {
        return request.getMethod();
    }

    /** GET's answer is asked for, or HEAD's, which is the same without the content (RFC 9110 9.3.2). */
    public boolean reads() {
        return method().equals("GET") || isHead();
    }

    private boolean isHead() {
        return method().equals("HEAD");
    }

    /** The path as it was sent, without the query. */
    public String path() {
        return Optional.ofNullable(request.getHttpURI().getPath()).orElse("/");
    }

    /** What stands between the slashes of the path, decoded; a slash at its end adds nothing. */
    public List<String> segments() {
        return Arrays.stream(path().substring(1).split("/"))
                .map(Exchange::decoded)
                .toList();
    }

    private static String decoded(String segment) {
        try {
            // A plus is a plus in a path, unlike in a form.
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException(400, "the path is not percent-encoded: " + segment);
        }
    }

    /** A parameter of the query. */
    public Optional<String> parameter(String name) {
        Fields fields = Request.extractQueryParameters(request);
        return Optional.ofNullable(fields.getValue(name));
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeaders().get(name));
    }

    /**
     * Reads the body of the request.
     *
     * @param max octets
     * @throws BadRequestException it has more
     * @throws IOException it did not come in time
     */
    public byte[] body(int max) throws IOException {
        if (request.getLength() > max) {
            throw tooLarge(max);
        }
        try (InputStream in = body()) {
            byte[] body = in.readNBytes(max);
            if (in.read() >= 0) {
                throw tooLarge(max);
            }
            return body;
        }
    }

    /**
     * The octets of the request's body as they come; whoever reads bounds them. From the first that is asked for until it is closed it
     * has as much time as a body has, and is cut then.
     */
    public InputStream body() {
        return new Body(
                Content.Source.asInputStream(request),
                request.getConnectionMetaData().getConnection().getEndPoint());
    }

    private final class Body extends InputStream {
        private final InputStream in;
        private final EndPoint client;
        private boolean begun;

        Body(InputStream in, EndPoint client) {
            this.in = in;
            this.client = client;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                // Jetty's waits for the rest when it is asked for nothing.
                return 0;
            }
            if (!begun) {
                begun = true;
                deadlines.begin(client);
            }
            int count = in.read(target, offset, length);
            if (count < 0) {
                // The client has said all: what is made of it takes the time it takes.
                deadlines.end(client);
            }
            return count;
        }

        /** Does not close Jetty's, which waits for the rest then. */
        @Override
        public void close() {
            deadlines.end(client);
        }
    }

    private static BadRequestException tooLarge(int max) {
        return new BadRequestException(413, "the request has more than " + max + " octets");
    }

    /** Sets a field of the answer's header. */
    public void set(String name, String value) {
        response.getHeaders().put(name, value);
    }

    /** Answers with a text in UTF-8; without it where the request is HEAD. */
    public void answer(int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        begin(status, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        Content.Sink.write(response, true, isHead() ? ByteBuffer.allocate(0) : ByteBuffer.wrap(body));
    }

    /** Answers without content. */
    public void answer(int status) throws IOException {
        response.setStatus(status);
        Content.Sink.write(response, true, ByteBuffer.allocate(0));
    }

    /**
     * Begins an answer of any length. What is written goes out as the client takes it; the answer is whole once the stream is closed,
     * and a handler that throws before is noticed by the client.
     */
    public OutputStream stream(int status, String type) throws IOException {
        begin(status, type);
        if (isHead()) {
            answer(status);
            return OutputStream.nullOutputStream();
        }
        if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1) {
            // Else it would end with the connection, and one that breaks off would look whole (RFC 9112 8).
            response.getHeaders().put(HttpHeader.TRANSFER_ENCODING, "chunked");
        }
        return Response.asBufferedOutputStream(request, response);
    }

    private void begin(int status, String type) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    }

    /** Whether something of an answer is on its way to the client, so that there can be no other. */
    public boolean begun() {
        return response.isCommitted();
    }
}
