package org.posthorn.zone.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.client.dnsprovider.DnsProvider;
import org.posthorn.client.dnsprovider.DnsProviderConfig;
import org.posthorn.client.dnsprovider.FakeApi;
import org.posthorn.client.dnsprovider.FakeCloudflare;
import org.posthorn.client.dnsprovider.FakeHostinger;
import org.posthorn.client.dnsprovider.Secret;
import org.posthorn.config.ConfigFile;
import org.posthorn.directory.LocalDirectory;
import org.posthorn.directory.PasswordCost;
import org.posthorn.directory.PublishedRecord;
import org.posthorn.dns.ZoneResolver;
import org.posthorn.dns.record.PublishedType;
import org.posthorn.dns.record.RecordData;
import org.posthorn.dns.record.RecordSetName;
import org.posthorn.dns.record.ZoneRecord;
import org.posthorn.mail.Domain;
import org.posthorn.protocol.dkim.DkimAlgorithm;
import org.posthorn.signing.DkimKeyEntry;
import org.posthorn.signing.DkimKeyState;
import org.posthorn.zone.DesiredRecords;
import org.posthorn.zone.DomainFacts;
import org.posthorn.zone.DomainRecords;
import org.posthorn.zone.Purpose;
import org.posthorn.zone.ZoneConfig;
import org.posthorn.zone.Zones;

/** Plans and publications, against servers that behave as the providers' documentation says. */
@Timeout(60)
class PublisherTest {
    private static final Domain DOMAIN = Domain.parse("example.org");
    private static final List<InetAddress> ADDRESSES =
            List.of(InetAddress.ofLiteral("192.0.2.25"), InetAddress.ofLiteral("2001:db8::25"));

    @TempDir
    Path dir;

    private static DomainRecords records(String toml) {
        return DesiredRecords.of(
                new DomainFacts(
                        DOMAIN,
                        Domain.parse("mx.example.org"),
                        ADDRESSES,
                        List.of(new DomainFacts.DkimText("s1", "v=DKIM1; k=rsa; p=AAAA")),
                        List.of(),
                        List.of(new DomainFacts.ClientService("imaps", 993, 0))),
                ZoneConfig.read(ConfigFile.parse("test", toml).root()));
    }

    private Publisher publisher(DnsProvider provider) {
        // No name server is found: the provider's own word must do.
        return new Publisher(provider, () -> new Zones(new ZoneResolver(), 53, Duration.ofSeconds(1)));
    }

    private Publisher publisher(FakeCloudflare api) throws Exception {
        return publisher(new DnsProviderConfig.Cloudflare(api.uri(), token()).provider());
    }

    private Secret token() throws Exception {
        return new Secret.InFile(Files.writeString(dir.resolve("token"), FakeApi.TOKEN));
    }

    private static List<String> added(PublishPlan plan) {
        return plan.changes().stream()
                .filter(PlannedChange::adds)
                .map(change -> change.wanted().record().name() + " "
                        + change.wanted().record().type())
                .toList();
    }

    private static List<String> removed(PublishPlan plan) {
        return plan.changes().stream()
                .flatMap(change -> change.removed().stream())
                .map(ZoneRecord::zoneLine)
                .toList();
    }

    @Test
    void publishesOnceAndFindsNothingToDoTheSecondTime() throws Exception {
        try (FakeCloudflare api = new FakeCloudflare()) {
            api.add("example.org", "TXT", "google-site-verification=x");
            api.add("www.example.org", "A", "192.0.2.80");
            Publisher publisher = publisher(api);
            DomainRecords records = records("autoconfig = true\nmta-sts = \"testing\"");
            PublishPlan plan = publisher.plan(records, ADDRESSES, Set.of(), List.of());
            assertThat(plan.conflicts()).isEmpty();
            assertThat(removed(plan)).isEmpty();
            publisher.carryOut(plan);
            assertThat(publisher.unseen(plan)).isEmpty();

            PublishPlan second = publisher.plan(records, ADDRESSES, Set.of(), List.of());
            assertThat(second.isEmpty()).isTrue();
            assertThat(second.conflicts()).isEmpty();
            assertThat(second.byHand()).extracting(desired -> desired.purpose()).containsOnly(Purpose.REVERSE);
            assertThat(api.at("example.org", "TXT")).hasSize(2);
            assertThat(api.at("www.example.org", "A")).hasSize(1);
            assertThat(api.at("mx.example.org", "A").getFirst().get("proxied")).isEqualTo(false);
        }
    }

