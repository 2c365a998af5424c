package org.posthorn.queue.spool;

import java.io.IOException;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.MessageContent;
import org.posthorn.queue.Draft;
import org.posthorn.queue.QueueId;

/** A draft of the {@link FileSpool}. Used by one thread. */
final class SpoolDraft implements Draft {
    private static final int ROOM_CHECK = 1 << 20;

    private final FileSpool spool;
    private final QueueId id;
    private final long begunMillis;
    private final DraftBuffer buffer;
    private long checked;
    private boolean ended;

    SpoolDraft(FileSpool spool, QueueId id, long begunMillis, DraftBuffer buffer) {
        this.spool = spool;
        this.id = id;
        this.begunMillis = begunMillis;
        this.buffer = buffer;
    }

    @Override
    public QueueId id() {
        return id;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (ended) {
            throw new IOException("the draft has ended");
        }
        if (size() + length - checked > ROOM_CHECK) {
            checked = size() + length;
            spool.requireRoom(ROOM_CHECK);
        }
        buffer.write(bytes, offset, length);
    }

    @Override
    public long size() {
        return buffer.size();
    }

    @Override
    public MessageContent content() throws IOException {
        return buffer.content();
    }

    @Override
    public void commit(Envelope envelope, byte[] prefix) throws IOException {
        if (ended || envelope.recipients().isEmpty()) {
            throw new IOException(ended ? "the draft has ended" : "no recipients");
        }
        spool.commit(id, begunMillis, envelope, prefix, buffer);
        ended = true;
    }

    @Override
    public void close() {
        if (!ended) {
            ended = true;
            buffer.drop();
        }
    }
}
