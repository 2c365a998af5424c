package org.posthorn.net;

import java.util.concurrent.ArrayBlockingQueue;

/**
 * A small stock of large buffers, shared by all connections, so that an idle connection need not keep one.
 * Thread-safe; never blocks; buffers beyond the stock's bound are left to the garbage collector.
 */
final class Buffers {
    /** Octets of a borrowed buffer: one TLS record. */
    static final int LARGE = 16 * 1024;

    private static final int KEPT = 64;
    private static final ArrayBlockingQueue<byte[]> STOCK = new ArrayBlockingQueue<>(KEPT);

    private Buffers() {}

    static byte[] borrow() {
        byte[] buffer = STOCK.poll();
        return buffer == null ? new byte[LARGE] : buffer;
    }

    static void giveBack(byte[] buffer) {
        if (buffer.length == LARGE) {
            // A full stock simply drops the buffer.
            var _ = STOCK.offer(buffer);
        }
    }
}
