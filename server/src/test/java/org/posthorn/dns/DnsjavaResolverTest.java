package org.posthorn.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.posthorn.log.Metrics;
import org.posthorn.testing.Eventually;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

@Timeout(60)
class DnsjavaResolverTest {
    private static final String SOA = "example.org. 300 SOA ns.example.org. root.example.org. 1 60 60 600 120";

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-23T12:00:00Z"));
    private final InstantSource clock = now::get;
    private final Metrics metrics = new Metrics();

    /** Little patience and a little cache. */
    static DnsConfig config(int cacheEntries, InetSocketAddress... servers) {
        return new DnsConfig(
                List.of(servers),
                Duration.ofMillis(300),
                2,
                cacheEntries,
                1 << 20,
                Duration.ofHours(1),
                Duration.ofMinutes(5),
                Dnssec.TRUST_AD,
                Optional.empty());
    }

    private DnsjavaResolver resolver(InetSocketAddress... servers) {
        return resolver(100, servers);
    }

    private DnsjavaResolver resolver(int cacheEntries, InetSocketAddress... servers) {
        DnsConfig config = config(cacheEntries, servers);
        return new DnsjavaResolver(config, clock, metrics, Path.of("/nonexistent/resolv.conf"));
    }

    private static <T> Answer<T> found(T record) {
        return new Answer.Found<>(List.of(record), false);
    }

    @Test
    void findsMxRecordsWithoutFinalDotInLowerCase() throws IOException {
        try (FakeDnsServer server = FakeDnsServer.answering(
                Rcode.NOERROR, "example.org. 60 MX 10 MX1.Example.org.", "example.org. 60 MX 20 mx2.example.org.")) {
            assertThat(resolver(server.address()).mx("Example.ORG.").recordsOrNone())
                    .containsExactly(new MxRecord(10, "mx1.example.org"), new MxRecord(20, "mx2.example.org"));
        }
    }

    @Test
    void showsANullMxAsAnEmptyExchange() throws IOException {
        try (FakeDnsServer server = FakeDnsServer.answering(Rcode.NOERROR, "example.org. 60 MX 0 .")) {
            assertThat(resolver(server.address()).mx("example.org")).isEqualTo(found(new MxRecord(0, "")));
        }
    }

    @Test
    void findsAddressesTextAndReverseNames() throws IOException {
        try (FakeDnsServer server = FakeDnsServer.answering(
                Rcode.NOERROR,
                "example.org. 60 A 192.0.2.1",
                "example.org. 60 AAAA 2001:db8::1",
                "example.org. 60 TXT \"v=spf1 \" \"-all\"",
                "1.2.0.192.in-addr.arpa. 60 PTR host.example.org.")) {
            DnsjavaResolver resolver = resolver(server.address());
            assertThat(resolver.ipv4("example.org")).isEqualTo(found(InetAddress.ofLiteral("192.0.2.1")));
            assertThat(resolver.ipv6("example.org")).isEqualTo(found(InetAddress.ofLiteral("2001:db8::1")));
            assertThat(resolver.txt("example.org")).isEqualTo(found("v=spf1 -all"));
            assertThat(resolver.ptr(InetAddress.ofLiteral("192.0.2.1"))).isEqualTo(found("host.example.org"));
        }
    }

    @Test
    void readsEveryTypeOfRecord() throws IOException {
        try (FakeDnsServer server = FakeDnsServer.answering(
                Rcode.NOERROR,
                "example.org. 60 NS NS1.example.org.",
                "alias.example.org. 60 CNAME Example.org.",
                SOA,
                "example.org. 60 SRV 10 20 993 imap.example.org.",
                "example.org. 60 CAA 128 issue \"letsencrypt.org; x=Y\"",
                "example.org. 60 TLSA 3 1 1 00FF" + "00".repeat(30),
                "example.org. 60 DS 12345 13 2 " + "AB".repeat(32),
                "example.org. 60 DNSKEY 257 3 13 " + "AAAA".repeat(21) + "AA==")) {
            DnsjavaResolver resolver = resolver(server.address());
            assertThat(resolver.ask(RecordType.NS, "example.org")).isEqualTo(found("ns1.example.org"));
            assertThat(resolver.cname("alias.example.org")).isEqualTo(found("example.org"));
            assertThat(resolver.ask(RecordType.SOA, "example.org"))
                    .isEqualTo(found(new SoaRecord("ns.example.org", "root.example.org", 1, 60, 60, 600, 120)));
            assertThat(resolver.ask(RecordType.SRV, "example.org"))
                    .isEqualTo(found(new SrvRecord(10, 20, 993, "imap.example.org")));
            assertThat(resolver.ask(RecordType.CAA, "example.org"))
                    .isEqualTo(found(new CaaRecord(true, "issue", "letsencrypt.org; x=Y")));
            assertThat(resolver.tlsa("example.org"))
                    .isEqualTo(found(new TlsaRecord(3, 1, 1, "00ff" + "00".repeat(30))));
            assertThat(resolver.ask(RecordType.DS, "example.org"))
                    .isEqualTo(found(new DsRecord(12345, 13, 2, "ab".repeat(32))));
            // RFC 4034 appendix B: the octets of the RDATA, here 257 and 3, 13, as 16-bit words.
            assertThat(resolver.ask(RecordType.DNSKEY, "example.org"))
                    .isEqualTo(found(new DnskeyRecord(257, 13, 257 + 3 * 256 + 13)));
        }
    }

