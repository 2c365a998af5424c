package org.posthorn.mail.mime;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.posthorn.mail.CharsetNames;
import org.posthorn.mail.MessageContent;

/** What is in a part, decoded as it is read. Broken encodings and characters never fail: they are passed over or replaced. */
public final class PartContent {
    /** How much of a text without a charset is looked at to guess it, octets. */
    private static final int LOOK_AHEAD = 4096;

    private PartContent() {}

    /** The body's bytes without their transfer encoding; close the stream. */
    public static InputStream bytes(MessageContent content, MimePart part) throws IOException {
        InputStream body = content.open(part.body().start(), part.body().length());
        return switch (TransferDecoder.of(part.encoding())) {
            case IdentityDecoder none -> body;
            case Base64Decoder decoder -> new DecodedStream(body, decoder);
            case QuotedPrintableDecoder decoder -> new DecodedStream(body, decoder);
        };
    }

    /**
     * The body as text in the character set that the part states. Where it states none, US-ASCII or one unknown here, it is read as
     * UTF-8, or as Windows-1252 if it is not that. Close the reader.
     */
    public static Reader text(MessageContent content, MimePart part) throws IOException {
        PushbackInputStream bytes = new PushbackInputStream(bytes(content, part), LOOK_AHEAD);
        try {
            Optional<Charset> stated = part.type()
                    .parameter("charset")
                    .flatMap(CharsetNames::find)
                    .filter(charset -> !charset.equals(StandardCharsets.US_ASCII));
            Charset charset = stated.isPresent() ? stated.get() : guess(bytes);
            return new InputStreamReader(bytes, charset);
        } catch (IOException e) {
            bytes.close();
            throw e;
        }
    }

    private static Charset guess(PushbackInputStream in) throws IOException {
        byte[] start = new byte[LOOK_AHEAD];
        int length = in.readNBytes(start, 0, start.length);
        in.unread(start, 0, length);
        // a character that goes on after the last byte is no error here
        CoderResult result = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(start, 0, length), CharBuffer.allocate(length), length < start.length);
        return result.isError()
                ? CharsetNames.find("windows-1252").orElse(StandardCharsets.ISO_8859_1)
                : StandardCharsets.UTF_8;
    }
}
