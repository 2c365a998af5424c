package org.posthorn.bench;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** A DNS server on loopback that knows some TXT records and says that nothing else exists. Answers may be kept for an hour. */
final class BenchDns implements Closeable {
    private static final int SECONDS = 3600;
    private static final int MAX_STRING = 255;

    private final DatagramSocket socket;
    private final Map<Name, Record> records = new ConcurrentHashMap<>();

    private BenchDns(DatagramSocket socket) {
        this.socket = socket;
    }

    static BenchDns start() throws IOException {
        BenchDns dns = new BenchDns(new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1")));
        Thread.ofPlatform().daemon().name("dns").start(dns::serve);
        return dns;
    }

    int port() {
        return socket.getLocalPort();
    }

    void txt(String name, String text) throws IOException {
        List<String> strings = new ArrayList<>();
        for (int i = 0; i < text.length(); i += MAX_STRING) {
            strings.add(text.substring(i, Math.min(text.length(), i + MAX_STRING)));
        }
        Name owner = Name.fromString(name + ".");
        records.put(owner, new TXTRecord(owner, DClass.IN, SECONDS, strings));
    }

    private void serve() {
        byte[] octets = new byte[4096];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(octets, octets.length);
                socket.receive(packet);
                byte[] answer = answer(Arrays.copyOf(octets, packet.getLength()));
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException e) {
                // The end, or a packet that was no question: who asked will ask again.
            }
        }
    }

    private byte[] answer(byte[] octets) throws IOException {
        Message query = new Message(octets);
        Message answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setFlag(Flags.RA);
        Record question = query.getQuestion();
        answer.addRecord(question, Section.QUESTION);
        Record found = records.get(question.getName());
        if (found != null && question.getType() == Type.TXT) {
            answer.addRecord(found, Section.ANSWER);
        } else {
            answer.getHeader().setRcode(found == null ? Rcode.NXDOMAIN : Rcode.NOERROR);
            answer.addRecord(nothing(), Section.AUTHORITY);
        }
        return answer.toWire();
    }

    private static Record nothing() throws IOException {
        return new SOARecord(
                Name.root, DClass.IN, SECONDS, Name.root, Name.root, 1, SECONDS, SECONDS, SECONDS, SECONDS);
    }

    @Override
    public void close() {
        socket.close();
    }
}
