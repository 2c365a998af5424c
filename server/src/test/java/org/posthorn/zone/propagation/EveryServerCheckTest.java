package org.posthorn.zone.propagation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.posthorn.dns.FailureKind;
import org.posthorn.dns.FakeDnsServer;
import org.posthorn.dns.RecordType;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.mail.Domain;
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.signing.DkimKeyEntry;
import org.posthorn.signing.DkimKeyState;
import org.posthorn.signing.rotation.PropagationCheck;
import org.posthorn.zone.Zones;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

/** A zone with several servers on loopback, each with a word of its own. */
@Timeout(60)
class EveryServerCheckTest {
    private static final String NAME = "s1._domainkey.example.org";
    private static final String RECORD = "v=DKIM1; k=ed25519; p=AAAA";
    private static final String SHOWN = NAME + ". 60 TXT \"" + RECORD + "\"";
    private static final DkimKeyEntry KEY = new DkimKeyEntry(
            Domain.parse("example.org"),
            "s1",
            DkimAlgorithm.ED25519_SHA256,
            Path.of("unused"),
            RECORD,
            DkimKeyState.PUBLISHED,
            Instant.EPOCH,
            Instant.EPOCH);

    private final List<Closeable> servers = new ArrayList<>();
    private int port;

    @AfterEach
    void close() throws IOException {
        for (Closeable server : servers) {
            server.close();
        }
    }

    private void serve(int number, FakeDnsServer.Script script) throws IOException {
        FakeDnsServer server = new FakeDnsServer("127.0.0." + number, port, script);
        port = server.address().getPort();
        servers.add(server);
    }

    /** One that answers with authority. */
    private void serve(int number, int code, String... records) throws IOException {
        serve(number, (query, _) -> {
            Message reply = FakeDnsServer.reply(query, code, records);
            reply.getHeader().setFlag(Flags.AA);
            return Optional.of(reply);
        });
    }

    /** What recursion says: the zone's servers, ns2 with two addresses, and the record. */
    private static ZoneResolver recursion() {
        return new ZoneResolver()
                .with(RecordType.NS, "example.org", "ns1.example.org")
                .with(RecordType.NS, "example.org", "ns2.example.org")
                .withAddress("ns1.example.org", "127.0.0.1")
                .withAddress("ns2.example.org", "127.0.0.2")
                .withAddress("ns2.example.org", "127.0.0.3")
                .withTxt(NAME, RECORD);
    }

    private PropagationCheck.Sighting look(ZoneResolver resolver) {
        return new EveryServerCheck(resolver, new Zones(resolver, port, Duration.ofMillis(500))).look(KEY);
    }

    private static List<String> missing(PropagationCheck.Sighting sighting) {
        return sighting instanceof PropagationCheck.Sighting.Missing(var where) ? where : List.of();
    }

    private static List<String> silent(PropagationCheck.Sighting sighting) {
        return sighting instanceof PropagationCheck.Sighting.Silent(var where) ? where : List.of();
    }

    @Test
    void seesWhatEveryServerShows() throws Exception {
        serve(1, Rcode.NOERROR, SHOWN);
        serve(2, Rcode.NOERROR, SHOWN);
        serve(3, Rcode.NOERROR, SHOWN);
        assertThat(look(recursion())).isEqualTo(new PropagationCheck.Sighting.Seen());
    }

    @Test
    void namesTheServerThatLags() throws Exception {
        serve(1, Rcode.NOERROR, SHOWN);
        serve(2, Rcode.NXDOMAIN);
        serve(3, Rcode.NOERROR, SHOWN);
        assertThat(missing(look(recursion()))).containsExactly("ns2.example.org (127.0.0.2): no TXT record");
    }

    @Test
    void namesTheServerWithAnOldOrASecondRecord() throws Exception {
        serve(1, Rcode.NOERROR, NAME + ". 60 TXT \"v=DKIM1; p=BBBB\"");
        serve(2, Rcode.NOERROR, SHOWN, NAME + ". 60 TXT \"v=DKIM1; p=BBBB\"");
        serve(3, Rcode.NOERROR, SHOWN);
        assertThat(missing(look(recursion())))
                .containsExactly(
                        "ns1.example.org (127.0.0.1): another TXT record",
                        "ns2.example.org (127.0.0.2): 2 TXT records instead of one");
    }

