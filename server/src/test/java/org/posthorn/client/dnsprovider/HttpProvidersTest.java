package org.posthorn.client.dnsprovider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.client.dnsprovider.DnsProviderException.Kind;
import org.posthorn.dns.record.PublishedType;
import org.posthorn.dns.record.RecordData;
import org.posthorn.dns.record.RecordSetName;
import org.posthorn.dns.record.ZoneRecord;
import org.posthorn.json.JsonObject;
import org.posthorn.mail.Domain;

@Timeout(60)
class HttpProvidersTest {
    private static final Domain DOMAIN = Domain.parse("example.org");
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    Path dir;

    private Secret token;
    private final List<Duration> pauses = new ArrayList<>();

    @BeforeEach
    void writeToken() throws Exception {
        token = new Secret.InFile(Files.writeString(dir.resolve("token"), FakeApi.TOKEN + "\n"));
    }

    private ApiClient client(FakeApi api) {
        return new ApiClient("the API", api.uri(), token, pauses::add);
    }

    private static ZoneRecord record(String name, RecordData data) {
        return new ZoneRecord(name, HOUR, data);
    }

    private static RecordSetName set(String name, PublishedType type) {
        return new RecordSetName(name, type);
    }

    private static SetChange add(ZoneRecord record) {
        return new SetChange(record.set(), List.of(), List.of(record));
    }

    private static List<ZoneRecord> ofEveryKind() {
        return List.of(
                record("mx.example.org", new RecordData.Address(InetAddress.ofLiteral("192.0.2.25"))),
                record("mx.example.org", new RecordData.Address(InetAddress.ofLiteral("2001:db8::25"))),
                record("example.org", new RecordData.Mx(10, "mx.example.org")),
                record("example.org", new RecordData.Txt("v=spf1 a:mx.example.org ~all")),
                record("s1._domainkey.example.org", new RecordData.Txt("v=DKIM1; p=" + "A".repeat(400))),
                record("odd.example.org", new RecordData.Txt("a \"quoted\" \\ text")),
                record("autoconfig.example.org", new RecordData.Cname("mx.example.org")),
                record("_imaps._tcp.example.org", new RecordData.Srv(0, 1, 993, "mx.example.org")),
                record("_pop3._tcp.example.org", new RecordData.Srv(0, 0, 0, "")),
                record("mx.example.org", new RecordData.Caa(0, "issue", "ca.example.net")));
    }

    private static void writesAndReadsEveryKind(DnsProvider provider, List<ZoneRecord> records) throws Exception {
        provider.apply(
                "example.org", records.stream().map(HttpProvidersTest::add).toList());
        Set<RecordSetName> sets =
                Set.copyOf(records.stream().map(ZoneRecord::set).toList());
        List<ZoneRecord> read = provider.read("example.org", sets);
        assertThat(read).hasSameSizeAs(records);
        assertThat(records).allMatch(record -> read.stream().anyMatch(record::saysTheSameAs));
        provider.apply(
                "example.org",
                records.stream()
                        .map(record -> new SetChange(record.set(), List.of(record), List.of()))
                        .toList());
        assertThat(provider.read("example.org", sets)).isEmpty();
    }

    @Test
    void hostingerKeepsEveryKind() throws Exception {
        try (FakeHostinger api = new FakeHostinger()) {
            writesAndReadsEveryKind(new HostingerProvider(client(api)), ofEveryKind());
            assertThat(api.requests).contains("POST /api/dns/v1/zones/example.org/validate");
        }
    }

    @Test
    void cloudflareKeepsEveryKind() throws Exception {
        try (FakeCloudflare api = new FakeCloudflare()) {
            api.pageSize = 3;
            List<ZoneRecord> records = new ArrayList<>(ofEveryKind());
            records.add(record("_25._tcp.mx.example.org", new RecordData.Tlsa(3, 1, 1, "00ff")));
            // The listing of TLSA records comes with content.
            DnsProvider provider = new CloudflareProvider(client(api));
            writesAndReadsEveryKind(provider, ofEveryKind());
            provider.apply("example.org", List.of(add(records.getLast())));
            assertThat(api.at("_25._tcp.mx.example.org", "TLSA").getFirst().get("data"))
                    .isEqualTo(Map.of("usage", 3L, "selector", 1L, "matching_type", 1L, "certificate", "00ff"));
        }
    }

