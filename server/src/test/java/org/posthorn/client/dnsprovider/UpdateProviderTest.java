package org.posthorn.client.dnsprovider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.client.dnsprovider.DnsProviderException.Kind;
import org.posthorn.dns.record.PublishedType;
import org.posthorn.dns.record.RecordData;
import org.posthorn.dns.record.RecordSetName;
import org.posthorn.dns.record.ZoneRecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;

/** What goes over the wire, seen by a server that says what the test wants. Real servers are in the interop tests. */
@Timeout(60)
class UpdateProviderTest {
    private static final String KEY = "hmac-sha256:posthorn:c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTEyMzQ=";
    private static final ZoneRecord OLD = txt("v=spf1 -all");
    private static final ZoneRecord NEW = txt("v=spf1 a:mx.example.org ~all");

    @TempDir
    Path dir;

    private ServerSocket socket;
    private UpdateProvider provider;
    private volatile int updateCode = Rcode.NOERROR;
    private volatile boolean signing = true;
    private final List<String> zone = new CopyOnWriteArrayList<>();
    private final List<Message> updates = new CopyOnWriteArrayList<>();

    private static ZoneRecord txt(String text) {
        return new ZoneRecord("example.org", Duration.ofHours(1), new RecordData.Txt(text));
    }

    @BeforeEach
    void start() throws Exception {
        socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Path key = Files.writeString(dir.resolve("key"), "# " + KEY + "\n");
        provider = provider(socket.getLocalPort(), key);
        Thread.ofVirtual().start(this::accept);
    }

    private static UpdateProvider provider(int port, Path key) {
        return new UpdateProvider(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                new Secret.InFile(key),
                List.of("2.0.192.in-addr.arpa", "8.b.d.0.1.0.0.2.ip6.arpa"));
    }