    @Test
    void doesNotFollowAnAliasThatWasAskedFor() throws IOException {
        try (FakeDnsServer server = FakeDnsServer.answering(
                Rcode.NOERROR, "a.example.org. 60 CNAME b.example.org.", "b.example.org. 60 CNAME c.example.org.")) {
            assertThat(resolver(server.address()).cname("a.example.org")).isEqualTo(found("b.example.org"));
        }
    }

    @Test
    void namesIpv6AddressesByNibbles() {
        assertThat(ReverseName.of(InetAddress.ofLiteral("2001:db8::567:89ab")))
                .isEqualTo("b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
    }

    @Test
    void tellsNoSuchNameFromNoDataFromFailure() throws IOException {
        try (FakeDnsServer absent = FakeDnsServer.negative(Rcode.NXDOMAIN, SOA);
                FakeDnsServer empty = FakeDnsServer.negative(Rcode.NOERROR, SOA);
                FakeDnsServer broken = FakeDnsServer.negative(Rcode.SERVFAIL, "");
                FakeDnsServer refusing = FakeDnsServer.negative(Rcode.REFUSED, "");
                FakeDnsServer silent = new FakeDnsServer((_, _) -> Optional.empty())) {
            assertThat(resolver(absent.address()).mx("example.org")).isInstanceOf(Answer.NoSuchName.class);
            assertThat(resolver(empty.address()).mx("example.org")).isInstanceOf(Answer.NoData.class);
            assertThat(resolver(broken.address()).mx("example.org")).isInstanceOf(Answer.Failure.class);
            assertThat(resolver(refusing.address()).mx("example.org")).isInstanceOf(Answer.Failure.class);
            assertThat(resolver(silent.address()).mx("example.org")).isInstanceOf(Answer.Failure.class);
        }
    }

    @Test
    void countsWhatWasAskedAndAnswered() throws IOException {
        try (FakeDnsServer server = FakeDnsServer.answering(Rcode.NOERROR, "example.org. 60 A 192.0.2.1");
                FakeDnsServer broken = FakeDnsServer.negative(Rcode.SERVFAIL, "")) {
            DnsjavaResolver resolver = resolver(server.address());
            var _ = resolver.ipv4("example.org");
            var _ = resolver.ipv4("example.org");
            var _ = resolver(broken.address()).mx("example.org");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        metrics.writeTo(out);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("posthorn_dns_questions_total{type=\"A\"} 2.0")
                .contains("posthorn_dns_cache_hits_total 1.0")
                .contains("posthorn_dns_answers_total{outcome=\"found\",secure=\"no\"} 1.0")
                .contains("posthorn_dns_failures_total{kind=\"servfail\"} 1.0")
                .contains("posthorn_dns_seconds_bucket{le=\"+Inf\"} 2")
                .contains("posthorn_dns_seconds_count 2");
    }

    @Test
    void followsAliasesWithinAnAnswerAndAcrossAnswers() throws IOException {
        try (FakeDnsServer server = new FakeDnsServer((query, _) -> Optional.of(
                query.getQuestion().getName().toString().startsWith("c.")
                        ? FakeDnsServer.reply(query, Rcode.NOERROR, "c.example.net. 60 A 192.0.2.7")
                        : FakeDnsServer.reply(
                                query,
                                Rcode.NOERROR,
                                "a.example.org. 60 CNAME b.example.org.",
                                "b.example.org. 60 CNAME c.example.net.")))) {
            assertThat(resolver(server.address()).ipv4("a.example.org"))
                    .isEqualTo(found(InetAddress.ofLiteral("192.0.2.7")));
        }
    }

    @Test
    void aLoopOfAliasesIsAFailure() throws IOException {
        try (FakeDnsServer server = FakeDnsServer.answering(
                Rcode.NOERROR, "a.example.org. 60 CNAME b.example.org.", "b.example.org. 60 CNAME a.example.org.")) {
            assertThat(resolver(server.address()).ipv4("a.example.org")).isInstanceOf(Answer.Failure.class);
        }
    }

    @Test
    void aChainOfAliasesWithoutEndIsAFailure() throws IOException {
        AtomicInteger number = new AtomicInteger();
        try (FakeDnsServer server = new FakeDnsServer((query, _) -> Optional.of(FakeDnsServer.reply(
                query,
                Rcode.NOERROR,
                query.getQuestion().getName() + " 60 CNAME n" + number.incrementAndGet() + ".example.org.")))) {
            assertThat(resolver(server.address()).ipv4("a.example.org")).isInstanceOf(Answer.Failure.class);
            assertThat(server.questions()).hasSizeLessThanOrEqualTo(LookUp.MAX_ALIASES + 1);
        }
    }

    @Test
    void keepsAnAnswerForItsTtlAndNotLonger() throws IOException {
        try (FakeDnsServer server = FakeDnsServer.answering(Rcode.NOERROR, "example.org. 60 A 192.0.2.1")) {
            DnsjavaResolver resolver = resolver(server.address());
            var _ = resolver.ipv4("example.org");
            now.set(now.get().plusSeconds(59));
            var _ = resolver.ipv4("EXAMPLE.org");
            assertThat(server.questions()).hasSize(1);
            now.set(now.get().plusSeconds(2));
            var _ = resolver.ipv4("example.org");
            assertThat(server.questions()).hasSize(2);
        }
    }

    @Test
    void boundsTtlsThatAreTooLong() throws IOException {
        try (FakeDnsServer server = FakeDnsServer.answering(Rcode.NOERROR, "example.org. 2000000 A 192.0.2.1")) {
            DnsjavaResolver resolver = resolver(server.address());
            var _ = resolver.ipv4("example.org");
            now.set(now.get().plus(Duration.ofMinutes(61)));
            var _ = resolver.ipv4("example.org");
            assertThat(server.questions()).hasSize(2);
        }
    }

    @Test
    void keepsNegativeAnswersAsTheSoaSaysAndNotWithoutOne() throws IOException {
        try (FakeDnsServer with = FakeDnsServer.negative(Rcode.NXDOMAIN, SOA);
                FakeDnsServer without = FakeDnsServer.negative(Rcode.NXDOMAIN, "")) {
            DnsjavaResolver resolver = resolver(with.address());
            var _ = resolver.ipv4("example.org");
            now.set(now.get().plusSeconds(119));
            var _ = resolver.ipv4("example.org");
            assertThat(with.questions()).hasSize(1);
            now.set(now.get().plusSeconds(2));
            var _ = resolver.ipv4("example.org");
            assertThat(with.questions()).hasSize(2);

            DnsjavaResolver forgetful = resolver(without.address());
            var _ = forgetful.ipv4("example.org");
            var _ = forgetful.ipv4("example.org");
            assertThat(without.questions()).hasSize(2);
        }
    }

    @Test
    void remembersAFailureForAMomentOnly() throws IOException {
        try (FakeDnsServer broken = FakeDnsServer.negative(Rcode.SERVFAIL, "")) {
            DnsjavaResolver resolver = resolver(broken.address());
            var _ = resolver.mx("example.org");
            var _ = resolver.mx("example.org");
            assertThat(broken.questions()).hasSize(2);
            now.set(now.get().plusSeconds(6));
            var _ = resolver.mx("example.org");
            assertThat(broken.questions()).hasSize(4);
        }
    }

    @Test
    void theCacheIsBounded() throws IOException {
        try (FakeDnsServer server = new FakeDnsServer((query, _) -> Optional.of(
                FakeDnsServer.reply(query, Rcode.NOERROR, query.getQuestion().getName() + " 60 A 192.0.2.1")))) {
            DnsjavaResolver resolver = resolver(3, server.address());
            IntStream.range(0, 5).forEach(i -> resolver.ipv4("n" + i + ".example.org"));
            var _ = resolver.ipv4("n4.example.org");
            assertThat(server.questions()).hasSize(5);
            var _ = resolver.ipv4("n0.example.org");
            assertThat(server.questions()).hasSize(6);
        }
    }

    @Test
    void threadsWithTheSameQuestionShareOneAnswer() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (FakeDnsServer server = new FakeDnsServer((query, _) -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return Optional.of(FakeDnsServer.reply(query, Rcode.NOERROR, "example.org. 0 A 192.0.2.1"));
        })) {
            DnsConfig patient = new DnsConfig(
                    List.of(server.address()),
                    Duration.ofSeconds(30),
                    1,
                    10,
                    1000,
                    Duration.ofHours(1),
                    Duration.ZERO,
                    Dnssec.OFF,
                    Optional.empty());
            DnsjavaResolver resolver = new DnsjavaResolver(patient, clock, metrics, Path.of("/nonexistent"));
            List<Thread> threads = new ArrayList<>();
            AtomicInteger good = new AtomicInteger();
            for (int i = 0; i < 20; i++) {
                threads.add(Thread.startVirtualThread(() -> {
                    Answer<Inet4Address> answer = resolver.ipv4("example.org");
                    good.addAndGet(answer.recordsOrNone().size());
                }));
            }
            Eventually.await(() -> threads.stream()
                    .allMatch(thread -> thread.getState() == Thread.State.WAITING
                            || thread.getState() == Thread.State.TIMED_WAITING));
            release.countDown();
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(good).hasValue(20);
            assertThat(server.questions()).hasSize(1);
        }
    }

