package org.posthorn.delivery.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.posthorn.client.smtp.SmtpHost;
import org.posthorn.client.smtp.SmtpTimeouts;
import org.posthorn.dns.FailureKind;
import org.posthorn.dns.RecordType;
import org.posthorn.dns.RecordingResolver;
import org.posthorn.dns.ZoneResolver;

class HostFinderTest {
    private final ZoneResolver zone = new ZoneResolver();
    private final RecordingResolver dns = new RecordingResolver(zone);
    private RemoteDeliveryConfig config = RemoteDeliveryConfig.standard("mail.example.net");

    private Hosts find(String destination) {
        return find(destination, 1);
    }

    private Hosts find(String destination, long seed) {
        return new HostFinder(dns, new Random(seed), config, HostFinderTest::isOfThisMachine).find(destination);
    }

    private static boolean isOfThisMachine(InetAddress address) {
        return address.isLoopbackAddress() || address.equals(InetAddress.ofLiteral("198.51.100.9"));
    }

    private List<String> servers(String destination) {
        return ((Hosts.Found) find(destination))
                .servers().stream().map(SmtpHost::toString).toList();
    }

    private String nowhere(String destination) {
        Hosts.Nowhere nowhere = (Hosts.Nowhere) find(destination);
        return nowhere.status() + " " + nowhere.text();
    }

    @Test
    void ordersHostsByPreference() {
        zone.withMx("example.org", 20, "b.example.org")
                .withMx("example.org", 10, "a.example.org")
                .withAddress("a.example.org", "192.0.2.1")
                .withAddress("b.example.org", "192.0.2.2");
        assertThat(servers("example.org"))
                .containsExactly("a.example.org[192.0.2.1]:25", "b.example.org[192.0.2.2]:25");
    }

