package org.posthorn.zone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.posthorn.config.ConfigException;
import org.posthorn.config.ConfigFile;
import org.posthorn.dns.PublicAddress;
import org.posthorn.dns.record.RecordData;
import org.posthorn.dns.record.ZoneRecord;
import org.posthorn.mail.Domain;
import org.posthorn.testing.Json;

class DesiredRecordsTest {
    static DomainFacts facts(String domain, String host) {
        return new DomainFacts(
                Domain.parse(domain),
                Domain.parse(host),
                List.of(InetAddress.ofLiteral("192.0.2.25"), InetAddress.ofLiteral("2001:db8::25")),
                List.of(
                        new DomainFacts.DkimText("rsa1", "v=DKIM1; k=rsa; p=" + "A".repeat(392)),
                        new DomainFacts.DkimText("ed1", "v=DKIM1; k=ed25519; p=abc")),
                List.of(),
                List.of(new DomainFacts.ClientService("imaps", 993, 0), new DomainFacts.ClientService("pop3", 0, 30)));
    }

    static ZoneConfig config(String toml) {
        ConfigFile file = ConfigFile.parse("test", toml);
        ZoneConfig config = ZoneConfig.read(file.root());
        try {
            file.finish();
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return config;
    }

    private static List<String> lines(DomainRecords records) {
        return records.records().stream()
                .map(desired -> desired.record().zoneLine())
                .toList();
    }

    @Test
    void makesAllOfADomainsRecords() {
        DomainRecords records = DesiredRecords.of(facts("example.org", "mx.example.org"), config("""
                        mta-sts = "enforce"
                        caa-issuers = ["ca.example.net"]
                        autoconfig = true
                        """));
        assertThat(lines(records))
                .contains(
                        "mx.example.org. 3600 IN A 192.0.2.25",
                        "mx.example.org. 3600 IN AAAA 2001:db8::25",
                        "example.org. 3600 IN MX 10 mx.example.org.",
                        "example.org. 3600 IN TXT \"v=spf1 a:mx.example.org ~all\"",
                        "mx.example.org. 3600 IN TXT \"v=spf1 a -all\"",
                        "ed1._domainkey.example.org. 3600 IN TXT \"v=DKIM1; k=ed25519; p=abc\"",
                        "_dmarc.example.org. 3600 IN TXT \"v=DMARC1; p=none; rua=mailto:postmaster@example.org\"",
                        "mta-sts.example.org. 3600 IN CNAME mx.example.org.",
                        "_smtp._tls.example.org. 3600 IN TXT \"v=TLSRPTv1; rua=mailto:postmaster@example.org\"",
                        "mx.example.org. 3600 IN CAA 0 issue \"ca.example.net\"",
                        "_imaps._tcp.example.org. 3600 IN SRV 0 1 993 mx.example.org.",
                        "_pop3._tcp.example.org. 3600 IN SRV 0 0 0 .",
                        "autodiscover.example.org. 3600 IN CNAME mx.example.org.",
                        "25.2.0.192.in-addr.arpa. 3600 IN PTR mx.example.org.")
                .anyMatch(line -> line.startsWith("rsa1._domainkey.example.org. 3600 IN TXT \"v=DKIM1; k=rsa; p=A"))
                .anyMatch(line -> line.matches("_mta-sts\\.example\\.org\\. 3600 IN TXT \"v=STSv1; id=[0-9a-f]{20}\""));
        assertThat(records.records()).allSatisfy(desired -> {
            assertThat(desired.reason()).isNotBlank().doesNotEndWith(".");
            assertThat(desired.isServedBy(desired.record())).isTrue();
        });
    }

    @Test
    void tiesTheCertificatesKeyToThePort() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        DomainFacts facts = facts("example.org", "mx.example.org");
        DomainRecords records = DesiredRecords.of(
                new DomainFacts(
                        facts.domain(), facts.host(), List.of(), List.of(), List.of(pair.getPublic()), List.of()),
                ZoneConfig.standard());
        String hash = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256")
                        .digest(pair.getPublic().getEncoded()));
        assertThat(lines(records)).contains("_25._tcp.mx.example.org. 3600 IN TLSA 3 1 1 " + hash);
        assertThat(records.records())
                .filteredOn(desired -> desired.purpose() == Purpose.TLSA)
                .allMatch(desired -> desired.need() == Need.WITH_DNSSEC)
                .hasSize(1);
    }

    @Test
    void saysWhatIsNotKnown() {
        DomainFacts facts = facts("example.org", "mx.example.org");
        DomainRecords records = DesiredRecords.of(
                new DomainFacts(facts.domain(), facts.host(), List.of(), List.of(), List.of(), List.of()),
                ZoneConfig.standard());
        assertThat(records.notes())
                .anyMatch(note -> note.contains("dns.publish.addresses"))
                .anyMatch(note -> note.contains("no DKIM key"))
                .anyMatch(note -> note.contains("TLSA"));
        assertThat(lines(records)).noneMatch(line -> line.contains(" A ") || line.contains(" PTR "));
    }

    @Test
    void tellsOtherZonesRecordsApart() {
        DomainRecords records = DesiredRecords.of(
                facts("example.net", "mx.example.org"), config("report-address = \"dmarc@example.org\""));
        assertThat(records.within("example.net"))
                .extracting(desired -> desired.record().name())
                .allMatch(name -> name.endsWith("example.net"));
        assertThat(records.outside("example.net"))
                .extracting(DesiredRecord::purpose)
                .contains(Purpose.ADDRESS, Purpose.REVERSE, Purpose.DMARC_CONSENT);
        assertThat(lines(records)).contains("example.net._report._dmarc.example.org. 3600 IN TXT \"v=DMARC1\"");
    }

    @Test
    void takesTheOwnersWishes() {
        DomainRecords records = DesiredRecords.of(facts("example.org", "mx.example.org"), config("""
                        dmarc-policy = "reject"
                        report-address = "a%b!c@example.org"
                        spf-senders = ["include:_spf.example.net", "ip4:192.0.2.0/24"]
                        spf-strict = true
                        ttl = "5m"
                        """));
        assertThat(lines(records))
                .contains(
                        "_dmarc.example.org. 300 IN TXT \"v=DMARC1; p=reject; rua=mailto:a%25b%21c@example.org\"",
                        "example.org. 300 IN TXT"
                                + " \"v=spf1 a:mx.example.org include:_spf.example.net ip4:192.0.2.0/24 -all\"")
                .noneMatch(line -> line.contains("autoconfig") || line.contains("mta-sts"));
    }

    @Test
    void complainsAboutWishesThatCannotBeMet() {
        assertThatThrownBy(() -> config("""
                        addresses = ["192.0.2.256"]
                        spf-senders = ["+all"]
                        mta-sts = "on"
                        dmarc-policy = "strict"
                        """))
                .hasMessageContaining("test:1: addresses: \"192.0.2.256\" is not an IP address")
                .hasMessageContaining("test:2: spf-senders: \"+all\" is not a sender")
                .hasMessageContaining("test:3: mta-sts: must be")
                .hasMessageContaining("test:4: dmarc-policy: must be");
    }

    @Test
    void changesTheIdWithThePolicy() {
        StsPolicy policy = new StsPolicy(StsPolicy.Mode.TESTING, List.of("mx.example.org"), Duration.ofDays(7));
        assertThat(policy.text())
                .isEqualTo("version: STSv1\r\nmode: testing\r\nmx: mx.example.org\r\nmax_age: 604800\r\n");
        assertThat(policy.id())
                .isNotEqualTo(new StsPolicy(StsPolicy.Mode.ENFORCE, policy.hosts(), policy.maxAge()).id())
                .isEqualTo(new StsPolicy(policy.mode(), policy.hosts(), policy.maxAge()).id());
    }

    @Test
    void recognisesRecordsOfTheSamePurpose() {
        ZoneRecord wanted = txt("v=spf1 a:mx.example.org ~all");
        assertThat(Purpose.SPF.isServedBy(wanted, txt("v=spf1 -all"))).isTrue();
        assertThat(Purpose.SPF.isServedBy(wanted, txt("v=spf1"))).isTrue();
        assertThat(Purpose.SPF.isServedBy(wanted, txt("v=spf10 -all"))).isFalse();
        assertThat(Purpose.SPF.isServedBy(wanted, txt("google-site-verification=x")))
                .isFalse();
        assertThat(Purpose.DKIM.isServedBy(wanted, txt("k=rsa; p=abc"))).isTrue();
        assertThat(Purpose.DMARC.isServedBy(wanted, txt("v=DMARC1; p=none"))).isTrue();
        assertThat(Purpose.DMARC.isServedBy(wanted, txt("v=DMARC12; p=none"))).isFalse();
        assertThat(Purpose.named("MX")).contains(Purpose.MX);
        assertThat(Purpose.named("anything")).isEqualTo(Optional.empty());
    }

    private static ZoneRecord txt(String text) {
        return new ZoneRecord("example.org", Duration.ofHours(1), new RecordData.Txt(text));
    }

    @Test
    void writesOtherZonesRecordsAsComments() {
        DomainRecords records = DesiredRecords.of(facts("example.org", "mx.example.org"), ZoneConfig.standard());
        String zone = RecordTexts.zoneFile(records, "example.org");
        assertThat(zone.lines())
                .allMatch(line -> line.isEmpty() || line.startsWith(";") || line.contains("example.org. 3600 IN "))
                .contains("; 25.2.0.192.in-addr.arpa. 3600 IN PTR mx.example.org.");
        assertThat(RecordTexts.table(records, "example.org"))
                .containsPattern("(?m)^@ +MX +3600 +10 +mx\\.example\\.org$")
                .containsPattern("(?m)^_dmarc +TXT +3600 +v=DMARC1; p=none");
    }

    @Test
    void writesJson() {
        DomainRecords records = DesiredRecords.of(facts("example.org", "mx.example.org"), ZoneConfig.standard());
        Map<String, Object> json =
                Json.object(Json.read(RecordsJson.of(records, "example.org").toString()));
        assertThat(json).containsEntry("zone", "example.org").containsKey("notes");
        assertThat(Json.array(json.get("records")))
                .hasSameSizeAs(records.records())
                .anySatisfy(record -> assertThat(Json.object(record))
                        .containsEntry("name", "example.org")
                        .containsEntry("relative", "@")
                        .containsEntry("type", "MX")
                        .containsEntry("priority", 10L)
                        .containsEntry("value", "mx.example.org")
                        .containsEntry("data", "10 mx.example.org.")
                        .containsEntry("purpose", "mx")
                        .containsEntry("need", "required"));
    }

    @Test
    void knowsPublicAddresses() {
        assertThat(List.of("192.0.3.1", "2a00:1450::1"))
                .allMatch(text -> PublicAddress.is(InetAddress.ofLiteral(text)));
        assertThat(List.of(
                        "127.0.0.1",
                        "10.0.0.1",
                        "172.16.0.1",
                        "192.168.1.1",
                        "169.254.1.1",
                        "100.64.0.1",
                        "0.0.0.0",
                        "240.0.0.1",
                        "198.18.0.1",
                        "::1",
                        "fe80::1",
                        "fd00::1",
                        "ff02::1"))
                .noneMatch(text -> PublicAddress.is(InetAddress.ofLiteral(text)));
    }
}
