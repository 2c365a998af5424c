package org.posthorn.cli.verdict;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.posthorn.json.JsonObject;
import org.posthorn.mail.HeaderField;
import org.posthorn.mail.HeaderScanner;
import org.posthorn.protocol.dkim.BodyHashes;

/** The message that a question is about: a file, or text that it brings. Lines may end in LF alone. */
final class MessageText {
    /** Octets. */
    private static final int MAX_SIZE = 128 << 20;

    private final List<HeaderField> fields;
    private final byte[] body;
    private final String lineEnd;

    private MessageText(List<HeaderField> fields, byte[] body, String lineEnd) {
        this.fields = fields;
        this.body = body;
        this.lineEnd = lineEnd;
    }

    /** By {@code file}, {@code message} or {@code message-base64}. */
    static MessageText of(JsonObject question) throws IOException {
        Optional<String> text = question.text("message");
        if (text.isPresent()) {
            return parse(text.get().getBytes(StandardCharsets.UTF_8));
        }
        Optional<String> base64 = question.text("message-base64");
        if (base64.isPresent()) {
            return parse(Base64.getMimeDecoder().decode(base64.get()));
        }
        String file = question.text("file").orElseThrow(() -> new IllegalArgumentException("file is missing"));
        if (file.equals("-")) {
            return parse(bounded(System.in));
        }
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            return parse(bounded(in));
        } catch (FileSystemException e) {
            // It names the file by itself.
            throw e;
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static byte[] bounded(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(MAX_SIZE + 1);
        if (bytes.length > MAX_SIZE) {
            throw new IOException("a message of more than " + MAX_SIZE + " octets");
        }
        return bytes;
    }

    static MessageText parse(byte[] given) {
        String lineEnd = usesLfAlone(given) ? "\n" : "\r\n";
        byte[] message = withCrLf(given);
        HeaderScanner scanner = new HeaderScanner(message.length + 1);
        int header = scanner.feed(message, 0, message.length);
        HeaderScanner.Scanned scanned = scanner.scanned();
        ByteArrayOutputStream body = new ByteArrayOutputStream(message.length - header);
        body.writeBytes(scanned.body().getBytes(StandardCharsets.ISO_8859_1));
        body.write(message, header, message.length - header);
        return new MessageText(scanned.fields(), body.toByteArray(), lineEnd);
    }

    private static boolean usesLfAlone(byte[] message) {
        for (int i = 0; i < message.length; i++) {
            if (message[i] == '\n') {
                return i == 0 || message[i - 1] != '\r';
            }
        }
        return false;
    }

    private static byte[] withCrLf(byte[] message) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(message.length + message.length / 32 + 2);
        byte before = 0;
        for (byte octet : message) {
            if (octet == '\n' && before != '\r') {
                out.write('\r');
            }
            out.write(octet);
            before = octet;
        }
        return out.toByteArray();
    }

    List<HeaderField> fields() {
        return fields;
    }

    void feed(BodyHashes hashes) {
        hashes.update(body, 0, body.length);
    }

    /** Fields with CRLF, with the line ends that the message had. */
    String inItsLineEnds(String added) {
        return added.replace("\r\n", lineEnd);
    }
}