    @Test
    void publishesAtHostingerWithTheNamesOfItsAddresses() throws Exception {
        try (FakeHostinger api = new FakeHostinger()) {
            api.group("@", "NS", 300, "ns1.example.net.");
            Publisher publisher = publisher(new DnsProviderConfig.Hostinger(api.uri(), token()).provider());
            PublishPlan plan = publisher.plan(records(""), ADDRESSES, Set.of(), List.of());
            assertThat(plan.names())
                    .extracting(PublishPlan.AddressName::before)
                    .containsExactly("srv1.hstgr.example", "");
            publisher.carryOut(plan);
            assertThat(publisher.unseen(plan)).isEmpty();
            assertThat(api.addresses.get(7L)).containsEntry("ptr", "mx.example.org");
            assertThat(publisher
                            .plan(records(""), ADDRESSES, Set.of(), List.of())
                            .isEmpty())
                    .isTrue();
            assertThat(plan.byHand()).isEmpty();
            assertThat(api.contents("@", "NS")).containsExactly("ns1.example.net.");
        }
    }

    @Test
    void refusesAPlanThatTheZoneHasOutrun() throws Exception {
        try (FakeCloudflare api = new FakeCloudflare()) {
            Publisher publisher = publisher(api);
            PublishPlan plan = publisher.plan(records(""), ADDRESSES, Set.of(), List.of());
            api.insert(Map.of(
                    "name", "example.org", "type", "MX", "content", "new.example.net", "priority", 5L, "ttl", 1L));
            assertThatThrownBy(() -> publisher.carryOut(plan)).hasMessageContaining("changed by somebody else");
            assertThat(api.records).hasSize(1);
        }
    }

    @Test
    void putsAndWithdrawsSingleRecords() throws Exception {
        try (FakeCloudflare api = new FakeCloudflare()) {
            Publisher publisher = publisher(api);
            ZoneRecord key = txt("s2._domainkey.example.org", "v=DKIM1; p=BBBB");
            publisher.put(DOMAIN, key);
            publisher.put(DOMAIN, key);
            assertThat(api.at("s2._domainkey.example.org", "TXT")).hasSize(1);
            publisher.put(DOMAIN, txt("s2._domainkey.example.org", "v=DKIM1; p="));
            assertThat(api.at("s2._domainkey.example.org", "TXT"))
                    .extracting(record -> record.get("content"))
                    .containsExactly("\"v=DKIM1; p=\"");
            publisher.withdraw(DOMAIN, new RecordSetName("s2._domainkey.example.org", PublishedType.TXT));
            assertThat(api.records).isEmpty();
            assertThatThrownBy(() -> publisher.put(DOMAIN, txt("s2.example.net", "x")))
                    .hasMessageContaining("does not lie in the zone");
        }
    }

