package org.posthorn.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.posthorn.log.Metrics;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** What becomes of servers that are silent, slow, broken, refusing or lying. */
@Timeout(60)
class ServersTest {
    private static final String SOA = "example.org. 300 SOA ns.example.org. root.example.org. 1 60 60 600 120";

    private static DnsjavaResolver resolver(InetSocketAddress... servers) {
        return new DnsjavaResolver(
                DnsjavaResolverTest.config(100, servers),
                InstantSource.system(),
                new Metrics(),
                Path.of("/nonexistent/resolv.conf"));
    }

    private static <T> Answer<T> found(T record) {
        return new Answer.Found<>(List.of(record), false);
    }

    private static FailureKind kind(InetSocketAddress server) {
        return ((Answer.Failure<MxRecord>) resolver(server).mx("example.org")).kind();
    }

    private static Message about(Message query, String name) throws IOException {
        Message other = new Message(query.getHeader().getID());
        other.addRecord(
                Record.newRecord(Name.fromString(name), query.getQuestion().getType(), DClass.IN), Section.QUESTION);
        return FakeDnsServer.reply(other, Rcode.NOERROR, name + " 60 A 192.0.2.66");
    }

    @Test
    void tellsWhyNobodyCouldAnswer() throws IOException {
        InetSocketAddress closed;
        try (FakeDnsServer gone = FakeDnsServer.negative(Rcode.NOERROR, SOA)) {
            closed = gone.address();
        }
        try (FakeDnsServer broken = FakeDnsServer.negative(Rcode.SERVFAIL, "");
                FakeDnsServer refusing = FakeDnsServer.negative(Rcode.REFUSED, "");
                FakeDnsServer silent = new FakeDnsServer((_, _) -> Optional.empty())) {
            assertThat(kind(broken.address())).isEqualTo(FailureKind.SERVFAIL);
            assertThat(kind(refusing.address())).isEqualTo(FailureKind.REFUSED);
            assertThat(kind(silent.address())).isEqualTo(FailureKind.TIMEOUT);
            assertThat(kind(closed)).isEqualTo(FailureKind.UNREACHABLE);
        }
    }

    @Test
    void aFailureSaysWhichServerSaidWhat() throws IOException {
        try (FakeDnsServer broken = FakeDnsServer.negative(Rcode.SERVFAIL, "")) {
            Answer<MxRecord> answer = resolver(broken.address()).mx("example.org");
            assertThat(answer)
                    .isEqualTo(new Answer.Failure<>(
                            FailureKind.SERVFAIL,
                            "127.0.0.1:" + broken.address().getPort() + " SERVFAIL"));
            assertThat(broken.questions()).hasSize(2);
        }
    }

    @Test
    void asksTheNextServerWhenOneIsSilentAndThenPrefersIt() throws IOException {
        try (FakeDnsServer silent = new FakeDnsServer((_, _) -> Optional.empty());
                FakeDnsServer good = new FakeDnsServer((query, _) -> Optional.of(FakeDnsServer.reply(
                        query, Rcode.NOERROR, query.getQuestion().getName() + " 60 A 192.0.2.1")))) {
            DnsjavaResolver resolver = resolver(silent.address(), good.address());
            assertThat(resolver.ipv4("a.example.org")).isEqualTo(found(InetAddress.ofLiteral("192.0.2.1")));
            assertThat(resolver.ipv4("b.example.org")).isEqualTo(found(InetAddress.ofLiteral("192.0.2.1")));
            assertThat(silent.questions()).hasSize(1);
        }
    }

    @Test
    void fallsBackToTcpWhenTheAnswerIsTruncated() throws IOException {
        FakeDnsServer.Script script = (query, tcp) -> {
            Message reply = FakeDnsServer.reply(
                    query, Rcode.NOERROR, tcp ? new String[] {"example.org. 60 A 192.0.2.9"} : new String[0]);
            if (!tcp) {
                reply.getHeader().setFlag(Flags.TC);
            }
            return Optional.of(reply);
        };
        try (FakeDnsServer server = new FakeDnsServer(script)) {
            assertThat(resolver(server.address()).ipv4("example.org"))
                    .isEqualTo(found(InetAddress.ofLiteral("192.0.2.9")));
            assertThat(server.questions()).containsExactly("udp example.org. A", "tcp example.org. A");
        }
    }

