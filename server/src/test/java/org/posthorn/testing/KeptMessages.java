package org.posthorn.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.MessageContent;
import org.posthorn.queue.Draft;
import org.posthorn.queue.QueueId;
import org.posthorn.queue.Spool;

/** A spool that keeps what is committed in memory, and all that was written into drafts. Used by one thread. */
public final class KeptMessages implements Spool {
    private final List<String> texts = new ArrayList<>();
    private final StringBuilder written = new StringBuilder();
    private boolean full;
    private int open;

    /** The messages, prefix and body, in the order in which they were committed. */
    public List<String> texts() {
        return texts;
    }

    /** All octets that were written into drafts. */
    public String written() {
        return written.toString();
    }

    /** Drafts that are neither committed nor closed. */
    public int open() {
        return open;
    }

    /** Nothing can be written from now on. */
    public void fill() {
        full = true;
    }

    @Override
    public boolean hasRoomFor(long octets) {
        return !full;
    }

    @Override
    public Draft begin() {
        open++;
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        return new Draft() {
            private boolean ended;

            @Override
            public QueueId id() {
                return new QueueId("0123456789AB");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (full) {
                    throw new IOException("no room");
                }
                body.write(bytes, offset, length);
                written.append(new String(bytes, offset, length, ISO_8859_1));
            }

            @Override
            public long size() {
                return body.size();
            }

            @Override
            public MessageContent content() {
                return MessageContent.of(body.toByteArray());
            }

            @Override
            public void commit(Envelope envelope, byte[] prefix) {
                texts.add(new String(prefix, ISO_8859_1) + body.toString(ISO_8859_1));
                close();
            }

            @Override
            public void close() {
                open -= ended ? 0 : 1;
                ended = true;
            }
        };
    }
}
