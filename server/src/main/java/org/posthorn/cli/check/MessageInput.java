package org.posthorn.cli.check;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.posthorn.json.JsonObject;
import org.posthorn.mail.HeaderField;
import org.posthorn.mail.HeaderScanner;
import org.posthorn.protocol.dkim.BodyHashes;

/**
 * The message that a question is about: a file, or text that it brings. Lines may end in LF alone. The header is kept, the body goes by
 * once, so that memory does not grow with it. Used by one thread.
 */
final class MessageInput implements Closeable {
    /** Octets. */
    private static final long MAX_SIZE = 1L << 30;

    /** Octets; a server takes a small part of it. */
    private static final int MAX_HEADER = 8 << 20;

    private final String name;
    private final CrLfReader in;
    private final List<HeaderField> fields;
    /** What was read of the body together with the header. */
    private final byte[] begun;

    private MessageInput(String name, CrLfReader in) throws IOException {
        this.name = name;
        this.in = in;
        HeaderScanner scanner = new HeaderScanner(MAX_HEADER);
        int length = 0;
        int taken = 0;
        while (taken == length && !scanner.isComplete()) {
            length = next();
            if (length < 0) {
                break;
            }
            taken = scanner.feed(in.text(), 0, length);
        }
        if (scanner.isTooLarge()) {
            throw new IOException(name + "a header of more than " + MAX_HEADER + " octets");
        }
        HeaderScanner.Scanned scanned = scanner.scanned();
        this.fields = scanned.fields();
        // As a server would store it: the empty line stands before them.
        byte[] stray = scanned.body().getBytes(StandardCharsets.ISO_8859_1);
        int rest = Math.max(0, length - taken);
        this.begun = Arrays.copyOf(stray, stray.length + rest);
        System.arraycopy(in.text(), taken, begun, stray.length, rest);
    }

    /** By {@code file}, {@code message} or {@code message-base64}. */
    static MessageInput of(JsonObject question) throws IOException {
        Optional<String> text = question.text("message");
        if (text.isPresent()) {
            return of(new ByteArrayInputStream(text.get().getBytes(StandardCharsets.UTF_8)));
        }
        Optional<String> base64 = question.text("message-base64");
        if (base64.isPresent()) {
            return of(new ByteArrayInputStream(decoded(base64.get())));
        }
        String file = question.text("file").orElseThrow(() -> new IllegalArgumentException("file is missing"));
        if (file.equals("-")) {
            return of(withoutClosing(System.in));
        }
        return open(file + ": ", Files.newInputStream(Path.of(file)));
    }

    static MessageInput of(InputStream in) throws IOException {
        return open("", in);
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("message-base64 is not base64: " + e.getMessage(), e);
        }
    }

    private static InputStream withoutClosing(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                return in.read(bytes, offset, length);
            }

            @Override
            public void close() {
                // It is not ours.
            }
        };
    }

    private static MessageInput open(String name, InputStream in) throws IOException {
        CrLfReader reader = new CrLfReader(in, MAX_SIZE);
        try {
            return new MessageInput(name, reader);
        } catch (IOException e) {
            reader.close();
            throw e;
        }
    }

    private int next() throws IOException {
        try {
            return in.read();
        } catch (FileSystemException e) {
            // It names the file by itself.
            throw e;
        } catch (IOException e) {
            throw new IOException(name + e.getMessage(), e);
        }
    }

    List<HeaderField> fields() {
        return fields;
    }

    /** The whole body, once. */
    void feed(BodyHashes hashes) throws IOException {
        hashes.update(begun, 0, begun.length);
        for (int length = next(); length >= 0; length = next()) {
            hashes.update(in.text(), 0, length);
        }
    }

    /** Fields with CRLF, with the line ends that the message has. */
    String inItsLineEnds(String added) {
        return added.replace("\r\n", in.lineEnd());
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