    @Test
    void hostingerReplacesAGroupAndLeavesItsNeighbours() throws Exception {
        try (FakeHostinger api = new FakeHostinger()) {
            api.group("@", "TXT", 300, "\"google-site-verification=x\"", "v=spf1 -all");
            api.group("@", "NS", 300, "ns1.example.net.");
            api.group("www", "CNAME", 300, "example.org.");
            DnsProvider provider = new HostingerProvider(client(api));
            List<ZoneRecord> before = provider.read("example.org", Set.of(set("example.org", PublishedType.TXT)));
            ZoneRecord spf = record("example.org", new RecordData.Txt("v=spf1 a:mx.example.org ~all"));
            provider.apply("example.org", List.of(new SetChange(spf.set(), before, List.of(before.getFirst(), spf))));
            assertThat(api.contents("@", "TXT"))
                    .containsExactly("google-site-verification=x", "v=spf1 a:mx.example.org ~all");
            assertThat(api.contents("@", "NS")).containsExactly("ns1.example.net.");
            assertThat(api.contents("www", "CNAME")).containsExactly("example.org.");
        }
    }

    @Test
    void hostingerDoesNotDeleteDisabledRecords() throws Exception {
        try (FakeHostinger api = new FakeHostinger()) {
            api.disabled("@", "TXT", "v=spf1 -all");
            DnsProvider provider = new HostingerProvider(client(api));
            DnsProviderException thrown = catchThrowableOfType(
                    DnsProviderException.class,
                    () -> provider.apply("example.org", List.of(add(record("example.org", new RecordData.Txt("x"))))));
            assertThat(thrown).hasMessageContaining("disabled");
            assertThat(api.contents("@", "TXT")).containsExactly("v=spf1 -all");
        }
    }

    @Test
    void hostingerNamesItsAddresses() throws Exception {
        try (FakeHostinger api = new FakeHostinger()) {
            DnsProvider.ReverseNames names =
                    new HostingerProvider(client(api)).reverseNames().orElseThrow();
            InetAddress ipv6 = InetAddress.ofLiteral("2001:db8::25");
            assertThat(names.of(InetAddress.ofLiteral("192.0.2.25"))).contains("srv1.hstgr.example");
            assertThat(names.of(ipv6)).isEmpty();
            names.set(ipv6, "mx.example.org");
            assertThat(names.of(ipv6)).contains("mx.example.org");
            DnsProviderException thrown = catchThrowableOfType(
                    DnsProviderException.class, () -> names.set(InetAddress.ofLiteral("192.0.2.1"), "mx.example.org"));
            assertThat(thrown).hasMessageContaining("no virtual machine");
        }
    }

    @Test
    void findsTheZoneAboveTheDomain() throws Exception {
        try (FakeHostinger hostinger = new FakeHostinger();
                FakeCloudflare cloudflare = new FakeCloudflare()) {
            hostinger.group("@", "NS", 300, "ns1.example.net.");
            Domain below = Domain.parse("mail.example.org");
            assertThat(new HostingerProvider(client(hostinger)).zoneOf(below)).isEqualTo("example.org");
            assertThat(new CloudflareProvider(client(cloudflare)).zoneOf(below)).isEqualTo("example.org");
            DnsProviderException thrown = catchThrowableOfType(
                    DnsProviderException.class,
                    () -> new CloudflareProvider(client(cloudflare)).zoneOf(Domain.parse("example.net")));
            assertThat(thrown).hasMessageContaining("keeps no zone that holds example.net");
        }
    }

    @Test
    void noticesThatSomebodyElseWasFaster() throws Exception {
        try (FakeHostinger hostinger = new FakeHostinger();
                FakeCloudflare cloudflare = new FakeCloudflare()) {
            hostinger.group("@", "MX", 300, "10 other.example.net.");
            cloudflare.insert(Map.of(
                    "name", "example.org", "type", "MX", "content", "other.example.net", "priority", 10L, "ttl", 1L));
            SetChange change = add(record("example.org", new RecordData.Mx(10, "mx.example.org")));
            for (DnsProvider provider :
                    List.of(new HostingerProvider(client(hostinger)), new CloudflareProvider(client(cloudflare)))) {
                DnsProviderException thrown = catchThrowableOfType(
                        DnsProviderException.class, () -> provider.apply("example.org", List.of(change)));
                assertThat(thrown.kind()).isEqualTo(Kind.CHANGED);
            }
            assertThat(hostinger.contents("@", "MX")).containsExactly("10 other.example.net.");
            assertThat(cloudflare.at("example.org", "MX")).hasSize(1);
        }
    }

