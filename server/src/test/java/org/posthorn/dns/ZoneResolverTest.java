package org.posthorn.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.json.Json;
import org.posthorn.json.MalformedJsonException;

class ZoneResolverTest {
    private static final String ZONE = """
            $ORIGIN example.org.
            $TTL 300
            @       IN SOA ns1 hostmaster ( 1 7200 ; refresh
                        3600 1209600 300 )
                    IN NS ns1
                    IN MX 10 mx
                    MX 20 mx.Example.NET.
                    TXT "v=spf1 mx " "-all"
            mx      A 192.0.2.1
                    AAAA 2001:db8::1
            www     CNAME mx
            out     CNAME nowhere.example.net.
            *.wild  TXT "found by *"
            a.b.c   TXT "deep"
            host    HINFO "x" "y"
            _25._tcp.mx TLSA 3 1 1 ABCD
            $ORIGIN 2.0.192.in-addr.arpa.
            1       PTR mx.example.org.
            """;

    @Test
    void answersFromAZoneFile() throws IOException {
        ZoneResolver zone = MasterFile.of(ZONE);

        assertThat(zone.txt("example.org").recordsOrNone()).containsExactly("v=spf1 mx -all");
        assertThat(zone.mx("EXAMPLE.org.").recordsOrNone())
                .containsExactly(new MxRecord(10, "mx.example.org"), new MxRecord(20, "mx.example.net"));
        assertThat(zone.ipv4("mx.example.org").recordsOrNone())
                .containsExactly((Inet4Address) InetAddress.ofLiteral("192.0.2.1"));
        assertThat(zone.ipv6("mx.example.org").recordsOrNone()).hasSize(1);
        assertThat(zone.ptr(InetAddress.ofLiteral("192.0.2.1")).recordsOrNone()).containsExactly("mx.example.org");
        assertThat(zone.tlsa("_25._tcp.mx.example.org").recordsOrNone())
                .containsExactly(new TlsaRecord(3, 1, 1, "abcd"));
        assertThat(zone.ask(RecordType.SOA, "example.org").recordsOrNone()).hasSize(1);
    }

    @Test
    void followsAliases() throws IOException {
        ZoneResolver zone = MasterFile.of(ZONE);

        assertThat(zone.ipv4("www.example.org").recordsOrNone()).hasSize(1);
        assertThat(zone.cname("www.example.org").recordsOrNone()).containsExactly("mx.example.org");
        assertThat(zone.txt("www.example.org")).isInstanceOf(Answer.NoData.class);
        assertThat(zone.txt("out.example.org")).isInstanceOf(Answer.NoSuchName.class);
    }

    @Test
    void tellsNoDataFromNoSuchName() throws IOException {
        ZoneResolver zone = MasterFile.of(ZONE);

        assertThat(zone.txt("mx.example.org")).isInstanceOf(Answer.NoData.class);
        assertThat(zone.txt("host.example.org")).isInstanceOf(Answer.NoData.class);
        // RFC 8020: between a name and the origin there is nothing that does not exist.
        assertThat(zone.txt("b.c.example.org")).isInstanceOf(Answer.NoData.class);
        assertThat(zone.txt("x.c.example.org")).isInstanceOf(Answer.NoSuchName.class);
        assertThat(zone.txt("example.com")).isInstanceOf(Answer.NoSuchName.class);
        assertThat(zone.txt("")).isInstanceOf(Answer.NoSuchName.class);
    }