    @AfterEach
    void stop() throws IOException {
        socket.close();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                // Closed at the end of the test.
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            TSIG key = TsigKeyFile.parse(KEY);
            DataInputStream in = new DataInputStream(client.getInputStream());
            DataOutputStream out = new DataOutputStream(client.getOutputStream());
            while (true) {
                byte[] wire = new byte[in.readUnsignedShort()];
                in.readFully(wire);
                Message request = new Message(wire);
                Message answer = answer(request);
                if (signing) {
                    answer.setTSIG(key, Rcode.NOERROR, request.getTSIG());
                }
                byte[] reply = answer.toWire(Message.MAXLENGTH);
                out.writeShort(reply.length);
                out.write(reply);
                out.flush();
            }
        } catch (IOException e) {
            // The client has what it wanted.
        }
    }

    private Message answer(Message request) throws IOException {
        Message answer = new Message(request.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setOpcode(request.getHeader().getOpcode());
        answer.addRecord(request.getQuestion(), Section.QUESTION);
        if (request.getHeader().getOpcode() == Opcode.UPDATE) {
            updates.add(request);
            answer.getHeader().setRcode(updateCode);
            return answer;
        }
        Record question = request.getQuestion();
        for (String text : zone) {
            answer.addRecord(
                    Record.fromString(question.getName(), question.getType(), DClass.IN, 60, text, question.getName()),
                    Section.ANSWER);
        }
        return answer;
    }

    private static List<String> section(Message update, int section) {
        List<String> lines = new ArrayList<>();
        for (Record record : update.getSection(section)) {
            lines.add(record.getTTL() + " " + DClass.string(record.getDClass()) + " " + record.rdataToString());
        }
        return lines;
    }

    @Test
    void setsNamesOfAddressesInItsReverseZones() throws Exception {
        DnsProvider.ReverseNames names = provider.reverseNames().orElseThrow();
        InetAddress ours = InetAddress.ofLiteral("192.0.2.25");
        assertThat(names.keeps(ours)).isTrue();
        assertThat(names.keeps(InetAddress.ofLiteral("2001:db8::25"))).isTrue();
        assertThat(names.keeps(InetAddress.ofLiteral("198.51.100.1"))).isFalse();
        assertThat(names.of(ours)).isEmpty();
        zone.add("old.example.org.");
        assertThat(names.of(ours)).contains("old.example.org");
        names.set(ours, "mx.example.org");
        Message update = updates.getFirst();
        assertThat(update.getQuestion().getName()).hasToString("2.0.192.in-addr.arpa.");
        assertThat(section(update, Section.UPDATE))
                .containsExactlyInAnyOrder("0 NONE old.example.org.", "3600 IN mx.example.org.");
    }

    @Test
    void demandsThatTheSetIsAsItWasRead() throws Exception {
        // In two strings, as somebody wrote it: the prerequisite holds octet for octet.
        zone.add("\"v=spf1 \" \"-all\"");
        zone.add("\"foreign\"");
        List<ZoneRecord> before = provider.read("example.org", Set.of(OLD.set()));
        assertThat(before).hasSize(2);
        provider.apply("example.org", List.of(new SetChange(OLD.set(), before, List.of(before.get(1), NEW))));
        Message update = updates.getFirst();
        assertThat(section(update, Section.PREREQ)).containsExactlyInAnyOrder("0 IN \"v=spf1 \" -all", "0 IN foreign");
        assertThat(section(update, Section.UPDATE))
                .containsExactly("0 NONE \"v=spf1 \" -all", "3600 IN \"v=spf1 a:mx.example.org ~all\"");
    }

    @Test
    void demandsThatANewSetIsNotThereYet() throws Exception {
        provider.apply("example.org", List.of(new SetChange(NEW.set(), List.of(), List.of(NEW))));
        assertThat(section(updates.getFirst(), Section.PREREQ)).containsExactly("0 NONE ");
    }

    @Test
    void tellsAFailedPrerequisiteFromARefusal() throws Exception {
        SetChange change = new SetChange(NEW.set(), List.of(), List.of(NEW));
        for (int code : List.of(Rcode.YXRRSET, Rcode.NXRRSET, Rcode.NXDOMAIN, Rcode.YXDOMAIN)) {
            updateCode = code;
            assertThat(failure(change).kind()).isEqualTo(Kind.CHANGED);
        }
        updateCode = Rcode.REFUSED;
        assertThat(failure(change)).hasMessageContaining("not allowed");
        updateCode = Rcode.SERVFAIL;
        assertThat(failure(change).kind()).isEqualTo(Kind.UNREACHABLE);
    }

    private DnsProviderException failure(SetChange change) {
        return catchThrowableOfType(DnsProviderException.class, () -> provider.apply("example.org", List.of(change)));
    }

    @Test
    void doesNotSendAnUpdateForAStateThatIsGone() {
        zone.add("\"somebody was faster\"");
        assertThat(failure(new SetChange(NEW.set(), List.of(), List.of(NEW))).kind())
                .isEqualTo(Kind.CHANGED);
        assertThat(updates).isEmpty();
    }

    @Test
    void believesNoAnswerWithoutSignature() {
        signing = false;
        DnsProviderException thrown = catchThrowableOfType(
                DnsProviderException.class,
                () -> provider.read("example.org", Set.of(new RecordSetName("example.org", PublishedType.TXT))));
        assertThat(thrown.kind()).isEqualTo(Kind.REFUSED);
        assertThat(thrown).hasMessageContaining("without a valid signature");
    }

    @Test
    void saysThatNobodyAnswers() throws Exception {
        // Nobody has ever accepted on it: a socket that is closed while a thread accepts may take one more client.
        ServerSocket unused = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        unused.close();
        UpdateProvider nobody = provider(unused.getLocalPort(), dir.resolve("key"));
        DnsProviderException thrown =
                catchThrowableOfType(DnsProviderException.class, () -> nobody.read("example.org", Set.of(OLD.set())));
        assertThat(thrown.kind()).isEqualTo(Kind.UNREACHABLE);
    }
}
