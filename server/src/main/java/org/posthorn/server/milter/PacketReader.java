package org.posthorn.server.milter;

import java.io.EOFException;
import java.io.IOException;
import org.posthorn.net.Connection;
import org.posthorn.net.Input;
import org.posthorn.protocol.milter.PacketHead;

/** Takes packets off a connection: small ones whole, pieces of the body in place. Used by the session's thread. */
final class PacketReader {
    /** Takes a piece of the body. */
    interface BodySink {
        void take(byte[] bytes, int offset, int length) throws IOException;
    }

    private final Connection connection;
    private final Input in;

    PacketReader(Connection connection) {
        this.connection = connection;
        this.in = connection.in();
    }

    /**
     * Sends what is to be sent, then waits for a packet.
     *
     * @throws EOFException when there is none any more: the MTA left, or the server is stopping
     */
    PacketHead next() throws IOException {
        if (in.buffered() < PacketHead.OCTETS) {
            connection.out().flush();
            if (!connection.awaitInput()) {
                throw new EOFException("no further packet");
            }
        }
        require(PacketHead.OCTETS);
        PacketHead head = PacketHead.read(in.buffer(), in.position());
        in.consume(PacketHead.OCTETS);
        return head;
    }

    byte[] data(PacketHead head) throws IOException {
        byte[] data = new byte[head.length()];
        int read = 0;
        while (read < data.length) {
            int count = in.read(data, read, data.length - read);
            if (count < 0) {
                throw new EOFException("connection closed within a packet");
            }
            read += count;
        }
        return data;
    }

    void stream(PacketHead head, BodySink sink) throws IOException {
        int left = head.length();
        while (left > 0) {
            require(1);
            int count = Math.min(left, in.buffered());
            sink.take(in.buffer(), in.position(), count);
            in.consume(count);
            left -= count;
        }
    }

    private void require(int octets) throws IOException {
        while (in.buffered() < octets) {
            if (!in.fill()) {
                throw new EOFException("connection closed within a packet");
            }
        }
    }
}