    @Test
    void namesTheServerThatIsSilentOrDoesNotServeTheZone() throws Exception {
        serve(1, (_, _) -> Optional.empty());
        serve(2, Rcode.REFUSED);
        serve(3, (query, _) -> Optional.of(FakeDnsServer.reply(query, Rcode.NOERROR, SHOWN)));
        assertThat(silent(look(recursion())))
                .hasSize(2)
                .anyMatch(line -> line.startsWith("ns1.example.org (127.0.0.1): "))
                .anyMatch(line -> line.contains("REFUSED") && line.contains("without authority"));
    }

    /** A machine without IPv6 could never ask all addresses. */
    @Test
    void oneAddressOfAServerSpeaksForItWhenTheOtherIsSilent() throws Exception {
        serve(1, Rcode.NOERROR, SHOWN);
        serve(2, (_, _) -> Optional.empty());
        serve(3, Rcode.NOERROR, SHOWN);
        assertThat(look(recursion())).isEqualTo(new PropagationCheck.Sighting.Seen());
    }

    @Test
    void whatIsMissingCountsMoreThanSilence() throws Exception {
        serve(1, Rcode.NXDOMAIN);
        serve(2, (_, _) -> Optional.empty());
        serve(3, (_, _) -> Optional.empty());
        assertThat(missing(look(recursion()))).containsExactly("ns1.example.org (127.0.0.1): no TXT record");
    }

    @Test
    void recursionIsAskedToo() throws Exception {
        serve(1, Rcode.NOERROR, SHOWN);
        serve(2, Rcode.NOERROR, SHOWN);
        serve(3, Rcode.NOERROR, SHOWN);
        ZoneResolver old = new ZoneResolver()
                .with(RecordType.NS, "example.org", "ns1.example.org")
                .withAddress("ns1.example.org", "127.0.0.1");
        assertThat(missing(look(old))).containsExactly("by recursion: no TXT record");
    }

    @Test
    void aZoneThatCannotBeFoundIsSilence() {
        port = 53;
        ZoneResolver lost = new ZoneResolver()
                .withFailure(RecordType.NS, "example.org", FailureKind.TIMEOUT)
                .withTxt(NAME, RECORD);
        assertThat(silent(look(lost))).singleElement().asString().contains("cannot be found");
    }

    private static final String ALIAS = NAME + ". 60 CNAME k1.service.test.";

    /** Mail services publish keys in their own zone, and have their customers point there. */
    private PropagationCheck.Sighting lookThroughAlias() throws Exception {
        serve(1, Rcode.NOERROR, ALIAS);
        serve(2, Rcode.NOERROR, "k1.service.test. 60 TXT \"" + RECORD + "\"");
        return look(new ZoneResolver()
                .with(RecordType.NS, "example.org", "ns1.example.org")
                .with(RecordType.NS, "example.org", "ns3.example.org")
                .with(RecordType.NS, "service.test", "ns2.service.test")
                .withAddress("ns1.example.org", "127.0.0.1")
                .withAddress("ns3.example.org", "127.0.0.3")
                .withAddress("ns2.service.test", "127.0.0.2")
                .withAlias(NAME, "k1.service.test")
                .withTxt("k1.service.test", RECORD));
    }

    @Test
    void followsAnAliasThroughTheServersOfBothZones() throws Exception {
        serve(3, Rcode.NOERROR, ALIAS);
        assertThat(lookThroughAlias()).isEqualTo(new PropagationCheck.Sighting.Seen());
    }

    @Test
    void namesTheServerWithoutTheAlias() throws Exception {
        serve(3, Rcode.NXDOMAIN);
        assertThat(missing(lookThroughAlias()))
                .containsExactly("ns3.example.org (127.0.0.3): not the alias to k1.service.test");
    }
}