    @Test
    void doesWithoutEdnsWhereTheServerDoesNotKnowIt() throws IOException {
        try (FakeDnsServer server = new FakeDnsServer((query, _) -> Optional.of(
                query.getOPT() == null
                        ? FakeDnsServer.reply(query, Rcode.NOERROR, "example.org. 60 A 192.0.2.1")
                        : FakeDnsServer.reply(query, Rcode.FORMERR)))) {
            assertThat(resolver(server.address()).ipv4("example.org"))
                    .isEqualTo(found(InetAddress.ofLiteral("192.0.2.1")));
        }
    }

    @Test
    void doesNotBelieveAServerThatLies() throws IOException {
        try (FakeDnsServer wrongId = new FakeDnsServer((query, _) -> {
                    Message reply = FakeDnsServer.reply(query, Rcode.NOERROR, "example.org. 60 A 192.0.2.66");
                    reply.getHeader().setID(query.getHeader().getID() ^ 1);
                    return Optional.of(reply);
                });
                FakeDnsServer wrongName =
                        new FakeDnsServer((query, _) -> Optional.of(about(query, "other.example.org.")));
                FakeDnsServer unasked = FakeDnsServer.answering(Rcode.NOERROR, "other.example.org. 60 A 192.0.2.66");
                FakeDnsServer noReply = new FakeDnsServer((query, _) -> Optional.of(query))) {
            assertThat(resolver(wrongId.address()).ipv4("example.org")).isInstanceOf(Answer.Failure.class);
            assertThat(resolver(wrongName.address()).ipv4("example.org")).isInstanceOf(Answer.Failure.class);
            assertThat(resolver(unasked.address()).ipv4("example.org")).isInstanceOf(Answer.NoData.class);
            assertThat(resolver(noReply.address()).ipv4("example.org")).isInstanceOf(Answer.Failure.class);
        }
    }

    @Test
    void waitsForTheRightAnswerWhenWrongOnesComeFirst() throws Exception {
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            Thread.startVirtualThread(() -> {
                try {
                    DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
                    server.receive(packet);
                    Message query = new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
                    Message wrongId = FakeDnsServer.reply(query, Rcode.NOERROR, "example.org. 60 A 192.0.2.66");
                    wrongId.getHeader().setID(query.getHeader().getID() ^ 1);
                    for (Message message : List.of(
                            wrongId,
                            about(query, "other.example.org."),
                            query,
                            FakeDnsServer.reply(query, Rcode.NOERROR, "example.org. 60 A 192.0.2.1"))) {
                        byte[] wire = message.toWire();
                        server.send(new DatagramPacket(wire, wire.length, packet.getSocketAddress()));
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertThat(resolver((InetSocketAddress) server.getLocalSocketAddress())
                            .ipv4("example.org"))
                    .isEqualTo(found(InetAddress.ofLiteral("192.0.2.1")));
        }
    }

    @Test
    void waitsForASlowServerOnlySoLong() throws IOException {
        try (FakeDnsServer slow = new FakeDnsServer((query, _) -> {
            LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            return Optional.of(FakeDnsServer.reply(query, Rcode.NOERROR, "example.org. 60 A 192.0.2.1"));
        })) {
            assertThat(kind(slow.address())).isEqualTo(FailureKind.TIMEOUT);
        }
    }

    @Test
    void aServersOwnReasonIsPassedOn() throws IOException {
        try (FakeDnsServer validating = new FakeDnsServer((query, _) -> {
            Message reply = FakeDnsServer.reply(query, Rcode.SERVFAIL);
            reply.addRecord(
                    new OPTRecord(1232, 0, 0, 0, List.of(new ExtendedErrorCodeOption(7, "expired\n on Friday"))),
                    Section.ADDITIONAL);
            return Optional.of(reply);
        })) {
            Answer.Failure<MxRecord> failure =
                    (Answer.Failure<MxRecord>) resolver(validating.address()).mx("example.org");
            assertThat(failure.kind()).isEqualTo(FailureKind.BOGUS);
            assertThat(failure.reason()).endsWith("SERVFAIL (EDE 7 SIGNATURE_EXPIRED: expired? on Friday)");
        }
    }
}