    @Test
    void trustsTheAdBitOfAServerOnLoopback() throws IOException {
        try (FakeDnsServer server = new FakeDnsServer((query, _) -> {
            assertThat(query.getHeader().getFlag(Flags.AD)).isTrue();
            Message reply = FakeDnsServer.reply(query, Rcode.NOERROR, "example.org. 60 A 192.0.2.1");
            reply.getHeader().setFlag(Flags.AD);
            return Optional.of(reply);
        })) {
            assertThat(resolver(server.address()).ipv4("example.org"))
                    .isEqualTo(new Answer.Found<>(List.of(InetAddress.ofLiteral("192.0.2.1")), true));
        }
    }

    @Test
    void neverAsksForNamesThatCannotBe() throws IOException {
        try (FakeDnsServer server = FakeDnsServer.answering(Rcode.NOERROR)) {
            DnsjavaResolver resolver = resolver(server.address());
            for (String name : List.of(
                    "",
                    ".",
                    "a..b",
                    "x".repeat(64) + ".org",
                    "a.".repeat(130) + "org",
                    "a\tb.org",
                    "a\\.b.org",
                    "bücher.example",
                    "host.invalid")) {
                assertThat(resolver.ipv4(name)).as(name).isInstanceOf(Answer.NoSuchName.class);
            }
            assertThat(server.questions()).isEmpty();
        }
    }

