package org.posthorn.intake.inbound;

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

/** Keeps messages in memory; runs out of room where it is told to. */
final class KeepingSpool implements Spool {
    enum Full {
        NEVER,
        AT_BEGIN,
        AT_WRITE,
        AT_COMMIT
    }

    record Kept(Envelope envelope, String text) {}

    private final List<Kept> kept = new ArrayList<>();
    private Full full = Full.NEVER;
    private long room = Long.MAX_VALUE;
    private int open;

    List<Kept> kept() {
        return kept;
    }

    void full(Full when) {
        full = when;
    }

    void room(long octets) {
        room = octets;
    }

    @Override
    public boolean hasRoomFor(long octets) {
        return octets <= room;
    }

    /** Drafts that were begun and not closed. */
    int open() {
        return open;
    }

    private void check(Full now) throws IOException {
        if (full == now) {
            throw new IOException("no space left on device");
        }
    }

    @Override
    public Draft begin() throws IOException {
        check(Full.AT_BEGIN);
        open++;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        return new Draft() {
            @Override
            public QueueId id() {
                return new QueueId("0123456789AB");
            }

            @Override
            public void write(byte[] source, int offset, int length) throws IOException {
                check(Full.AT_WRITE);
                bytes.write(source, offset, length);
            }

            @Override
            public long size() {
                return bytes.size();
            }

            @Override
            public MessageContent content() {
                return MessageContent.of(bytes.toByteArray());
            }

            @Override
            public void commit(Envelope envelope, byte[] prefix) throws IOException {
                check(Full.AT_COMMIT);
                kept.add(new Kept(
                        envelope, new String(prefix, StandardCharsets.UTF_8) + bytes.toString(StandardCharsets.UTF_8)));
            }

            @Override
            public void close() {
                open--;
            }
        };
    }
}
