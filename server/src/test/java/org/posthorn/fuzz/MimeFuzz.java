package org.posthorn.fuzz;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Arrays;
import org.posthorn.mail.MessageContent;
import org.posthorn.mail.mime.MessageText;
import org.posthorn.mail.mime.MimeFormatException;
import org.posthorn.mail.mime.MimePart;
import org.posthorn.mail.mime.MimeStructure;

/** Every sequence of bytes is a message: header and body follow each other, parts lie in order within what holds them. */
public final class MimeFuzz {
    private MimeFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        try {
            MessageContent content = MessageContent.of(input);
            MimePart root = MimeStructure.parse(content);
            if (root.header().start() != 0 || root.body().end() != input.length) {
                throw new IllegalStateException("the structure is not that of the whole message");
            }
            check(root, 1);
            if (!MimePart.decode(root.encode()).equals(root)) {
                throw new IllegalStateException("the encoded structure is another");
            }
            try (Reader text = MessageText.whole(content, root)) {
                text.transferTo(Writer.nullWriter());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        decodeAnything(input);
    }

    private static void check(MimePart part, int depth) {
        boolean good =
                part.header().end() == part.body().start() && depth <= MimeStructure.MAX_DEPTH && part.lines() >= 0;
        long at = part.body().start();
        for (MimePart child : part.children()) {
            good &= child.header().start() >= at
                    && child.body().end() <= part.body().end();
            at = child.body().end();
            check(child, depth + 1);
        }
        if (!good) {
            throw new IllegalStateException("parts overlap: " + part);
        }
    }

    /** The index may be damaged: whatever is there decodes or is refused. */
    private static void decodeAnything(byte[] input) {
        byte[] version = {1};
        byte[] encoded = Arrays.copyOf(version, 1 + input.length);
        System.arraycopy(input, 0, encoded, 1, input.length);
        try {
            MimePart.decode(encoded);
        } catch (MimeFormatException damaged) {
            // the message is parsed again
        }
    }
}
