package org.posthorn.mail.mime;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.posthorn.mail.EncodedWords;
import org.posthorn.mail.FieldView;
import org.posthorn.mail.Headers;
import org.posthorn.mail.MessageContent;

/**
 * All text of a message for searching (RFC 3501 6.4.4 BODY and TEXT): the text parts, decoded, and the headers of the messages in it,
 * in their order and with a line end after each. Markup is left as it is. Memory does not depend on the message's size: one part is open
 * at a time, and of a header {@link Headers#MAX_OCTETS} are read.
 */
public final class MessageText extends Reader {
    private final MessageContent content;
    /** Parts not yet read; a message stands here twice, for its header and for its body. */
    private final Deque<Pending> pending = new ArrayDeque<>();

    private Reader current = Reader.nullReader();

    private record Pending(MimePart part, boolean header) {}

    private MessageText(MessageContent content) {
        this.content = content;
    }

    /** The text of the body: without the header of the message itself. Close it. */
    public static Reader body(MessageContent content, MimePart message) {
        MessageText text = new MessageText(content);
        text.pending.push(new Pending(message, false));
        return text;
    }

    /** The text of header and body. Close it. */
    public static Reader whole(MessageContent content, MimePart message) {
        MessageText text = new MessageText(content);
        text.pending.push(new Pending(message, false));
        text.pending.push(new Pending(message, true));
        return text;
    }

    /** A header as text: each field unfolded on its line, encoded words decoded. */
    public static String header(Headers headers) {
        StringBuilder text = new StringBuilder();
        for (FieldView field : headers) {
            text.append(field.name())
                    .append(": ")
                    .append(EncodedWords.decode(field.value()))
                    .append("\r\n");
        }
        return text.toString();
    }

    @Override
    public int read(char[] chars, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, chars.length);
        if (length == 0) {
            return 0;
        }
        while (true) {
            int read = current.read(chars, from, length);
            if (read > 0) {
                return read;
            }
            current.close();
            current = Reader.nullReader();
            if (pending.isEmpty()) {
                return -1;
            }
            boolean opened = openNext(pending.pop());
            if (opened) {
                chars[from] = '\n';
                return 1;
            }
        }
    }

    @Override
    public void close() throws IOException {
        pending.clear();
        current.close();
    }

    /** Goes on with what is next; false when it has no text itself. */
    private boolean openNext(Pending next) throws IOException {
        MimePart part = next.part();
        if (next.header()) {
            current = new StringReader(header(
                    Headers.read(content, part.header().start(), part.header().length())));
            return true;
        }
        for (MimePart child : part.children().reversed()) {
            pending.push(new Pending(child, false));
            if (child.summary().isPresent()) {
                pending.push(new Pending(child, true));
            }
        }
        if (!part.children().isEmpty() || !part.type().isText()) {
            return false;
        }
        current = PartContent.text(content, part);
        return true;
    }
}
