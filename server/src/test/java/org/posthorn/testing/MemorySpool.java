package org.posthorn.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.MessageContent;
import org.posthorn.queue.Draft;
import org.posthorn.queue.QueueId;
import org.posthorn.queue.Spool;

/** A spool that keeps committed messages in memory, and fails where it is told to. */
public final class MemorySpool implements Spool {
    /** Where it fails. */
    public enum Trouble {
        NONE,
        AT_BEGIN,
        AT_WRITE,
        /** Of any draft but the first. */
        AT_LATER_WRITE,
        AT_COMMIT
    }

    /** A message, with its prefix. */
    public record Committed(Envelope envelope, String message) {}

    public final List<Committed> committed = new ArrayList<>();
    public Trouble trouble = Trouble.NONE;
    public long room = Long.MAX_VALUE;
    /** Drafts that nobody has closed yet. */
    public int open;

    /** All that was written into drafts, committed or not; ISO 8859-1. */
    public final StringBuilder written = new StringBuilder();

    private int begun;

    @Override
    public Draft begin() throws IOException {
        fail(Trouble.AT_BEGIN);
        int number = ++begun;
        open++;
        QueueId id = new QueueId("TESTQUEUE%02d".formatted(number));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        return new Draft() {
            private boolean closed;

            @Override
            public QueueId id() {
                return id;
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                fail(Trouble.AT_WRITE);
                if (number > 1) {
                    fail(Trouble.AT_LATER_WRITE);
                }
                out.write(bytes, offset, length);
                written.append(new String(bytes, offset, length, StandardCharsets.ISO_8859_1));
            }

            @Override
            public long size() {
                return out.size();
            }

            @Override
            public MessageContent content() {
                return MessageContent.of(out.toByteArray());
            }

            @Override
            public void commit(Envelope envelope, byte[] prefix) throws IOException {
                fail(Trouble.AT_COMMIT);
                committed.add(new Committed(
                        envelope,
                        new String(prefix, StandardCharsets.ISO_8859_1) + out.toString(StandardCharsets.ISO_8859_1)));
            }

            @Override
            public void close() {
                open -= closed ? 0 : 1;
                closed = true;
            }
        };
    }

    @Override
    public boolean hasRoomFor(long octets) {
        return octets <= room;
    }

    private void fail(Trouble here) throws IOException {
        if (trouble == here) {
            throw new IOException("no room");
        }
    }
}
