package org.posthorn.dns;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** A DNS server on loopback, UDP and TCP on one port, that answers as the test says. */
public final class FakeDnsServer implements Closeable {
    /** What to answer; empty is silence. */
    public interface Script {
        Optional<Message> answer(Message query, boolean tcp) throws IOException;
    }

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Script script;
    private final List<String> questions = new CopyOnWriteArrayList<>();

    FakeDnsServer(Script script) throws IOException {
        this("127.0.0.1", 0, script);
    }

    /** @param port 0 for any that is free */
    public FakeDnsServer(String address, int port, Script script) throws IOException {
        this.script = script;
        InetAddress loopback = InetAddress.ofLiteral(address);
        this.tcp = new ServerSocket(port, 10, loopback);
        this.udp = new DatagramSocket(tcp.getLocalPort(), loopback);
        Thread.startVirtualThread(this::serveUdp);
        Thread.startVirtualThread(this::serveTcp);
    }

    /** One that always gives this code and these records. */
    static FakeDnsServer answering(int code, String... records) throws IOException {
        return new FakeDnsServer((query, _) -> Optional.of(reply(query, code, records)));
    }

    /** One that denies: with this SOA record, or with nothing when it is empty. */
    static FakeDnsServer negative(int code, String soa) throws IOException {
        return new FakeDnsServer((query, _) -> {
            Message reply = reply(query, code);
            if (!soa.isEmpty()) {
                reply.addRecord(record(soa), Section.AUTHORITY);
            }
            return Optional.of(reply);
        });
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) udp.getLocalSocketAddress();
    }

    /** The questions so far, e.g. {@code udp example.org. MX}. */
    List<String> questions() {
        return questions;
    }

    private void serveUdp() {
        byte[] buffer = new byte[4096];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                byte[] query = java.util.Arrays.copyOf(buffer, packet.getLength());
                Optional<byte[]> reply = reply(query, false);
                if (reply.isPresent()) {
                    udp.send(new DatagramPacket(reply.get(), reply.get().length, packet.getSocketAddress()));
                }
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try (Socket socket = tcp.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                byte[] query = new byte[in.readUnsignedShort()];
                in.readFully(query);
                Optional<byte[]> reply = reply(query, true);
                if (reply.isPresent()) {
                    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                    out.writeShort(reply.get().length);
                    out.write(reply.get());
                }
                // Leave the closing to the client.
                var _ = in.read();
            } catch (IOException e) {
                // The next one, or closed.
            }
        }
    }

    private Optional<byte[]> reply(byte[] bytes, boolean overTcp) throws IOException {
        Message query = new Message(bytes);
        Record question = query.getQuestion();
        questions.add(
                (overTcp ? "tcp " : "udp ") + question.getName() + " " + org.xbill.DNS.Type.string(question.getType()));
        return script.answer(query, overTcp).map(message -> message.toWire(65535));
    }

    /** A reply to the query with this code and these records, in master-file form, in the answer section. */
    public static Message reply(Message query, int code, String... answers) throws IOException {
        Message reply = new Message(query.getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setFlag(Flags.RA);
        reply.getHeader().setRcode(code);
        reply.addRecord(query.getQuestion(), Section.QUESTION);
        for (String answer : answers) {
            reply.addRecord(record(answer), Section.ANSWER);
        }
        return reply;
    }

    /** {@code NAME TTL TYPE DATA}. */
    static Record record(String text) throws IOException {
        String[] words = text.split(" ", 4);
        return Record.fromString(
                Name.fromString(words[0]),
                org.xbill.DNS.Type.value(words[2]),
                org.xbill.DNS.DClass.IN,
                Long.parseLong(words[1]),
                words[3],
                Name.root);
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }
}