    @Test
    void removesWhatItHasPublishedAndNobodyWantsAnyMore() throws Exception {
        try (FakeCloudflare api = new FakeCloudflare()) {
            Publisher publisher = publisher(api);
            api.add("old._domainkey.example.org", "TXT", "v=DKIM1; p=");
            api.add("_25._tcp.mx.example.org", "TXT", "of another");
            api.add("theirs._domainkey.example.org", "TXT", "v=DKIM1; p=THEIRS");
            api.add("old.example.org", "A", "192.0.2.26");
            List<ZoneRecord> published = List.of(
                    txt("old._domainkey.example.org", "v=DKIM1; p="),
                    txt("theirs._domainkey.example.org", "v=DKIM1; p=OURS"),
                    txt("s1._domainkey.example.org", "v=DKIM1; k=rsa; p=AAAA"),
                    txt("gone._domainkey.example.org", "v=DKIM1; p="),
                    record("old.example.org", new RecordData.Address(InetAddress.ofLiteral("192.0.2.26"))));
            PublishPlan plan = publisher.plan(records(""), ADDRESSES, Set.of(), published);
            assertThat(plan.stale()).extracting(ZoneRecord::name).containsExactly("old._domainkey.example.org");
            assertThat(PlanText.of(plan, "Cloudflare"))
                    .contains("- old._domainkey.example.org.")
                    .contains("Posthorn published it, and it is not wanted any more.");
            publisher.carryOut(plan);
            assertThat(publisher.unseen(plan)).isEmpty();
            assertThat(api.at("old._domainkey.example.org", "TXT")).isEmpty();
            assertThat(api.at("theirs._domainkey.example.org", "TXT"))
                    .as("somebody has changed it since")
                    .hasSize(1);
            assertThat(api.at("old.example.org", "A"))
                    .as("may be in use for more than mail")
                    .hasSize(1);
            assertThat(publisher
                            .plan(records(""), ADDRESSES, Set.of(), published)
                            .isEmpty())
                    .isTrue();
        }
    }

    @Test
    void remembersWhatItPublishes() throws Exception {
        Path database = dir.resolve("directory.db");
        try (FakeCloudflare api = new FakeCloudflare();
                LocalDirectory directory =
                        LocalDirectory.open(database, PasswordCost.MINIMAL, InstantSource.system())) {
            directory.addDomain(DOMAIN);
            PublicationMemory memory = PublicationMemory.in(directory.published(), DOMAIN);
            DomainPublication first = new DomainPublication(
                    publisher(api), records("mta-sts = \"testing\""), ADDRESSES, memory, _ -> true);
            first.carryOut(first.plan(Set.of()));
            assertThat(memory.published()).extracting(PublishedRecord::name).contains("_mta-sts.example.org");
            DomainPublication second = new DomainPublication(publisher(api), records(""), ADDRESSES, memory, _ -> true);
            PublishPlan plan = second.plan(Set.of());
            assertThat(plan.stale()).extracting(ZoneRecord::name).containsExactly("_mta-sts.example.org");
            second.carryOut(plan);
            assertThat(memory.published()).extracting(PublishedRecord::name).doesNotContain("_mta-sts.example.org");
            assertThat(second.plan(Set.of()).isEmpty()).isTrue();
            DomainPublication kept = new DomainPublication(publisher(api), records(""), ADDRESSES, memory, _ -> false);
            assertThat(kept.plan(Set.of()).stale()).isEmpty();
        }
    }

    private static DkimKeyEntry key(String selector, DkimKeyState state, Instant since) {
        return new DkimKeyEntry(
                DOMAIN, selector, DkimAlgorithm.RSA_SHA256, Path.of("unused"), "v=DKIM1; p=", state, since, since);
    }

    /** Mail that they signed may be under way. */
    @Test
    void recordsOfKeysGoOnlyAfterTheirTime() {
        Instant limit = Instant.parse("2026-11-01T00:00:00Z");
        Instant before = limit.minusSeconds(1);
        Predicate<ZoneRecord> removable = PublicationMemory.removable(
                List.of(
                        key("ended", DkimKeyState.WITHDRAWN, before),
                        key("resting", DkimKeyState.WITHDRAWN, limit),
                        key("retired", DkimKeyState.RETIRED, before),
                        key("active", DkimKeyState.ACTIVE, before)),
                limit);
        assertThat(List.of("ended", "resting", "retired", "active", "of-the-configuration"))
                .filteredOn(selector -> removable.test(txt(selector + "._domainkey.example.org", "v=DKIM1; p=")))
                .containsExactly("ended");
        assertThat(removable.test(txt("_mta-sts.example.org", "v=STSv1; id=1"))).isTrue();
    }