    @Test
    void aWildcardAnswersForWhatDoesNotExist() {
        ZoneResolver zone = new ZoneResolver()
                .withTxt("*.wild.example.org", "w")
                .withAddress("there.wild.example.org", "192.0.2.1")
                .withTxt("deep.down.wild.example.org", "d");

        assertThat(zone.txt("x.wild.example.org").recordsOrNone()).containsExactly("w");
        assertThat(zone.txt("x.y.z.wild.example.org").recordsOrNone()).containsExactly("w");
        assertThat(zone.ipv4("x.wild.example.org")).isInstanceOf(Answer.NoData.class);
        // RFC 4592 2.2.1: not for names that exist, nor below them.
        assertThat(zone.txt("there.wild.example.org")).isInstanceOf(Answer.NoData.class);
        assertThat(zone.txt("x.there.wild.example.org")).isInstanceOf(Answer.NoSuchName.class);
        assertThat(zone.txt("x.down.wild.example.org")).isInstanceOf(Answer.NoSuchName.class);
        assertThat(zone.txt("wild.example.org")).isInstanceOf(Answer.NoData.class);
        // No server can be asked for these.
        assertThat(zone.txt("x..wild.example.org")).isInstanceOf(Answer.NoSuchName.class);
        assertThat(zone.txt("x".repeat(64) + ".wild.example.org")).isInstanceOf(Answer.NoSuchName.class);
    }

    @Test
    void aLoopOfAliasesIsAFailure() {
        ZoneResolver zone = new ZoneResolver()
                .withAlias("a.example.org", "b.example.org")
                .withAlias("b.example.org", "a.example.org");
        for (int i = 0; i < 20; i++) {
            zone.withAlias("n" + i + ".example.org", "n" + (i + 1) + ".example.org");
        }

        assertThat(zone.ipv4("a.example.org")).isInstanceOf(Answer.Failure.class);
        assertThat(zone.ipv4("n0.example.org")).isInstanceOf(Answer.Failure.class);
        assertThat(zone.ipv4("n15.example.org")).isInstanceOf(Answer.NoSuchName.class);
    }

    @Test
    void namesAreCompleteWhereAFileHasNoOrigin() throws IOException {
        ZoneResolver zone = MasterFile.of("example.org TXT x\nexample.net. 300 IN A 192.0.2.1\n");

        assertThat(zone.txt("example.org").recordsOrNone()).containsExactly("x");
        assertThat(zone.ipv4("example.net").recordsOrNone()).hasSize(1);
    }

    @Test
    void readsUtf8InZoneFiles(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("zone");
        Files.write(file, "example.org. TXT \"Bücher\" \"\\195\\188\"\n".getBytes(StandardCharsets.UTF_8));

        assertThat(MasterFile.read(file).txt("example.org").recordsOrNone()).containsExactly("Bücherü");
    }

