package org.posthorn.dns;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.io.DefaultIoClientFactory;
import org.xbill.DNS.io.UdpIoClient;

/**
 * Asks over UDP and waits for the answer to this very question: a datagram with another number, another question or no
 * response at all is somebody's guess (RFC 5452 9.1) or comes late from before, and the wait goes on. The socket is connected,
 * so others' datagrams never arrive, and its port is chosen anew for each question. Thread-safe.
 */
final class PatientUdp extends DefaultIoClientFactory implements UdpIoClient {
    /** Octets of number, flags and counts (RFC 1035 4.1.1). */
    private static final int HEADER = 12;

    @Override
    public UdpIoClient createOrGetUdpClient() {
        return this;
    }

    @Override
    public CompletableFuture<byte[]> sendAndReceiveUdp(
            @Nullable InetSocketAddress local,
            InetSocketAddress remote,
            Message query,
            byte[] data,
            int max,
            Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(remote);
            socket.send(new DatagramPacket(data, data.length));
            DatagramPacket packet = new DatagramPacket(new byte[max], max);
            while (true) {
                long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
                if (left < 1) {
                    throw new SocketTimeoutException("Timed out");
                }
                socket.setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
                packet.setLength(max);
                socket.receive(packet);
                byte[] answer = Arrays.copyOf(packet.getData(), packet.getLength());
                if (answers(answer, query)) {
                    return CompletableFuture.completedFuture(answer);
                }
            }
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Whether the datagram is meant for this question, however broken the rest of it is. */
    private static boolean answers(byte[] answer, Message query) {
        if (answer.length < HEADER) {
            return false;
        }
        int id = (answer[0] & 0xff) << 8 | (answer[1] & 0xff);
        if (id != query.getHeader().getID() || (answer[2] & 0x80) == 0) {
            return false;
        }
        try {
            Message message = new Message(answer);
            // RFC 1035 lets a server that could not read the question leave it out.
            Record question = message.getQuestion();
            return question == null
                    ? message.getHeader().getFlag(Flags.QR) && message.getRcode() != 0
                    : question.equals(query.getQuestion());
        } catch (IOException e) {
            // The right number on a broken answer: that is what the server has to say.
            return true;
        }
    }
}