    /** The plan for a zone that holds these records. */
    private static PublishPlan plan(DomainRecords records, List<ZoneRecord> present, Purpose... replace) {
        Planner planner = new Planner(
                records.within("example.org"),
                present,
                replace.length == 0 ? EnumSet.noneOf(Purpose.class) : Set.of(replace));
        return new PublishPlan(
                "example.org", present, planner.changes(), planner.conflicts(), List.of(), List.of(), List.of());
    }

    private static ZoneRecord record(String name, RecordData data) {
        return new ZoneRecord(name, Duration.ofMinutes(5), data);
    }

    private static ZoneRecord txt(String name, String text) {
        return record(name, new RecordData.Txt(text));
    }

    private static Optional<Conflict> conflict(PublishPlan plan, Purpose purpose) {
        return plan.conflicts().stream()
                .filter(conflict -> conflict.wanted().purpose() == purpose)
                .findFirst();
    }

    @Test
    void leavesAnothersMxUntilToldToReplaceIt() {
        List<ZoneRecord> present = List.of(
                record("example.org", new RecordData.Mx(5, "mail.example.net")),
                record("example.org", new RecordData.Mx(9, "backup.example.net")));
        PublishPlan cautious = plan(records(""), present);
        assertThat(conflict(cautious, Purpose.MX)).get().satisfies(conflict -> {
            assertThat(conflict.present()).isEqualTo(present);
            assertThat(conflict.remedy()).contains("--replace mx");
        });
        assertThat(added(cautious)).doesNotContain("example.org MX");

        PublishPlan told = plan(records(""), present, Purpose.MX);
        assertThat(conflict(told, Purpose.MX)).isEmpty();
        assertThat(removed(told)).hasSize(2);
        assertThat(added(told)).contains("example.org MX");
    }

    @Test
    void takesAnMxWithAnotherPreferenceForOurs() {
        PublishPlan plan = plan(
                records(""),
                List.of(
                        record("example.org", new RecordData.Mx(1, "mx.example.org")),
                        record("example.org", new RecordData.Mx(20, "backup.example.net"))));
        assertThat(added(plan)).doesNotContain("example.org MX");
        assertThat(plan.conflicts()).isEmpty();
        assertThat(removed(plan)).isEmpty();
    }

    @Test
    void proposesToMergeAForeignSpfRecord() {
        ZoneRecord foreign = txt("example.org", "v=spf1 include:_spf.example.net ip4:192.0.2.0/24 -all");
        PublishPlan plan = plan(records(""), List.of(foreign, txt("example.org", "MS=ms123")));
        assertThat(conflict(plan, Purpose.SPF))
                .get()
                .satisfies(conflict -> assertThat(conflict.remedy())
                        .contains("\"v=spf1 a:mx.example.org include:_spf.example.net ip4:192.0.2.0/24 ~all\""));
        assertThat(removed(plan)).isEmpty();

        PublishPlan merged =
                plan(records("spf-senders = [\"include:_spf.example.net\", \"ip4:192.0.2.0/24\"]"), List.of(foreign));
        assertThat(merged.conflicts()).isEmpty();
        assertThat(removed(merged)).containsExactly(foreign.zoneLine());
    }

    @Test
    void followsItsOwnRecordsWhenTheConfigurationChanges() {
        PublishPlan plan = plan(
                records("dmarc-policy = \"reject\"\nspf-strict = true"),
                List.of(
                        txt("_dmarc.example.org", "v=DMARC1; p=none; rua=mailto:postmaster@example.org"),
                        txt("example.org", "v=spf1 a:mx.example.org ~all"),
                        txt("s1._domainkey.example.org", "v=DKIM1; k=rsa; p=OLD"),
                        record("_imaps._tcp.example.org", new RecordData.Srv(0, 1, 9993, "mx.example.org"))));
        assertThat(plan.conflicts()).isEmpty();
        assertThat(removed(plan)).hasSize(4);
        assertThat(added(plan))
                .contains(
                        "_dmarc.example.org TXT",
                        "example.org TXT",
                        "s1._domainkey.example.org TXT",
                        "_imaps._tcp.example.org SRV");
    }