    @Test
    void hostsOfEqualPreferenceComeInRandomOrder() {
        for (String host : List.of("a", "b", "c")) {
            zone.withMx("example.org", 10, host + ".example.org").withAddress(host + ".example.org", "192.0.2.1");
        }
        Set<String> first = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            Hosts.Found found = (Hosts.Found) find("example.org", seed);
            first.add(found.servers().getFirst().host());
        }
        assertThat(first).containsExactlyInAnyOrder("a.example.org", "b.example.org", "c.example.org");
    }

    @Test
    void usesTheDomainsAddressesOnlyWithoutMxRecords() {
        zone.withAddress("plain.example.org", "192.0.2.9");
        assertThat(servers("plain.example.org")).containsExactly("plain.example.org[192.0.2.9]:25");
        // RFC 5321 5.1: with MX records of no use the addresses do not count.
        zone.withMx("example.org", 10, "gone.example.org").withAddress("example.org", "192.0.2.9");
        assertThat(nowhere("example.org")).startsWith("5.4.4 ");
    }

    @Test
    void aNullMxMeansNoMailAtAll() {
        zone.withMx("example.org", 0, "").withAddress("example.org", "192.0.2.9");
        assertThat(nowhere("example.org")).startsWith("5.1.10 ");
        assertThat(dns.questions()).containsExactly("MX example.org");
    }

    @Test
    void anEmptyExchangeBesideOthersIsIgnored() {
        zone.withMx("example.org", 0, "")
                .withMx("example.org", 5, "a.example.org")
                .withAddress("a.example.org", "192.0.2.1");
        assertThat(servers("example.org")).containsExactly("a.example.org[192.0.2.1]:25");
    }

    @Test
    void tellsWhatIsAbsentFromWhatCouldNotBeLookedUp() {
        zone.withTxt("empty.example.org", "x")
                .withFailure(RecordType.MX, "broken.example.org", FailureKind.SERVFAIL)
                .withFailure(RecordType.A, "half.example.org", FailureKind.SERVFAIL)
                .withFailure(RecordType.AAAA, "half.example.org", FailureKind.SERVFAIL)
                .withMx("late.example.org", 10, "half.example.org");
        assertThat(nowhere("absent.example.org")).startsWith("5.1.2 ");
        assertThat(nowhere("empty.example.org")).startsWith("5.4.4 ");
        assertThat(nowhere("broken.example.org")).startsWith("4.4.3 ");
        assertThat(nowhere("late.example.org")).startsWith("4.4.3 ");
    }

    @Test
    void oneFamilyThatFailsDoesNotHideTheOther() {
        zone.withAddress("a.example.org", "192.0.2.1")
                .withFailure(RecordType.AAAA, "a.example.org", FailureKind.SERVFAIL);
        assertThat(servers("a.example.org")).containsExactly("a.example.org[192.0.2.1]:25");
    }

    @Test
    void alternatesBetweenTheFamilies() {
        zone.withAddress("a.example.org", "2001:db8::1")
                .withAddress("a.example.org", "2001:db8::2")
                .withAddress("a.example.org", "192.0.2.1")
                .withAddress("a.example.org", "192.0.2.2");
        List<SmtpHost> servers = ((Hosts.Found) find("a.example.org")).servers();
        assertThat(servers)
                .extracting(server -> server.address().getAddress().length)
                .containsExactly(16, 4, 16, 4);
    }

    @Test
    void usesOneFamilyOnlyWhereToldSo() {
        config = new RemoteDeliveryConfig(
                "mail.example.net",
                Set.of(),
                Set.of(),
                25,
                RemoteDeliveryConfig.Families.IPV4_ONLY,
                Optional.empty(),
                Optional.empty(),
                10,
                10,
                Set.of(),
                java.util.Map.of(),
                SmtpTimeouts.STANDARD);
        zone.withAddress("a.example.org", "2001:db8::1").withAddress("a.example.org", "192.0.2.1");
        assertThat(servers("a.example.org")).containsExactly("a.example.org[192.0.2.1]:25");
        assertThat(dns.questions()).doesNotContain("AAAA a.example.org");
    }

    @Test
    void leavesOutItselfAndAllThatIsNoBetter() {
        config = config.withOwn(Set.of("mx2.example.net"), Set.of());
        zone.withMx("example.org", 10, "a.example.org")
                .withMx("example.org", 20, "b.example.org")
                .withMx("example.org", 20, "MX2.example.net")
                .withMx("example.org", 30, "c.example.org");
        for (String host : List.of("a.example.org", "b.example.org", "mx2.example.net", "c.example.org")) {
            zone.withAddress(host, "192.0.2.1");
        }
        for (int seed = 0; seed < 20; seed++) {
            assertThat(((Hosts.Found) find("example.org", seed)).servers())
                    .extracting(SmtpHost::host)
                    .containsExactly("a.example.org");
        }
    }

    @Test
    void mailThatWouldComeBackToUsIsALoop() {
        config = config.withOwn(Set.of(), Set.of(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.7"), 25)));
        zone.withMx("example.org", 10, "mail.example.net")
                .withAddress("mail.example.net", "192.0.2.1")
                .withMx("example.com", 10, "other.example.com")
                .withAddress("other.example.com", "192.0.2.7")
                .withAddress("implicit.example.com", "192.0.2.7");
        assertThat(nowhere("example.org")).startsWith("5.4.6 ").contains("loops back to myself");
        assertThat(nowhere("example.com")).startsWith("5.4.6 ");
        assertThat(nowhere("implicit.example.com")).startsWith("5.4.6 ");
        assertThat(nowhere("[192.0.2.7]")).startsWith("5.4.6 ");
        assertThat(servers("[192.0.2.7]:2525")).containsExactly("192.0.2.7[192.0.2.7]:2525");
    }

    @Test
    void aWildcardListenerStandsForEveryAddressOfThisMachine() {
        config = config.withOwn(Set.of(), Set.of(new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), 2525)));
        assertThat(nowhere("[127.0.0.1]:2525")).startsWith("5.4.6 ");
        assertThat(nowhere("[127.0.0.53]:2525")).startsWith("5.4.6 ");
        assertThat(servers("[127.0.0.1]:2526")).hasSize(1);
        assertThat(servers("[192.0.2.1]:2525")).hasSize(1);
    }

    @Test
    void strangersDnsThatNamesThisMachineIsALoopWhateverWeListenOn() {
        config = config.withOwn(Set.of(), Set.of(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.7"), 2525)));
        zone.withMx("example.org", 10, "lo.example.org")
                .withAddress("lo.example.org", "127.0.0.53")
                .withMx("example.com", 10, "six.example.com")
                .withAddress("six.example.com", "::1")
                .withAddress("plain.example.org", "198.51.100.9")
                .withMx("mixed.example.org", 10, "a.example.org")
                .withMx("mixed.example.org", 20, "lo.example.org")
                .withAddress("a.example.org", "192.0.2.1");
        assertThat(nowhere("example.org")).startsWith("5.4.6 ").contains("loops back to myself");
        assertThat(nowhere("example.com")).startsWith("5.4.6 ");
        assertThat(nowhere("plain.example.org")).startsWith("5.4.6 ");
        assertThat(nowhere("[127.0.0.1]")).startsWith("5.4.6 ");
        assertThat(servers("mixed.example.org")).containsExactly("a.example.org[192.0.2.1]:25");
    }

    @Test
    void routesAndOtherPortsMayLeadToThisMachine() {
        zone.withAddress("lo.example.org", "127.0.0.1").withMx("example.org", 10, "lo.example.org");
        assertThat(servers("lo.example.org:25")).containsExactly("lo.example.org[127.0.0.1]:25");
        assertThat(servers("[127.0.0.1]:25")).hasSize(1);
        config = config.withNextHops(Set.of("[127.0.0.1]", "example.org"));
        assertThat(servers("[127.0.0.1]")).hasSize(1);
        assertThat(servers("example.org")).hasSize(1);
        config = config.withNextHops(Set.of()).withPort(3525);
        assertThat(servers("example.org")).containsExactly("lo.example.org[127.0.0.1]:3525");
    }

    @Test
    void aRouteThatLeadsNowhereIsNoFaultOfTheMail() {
        List<String> hops = List.of("typo.example.org:587", "typo.example.org", "null.example.org", "host:0");
        zone.withMx("null.example.org", 0, "");
        for (String hop : hops) {
            assertThat(nowhere(hop)).as(hop).startsWith("5.1.");
        }
        config = config.withNextHops(Set.copyOf(hops));
        for (String hop : hops) {
            assertThat(nowhere(hop))
                    .as(hop)
                    .startsWith("4.3.5 next hop " + hop + " of delivery.routes leads nowhere: ")
                    .contains("posthorn reload");
        }
        assertThat(nowhere("absent.example.org")).startsWith("5.1.2 ");
    }

    @Test
    void nextHopsNameAServerWithoutMx() {
        zone.withMx("relay.example.org", 10, "elsewhere.example.org").withAddress("relay.example.org", "192.0.2.1");
        assertThat(servers("relay.example.org:2525")).containsExactly("relay.example.org[192.0.2.1]:2525");
        assertThat(servers("[relay.example.org]:2525")).containsExactly("relay.example.org[192.0.2.1]:2525");
        assertThat(servers("[relay.example.org]")).containsExactly("relay.example.org[192.0.2.1]:25");
        assertThat(dns.questions()).noneMatch(question -> question.startsWith("MX "));
        assertThat(servers("127.0.0.1:2625")).containsExactly("127.0.0.1[127.0.0.1]:2625");
        assertThat(servers("[ipv6:2001:db8::1]")).containsExactly("2001:db8:0:0:0:0:0:1[2001:db8:0:0:0:0:0:1]:25");
        assertThat(servers("[2001:db8::1]:26")).containsExactly("2001:db8:0:0:0:0:0:1[2001:db8:0:0:0:0:0:1]:26");
    }

    @Test
    void nonsenseIsNoDestination() {
        for (String destination : List.of(
                "host:",
                "host:0",
                "host:99999",
                "host:x",
                "[host",
                "[]:25",
                ":25",
                "[host]x",
                "[300.1.1.1]",
                "1:2:3:4")) {
            assertThat(nowhere(destination)).as(destination).startsWith("5.1.2 ");
        }
    }
}