    @Test
    void namesTheLineOfAMistakeInAZoneFile(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("zone");
        Files.writeString(file, "example.org. TXT x\nexample.org. A 192.0.2\n");

        assertThatThrownBy(() -> MasterFile.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + ": not a zone file: line 2:");
        assertThatThrownBy(() -> MasterFile.of("$INCLUDE /etc/passwd\n")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> MasterFile.of("$GENERATE 1-2000000000 h$.example.org. A 192.0.2.1\n"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than");
    }

    /** The size of a file that grows, a pipe or a device is not known before. */
    @Test
    void refusesAZoneFileWithoutEnd() {
        assertThatThrownBy(() -> MasterFile.read(Path.of("/dev/zero")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a zone file of more than");
    }

    @Test
    void answersFromJson() {
        ZoneResolver zone = JsonRecords.read(Json.readObject("""
                {"example.org": {"TXT": ["v=spf1 -all", ["two ", "strings"]], "MX": [[10, "Mx.example.org."], "20 b.example.org"]},
                 "one.example.org": {"MX": [5, "a.example.org"], "txt": "single"},
                 "mx.example.org.": {"A": ["192.0.2.1"], "AAAA": "2001:db8::1"},
                 "1.2.0.192.in-addr.arpa": {"PTR": ["mx.example.org"]},
                 "www.example.org": {"CNAME": "mx.example.org"},
                 "_25._tcp.mx.example.org": {"TLSA": "3 1 1 abcd"},
                 "here.example.org": {},
                 "dead.example.org": "SERVFAIL", "slow.example.org": "timeout"}
                """));

        assertThat(zone.txt("example.org").recordsOrNone()).containsExactly("v=spf1 -all", "two strings");
        assertThat(zone.mx("example.org").recordsOrNone())
                .containsExactly(new MxRecord(10, "mx.example.org"), new MxRecord(20, "b.example.org"));
        assertThat(zone.mx("one.example.org").recordsOrNone()).containsExactly(new MxRecord(5, "a.example.org"));
        assertThat(zone.txt("one.example.org").recordsOrNone()).containsExactly("single");
        assertThat(zone.ipv4("www.example.org").recordsOrNone()).hasSize(1);
        assertThat(zone.ipv6("mx.example.org").recordsOrNone()).hasSize(1);
        assertThat(zone.ptr(InetAddress.ofLiteral("192.0.2.1")).recordsOrNone()).containsExactly("mx.example.org");
        assertThat(zone.tlsa("_25._tcp.mx.example.org").recordsOrNone()).hasSize(1);
        assertThat(zone.txt("here.example.org")).isInstanceOf(Answer.NoData.class);
        assertThat(zone.txt("dead.example.org"))
                .isInstanceOfSatisfying(
                        Answer.Failure.class,
                        failure -> assertThat(failure.kind()).isEqualTo(FailureKind.SERVFAIL));
        assertThat(zone.txt("slow.example.org"))
                .isInstanceOfSatisfying(
                        Answer.Failure.class,
                        failure -> assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT));
        assertThat(zone.txt("absent.example.org")).isInstanceOf(Answer.NoSuchName.class);
    }

    @Test
    void takesOddNamesAndNullExchangesFromJson() {
        ZoneResolver zone = JsonRecords.read(Json.readObject("""
                {"with%a space.Example.org": {"A": "192.0.2.1"}, "null.example.org": {"MX": [[0, ""]]},
                 "dot.example.org": {"MX": [[0, "."]]}}
                """));

        assertThat(zone.ipv4("with%a space.example.org").recordsOrNone()).hasSize(1);
        assertThat(zone.mx("null.example.org").recordsOrNone())
                .hasSize(1)
                .isEqualTo(zone.mx("dot.example.org").recordsOrNone());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a.example\": \"BROKEN\"}",
                "{\"a.example\": 5}",
                "{\"a.example\": {\"NONSENSE\": \"x\"}}",
                "{\"a.example\": {\"A\": \"not an address\"}}",
                "{\"a.example\": {\"A\": [[1]]}}",
                "{\"a.example\": {\"TXT\": [5]}}",
                "{\"a.example\": {\"TXT\": [[5]]}}",
                "{\"a.example\": {\"MX\": [[70000, \"x\"]]}}",
                "{\"a.example\": {\"MX\": [[1.5, \"x\"]]}}",
                "{\"a..example\": {\"A\": \"192.0.2.1\"}}"
            })
    void refusesJsonThatIsNoRecords(String text) {
        assertThatThrownBy(() -> JsonRecords.read(Json.readObject(text)))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessageStartingWith("dns: a.");
    }

    @Test
    void failsWhereItIsToldTo() {
        ZoneResolver zone = new ZoneResolver()
                .withTxt("example.org", "x")
                .withAddress("example.org", "192.0.2.1")
                .withFailure(RecordType.TXT, "example.org", FailureKind.SERVFAIL)
                .withAddress("half.example.org", "192.0.2.1")
                .withFailure("half.example.org", FailureKind.TIMEOUT);

        assertThat(zone.txt("example.org")).isInstanceOf(Answer.Failure.class);
        assertThat(zone.ipv4("example.org")).isInstanceOf(Answer.Found.class);
        assertThat(zone.ipv4("half.example.org")).isInstanceOf(Answer.Found.class);
        assertThat(zone.txt("half.example.org")).isInstanceOf(Answer.Failure.class);
    }
}