    @Test
    void doesNotWeakenAnOwnersDmarcPolicy() {
        for (String theirs : List.of(
                "v=DMARC1; p=reject",
                "v=DMARC1; p=reject; rua=mailto:dmarc@example.net",
                "v=DMARC1; p=reject; rua=mailto:postmaster@example.org; ruf=mailto:x@example.net")) {
            PublishPlan plan = plan(records(""), List.of(txt("_dmarc.example.org", theirs)));
            assertThat(conflict(plan, Purpose.DMARC)).as(theirs).isPresent();
            assertThat(removed(plan)).isEmpty();
        }
    }

    @Test
    void setsNothingBesideAnAlias() {
        PublishPlan plan = plan(
                records("autoconfig = true"),
                List.of(
                        record("_dmarc.example.org", new RecordData.Cname("dmarc.example.net")),
                        txt("autoconfig.example.org", "x"),
                        record("autodiscover.example.org", new RecordData.Cname("autodiscover.example.net"))));
        assertThat(conflict(plan, Purpose.DMARC)).isPresent();
        assertThat(plan.conflicts().stream()
                        .filter(conflict -> conflict.wanted().purpose() == Purpose.AUTOCONFIG))
                .hasSize(2);
        assertThat(removed(plan)).isEmpty();
        assertThat(removed(plan(
                        records("autoconfig = true"),
                        List.of(record("autodiscover.example.org", new RecordData.Cname("autodiscover.example.net"))),
                        Purpose.AUTOCONFIG)))
                .hasSize(1);
    }

    @Test
    void takesAnAddressOfOursForTheAlias() {
        PublishPlan plan = plan(
                records("autoconfig = true"),
                List.of(record("autoconfig.example.org", new RecordData.Address(ADDRESSES.getFirst()))));
        assertThat(plan.conflicts()).isEmpty();
        assertThat(added(plan))
                .doesNotContain("autoconfig.example.org CNAME")
                .contains("autodiscover.example.org CNAME");
    }

    @Test
    void leavesTheAddressOfAnotherServer() {
        PublishPlan plan = plan(
                records(""),
                List.of(record("mx.example.org", new RecordData.Address(InetAddress.ofLiteral("192.0.2.99")))));
        assertThat(conflict(plan, Purpose.ADDRESS)).isPresent();
        assertThat(added(plan)).contains("mx.example.org AAAA").doesNotContain("mx.example.org A");
    }

    @Test
    void looksAtNothingButTheNamesItNeeds() {
        List<RecordSetName> sets = new ArrayList<>(Planner.sets(records("").within("example.org")));
        assertThat(sets)
                .contains(
                        new RecordSetName("example.org", PublishedType.MX),
                        new RecordSetName("example.org", PublishedType.CNAME))
                .noneMatch(set -> set.name().equals("www.example.org"))
                .hasSizeLessThan(40);
    }

    @Test
    void showsThePlanWithReasons() {
        PublishPlan plan = plan(records(""), List.of(record("example.org", new RecordData.Mx(5, "mail.example.net"))));
        assertThat(PlanText.of(plan, "Cloudflare"))
                .contains("Zone example.org, kept by Cloudflare.")
                .contains("  + mx.example.org. 3600 IN A 192.0.2.25\n      Other servers")
                .contains("For you to decide:\n  ! example.org. 3600 IN MX 10 mx.example.org.\n"
                        + "    is there: example.org. 300 IN MX 5 mail.example.net.");
    }
}