    @Test
    void neverShowsTheToken() throws Exception {
        Files.writeString(dir.resolve("token"), "wrong-token");
        try (FakeCloudflare api = new FakeCloudflare()) {
            DnsProviderException thrown = catchThrowableOfType(
                    DnsProviderException.class, () -> new CloudflareProvider(client(api)).zoneOf(DOMAIN));
            assertThat(thrown.kind()).isEqualTo(Kind.REFUSED);
            assertThat(thrown).hasMessageContaining("Invalid access token");
            api.troubles.add(new FakeApi.Trouble(403, "", "{\"message\": \"wrong-token is no good\"}"));
            assertThat(catchThrowableOfType(
                            DnsProviderException.class, () -> new CloudflareProvider(client(api)).zoneOf(DOMAIN)))
                    .hasMessageContaining("(secret) is no good")
                    .hasMessageNotContaining("wrong-token");
        }
        Files.writeString(dir.resolve("token"), "two\nlines");
        try (FakeCloudflare api = new FakeCloudflare()) {
            assertThat(catchThrowableOfType(
                            DnsProviderException.class, () -> new CloudflareProvider(client(api)).zoneOf(DOMAIN)))
                    .hasMessageNotContaining("lines");
            assertThat(api.requests).isEmpty();
        }
    }

    @Test
    void triesAgainWhenAskedToWait() throws Exception {
        try (FakeCloudflare api = new FakeCloudflare()) {
            api.troubles.add(new FakeApi.Trouble(429, "7", ""));
            api.troubles.add(new FakeApi.Trouble(502, "", ""));
            assertThat(new CloudflareProvider(client(api)).zoneOf(DOMAIN)).isEqualTo("example.org");
            assertThat(pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(1));
        }
    }

    @Test
    void givesUpAfterThreeTriesOrWhenToldToWaitForLong() throws Exception {
        try (FakeCloudflare api = new FakeCloudflare()) {
            for (int i = 0; i < 3; i++) {
                api.troubles.add(new FakeApi.Trouble(503, "", ""));
            }
            assertThat(catchThrowableOfType(
                                    DnsProviderException.class,
                                    () -> new CloudflareProvider(client(api)).zoneOf(DOMAIN))
                            .kind())
                    .isEqualTo(Kind.UNREACHABLE);
            assertThat(pauses).hasSize(2);
            api.troubles.add(new FakeApi.Trouble(429, "86400", ""));
            assertThat(catchThrowableOfType(
                            DnsProviderException.class, () -> new CloudflareProvider(client(api)).zoneOf(DOMAIN)))
                    .hasMessageContaining("86400");
        }
    }

    @Test
    void doesNotRepeatABatchWhoseFateIsUnknown() throws Exception {
        try (FakeCloudflare api = new FakeCloudflare()) {
            DnsProvider provider = new CloudflareProvider(client(api));
            SetChange change = add(record("example.org", new RecordData.Txt("x")));
            // The zone, the listing, and then the batch.
            assertThat(provider.zoneOf(DOMAIN)).isEqualTo("example.org");
            ApiClient client = client(api);
            api.troubles.add(new FakeApi.Trouble(500, "", ""));
            assertThat(catchThrowableOfType(
                                    DnsProviderException.class,
                                    () -> client.send(
                                            "POST",
                                            "/zones/x/dns_records/batch",
                                            JsonObject.builder().build(),
                                            false))
                            .kind())
                    .isEqualTo(Kind.UNREACHABLE);
            assertThat(api.requests.stream().filter(request -> request.startsWith("POST")))
                    .hasSize(1);
            provider.apply("example.org", List.of(change));
            assertThat(api.at("example.org", "TXT")).hasSize(1);
        }
    }

    @Test
    void readsNoAnswerWithoutEnd() throws Exception {
        try (FakeHostinger api = new FakeHostinger()) {
            api.troubles.add(new FakeApi.Trouble(200, "", " ".repeat(ApiClient.MAX_BODY + 1)));
            assertThat(catchThrowableOfType(
                                    DnsProviderException.class,
                                    () -> client(api).get("/x"))
                            .kind())
                    .isEqualTo(Kind.UNREACHABLE);
            api.troubles.add(new FakeApi.Trouble(200, "", "[".repeat(1000)));
            assertThat(catchThrowableOfType(
                            DnsProviderException.class, () -> client(api).get("/x")))
                    .hasMessageContaining("no JSON");
        }
    }

    @Test
    void followsNoRedirect() throws Exception {
        try (FakeHostinger api = new FakeHostinger()) {
            api.troubles.add(new FakeApi.Trouble(302, "", "{}"));
            assertThat(client(api).get("/x").ok()).isFalse();
            assertThat(api.requests).hasSize(1);
        }
    }
}