    @Test
    void knowsLocalhostWithoutAsking() throws IOException {
        try (FakeDnsServer server = FakeDnsServer.negative(Rcode.NXDOMAIN, SOA)) {
            DnsjavaResolver resolver = resolver(server.address());
            assertThat(resolver.ipv4("localhost")).isEqualTo(found(InetAddress.ofLiteral("127.0.0.1")));
            assertThat(resolver.ipv6("x.localhost.")).isEqualTo(found(InetAddress.ofLiteral("::1")));
            assertThat(resolver.mx("localhost")).isInstanceOf(Answer.NoData.class);
            assertThat(server.questions()).isEmpty();
        }
    }

    @Test
    void readsTheNameserversOfResolvConf() {
        String text = """
                # x
                search example.org
                nameserver 192.0.2.1
                 nameserver\t2001:db8::1
                nameserver junk
                nameserver 192.0.2.3
                nameserver 192.0.2.4
                options timeout:1
                """;
        assertThat(ResolvConf.parse(text))
                .extracting(server -> server.getAddress().getHostAddress(), InetSocketAddress::getPort)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("192.0.2.1", 53),
                        org.assertj.core.groups.Tuple.tuple("2001:db8:0:0:0:0:0:1", 53),
                        org.assertj.core.groups.Tuple.tuple("192.0.2.3", 53));
        assertThat(ResolvConf.parse("")).containsExactly(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 53));
    }
}
