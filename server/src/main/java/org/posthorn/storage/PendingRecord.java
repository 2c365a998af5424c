package org.posthorn.storage;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** A record on its way into the log. One thread may wait for it. */
public final class PendingRecord {
    /** What its owner expects of a record. */
    enum Kind {
        /** Durable, and its segment stays until it is released. Fails with its segment. */
        KEPT,
        /** Durable. Fails with its segment. */
        SYNCED,
        /** Durable some time; nobody waits. Written again elsewhere when its segment fails. */
        NOTE
    }

    private enum State {
        WAITING,
        DONE,
        FAILED
    }

    final int type;
    final byte[][] parts;
    final int length;
    final Kind kind;

    private final int crc;
    private @Nullable LogPosition position;
    private @Nullable IOException failure;
    private volatile State state = State.WAITING;
    private volatile @Nullable Thread waiter;

    PendingRecord(int type, Kind kind, byte[]... parts) {
        this.type = type;
        this.kind = kind;
        this.parts = parts;
        CRC32C sum = new CRC32C();
        sum.update(type);
        int octets = 0;
        for (byte[] part : parts) {
            sum.update(part, 0, part.length);
            octets += part.length;
        }
        this.length = octets;
        this.crc = (int) sum.getValue();
    }

    RecordHeader header() {
        return new RecordHeader(length, crc, type);
    }

    /** Set by the log's thread, before {@link #done}. */
    void at(LogPosition place) {
        position = place;
    }

    void done() {
        finish(State.DONE);
    }

    void fail(IOException cause) {
        failure = cause;
        finish(State.FAILED);
    }

    boolean isPlaced() {
        return position != null;
    }

    private void finish(State end) {
        if (state != State.WAITING) {
            return;
        }
        state = end;
        LockSupport.unpark(waiter);
    }

    /**
     * Waits until the record is durable, and says where it lies.
     *
     * @throws IOException it is not in the log and will not be
     */
    public LogPosition await() throws IOException {
        waiter = Thread.currentThread();
        boolean interrupted = false;
        while (state == State.WAITING) {
            LockSupport.park(this);
            // The record may be durable whatever happens to this thread, so the wait has to end with the truth.
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (position == null || state == State.FAILED) {
            throw new IOException("not made durable: " + (failure == null ? "" : failure.getMessage()), failure);
        }
        return position;
    }
}
