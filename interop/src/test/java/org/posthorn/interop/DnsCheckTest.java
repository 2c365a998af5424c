package org.posthorn.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code posthorn dns check} against real name servers: all found where all is right, and each mistake named with its mending. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DnsCheckTest {
    @TempDir
    private static Path dir;

    @SuppressWarnings("NullAway.Init") // set before every test
    private static CheckedDomain world;

    @BeforeAll
    static void publish() throws Exception {
        List.of("knotd", "knotc", "dnssec-keygen", "dnssec-signzone", "openssl").forEach(Tool::require);
        world = new CheckedDomain(dir);
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
    }

    @BeforeEach
    void mend() throws Exception {
        world.mend();
    }

    private static Tool check(String... options) {
        world.reload();
        return world.check(options);
    }

    @Test
    void findsAllWhereAllIsPublished() {
        Tool check = check();
        assertThat(check.output()).contains(" 0 missing, 0 wrong, 0 unknown").contains("127.0.0.1 gets pass");
        assertThat(check.exit()).isZero();
    }

    /** A line of the domain's zone is changed on both servers ({@code |} ends a line). */
    @ParameterizedTest(name = "{2}")
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '#',
            value = {
                "check.test. 3600 IN MX 10 mx.check.test.# ``# missing mx# check.test. 3600 IN MX 10 mx.check.test.",
                "check.test. 3600 IN MX 10 mx.check.test.# @ MX 0 .# a null MX# check.test. 3600 IN MX 10 mx.check.test.",
                "MX 10 mx.check.test.# MX 10 www|www CNAME mx# www.check.test is an alias of mx.check.test# IN MX 10 mx.check.test.",
                "MX 10 mx.check.test.# MX 10 nowhere# the mail host has no address# give it an A or AAAA record",
                "mx.check.test. 3600 IN A 127.0.0.1# mx A 127.0.0.9# 127.0.0.9 is no address of this server# mx.check.test. 3600 IN A 127.0.0.1",
                "\"v=spf1 a:mx.check.test ~all\"# \"v=spf1 -all\"# 127.0.0.1 gets fail# check.test. 3600 IN TXT \"v=spf1 a:mx.check.test ~all\"",
                "check.test. 3600 IN MX# @ TXT \"v=spf1 mx -all\"|check.test. 3600 IN MX# 2 records where only one may be# \"v=spf1 a:mx.check.test ~all\"",
                "v=spf1 a:mx.check.test# v=spf1 exists:a1.test exists:a2.test exists:a3.test exists:a4.test exists:a5.test exists:a6.test exists:a7.test exists:a8.test exists:a9.test exists:b1.test a:mx.check.test# needs 11 look-ups# \"v=spf1 a:mx.check.test ~all\"",
                "v=DKIM1; k=ed25519; p=# v=DKIM1; k=ed25519; p=AAAA# wrong dkim# IN TXT \"v=DKIM1; k=ed25519; p=",
                "_dmarc.check.test. 3600 IN TXT# _dmarc.check.test. IN TXT \"v=DMARC1; p=reject\"|_dmarc.check.test. IN TXT# 2 records where only one may be# \"v=DMARC1; p=none; rua=",
                "v=DMARC1; p=none# v=DMARC1; p=nothing# wrong dmarc# \"v=DMARC1; p=none; rua=",
                "v=TLSRPTv1; rua=mailto# v=TLSRPTv1; ruf=mailto# wrong tlsrpt# \"v=TLSRPTv1; rua=mailto:",
                "v=STSv1; id=# v=STSv1; id=1# wrong mta-sts# \"v=STSv1; id=",
                "mta-sts.check.test. 3600 IN CNAME mx.check.test.# mta-sts A 127.0.0.9# wrong mta-sts-host# mta-sts.check.test. 3600 IN CNAME mx.check.test.",
                "TLSA 3 1 1 # TLSA 3 1 1 ff# wrong tlsa# IN TLSA 3 1 1 ",
                "CAA 0 issue \"letsencrypt.org\"# CAA 0 issue \"digicert.com\"# wrong caa# IN CAA 0 issue \"letsencrypt.org\"",
                "_imaps._tcp.check.test. 3600 IN SRV 0 1 993 mx.check.test.# _imaps._tcp SRV 0 1 1993 mx# wrong service# SRV 0 1 993 mx.check.test.",
                "check.test. 3600 IN MX# 1.0.0.127.bl A 127.0.0.2|check.test. 3600 IN MX# listed by bl.check.test: 127.0.0.2# ask for removal at the site of bl.check.test",
                "check.test. 3600 IN MX# @ NS ns3|ns3 A 127.0.0.3|check.test. 3600 IN MX# does not serve it# serve the zone there",
                "check.test. 3600 IN MX# @ NS ns4|check.test. 3600 IN MX# ns4.check.test has no address# remove its NS record",
            })
    void namesEachMistakeAndItsMending(String text, String other, String finding, String fix) throws Exception {
        world.editDomain(text, other.replace("|", "\n"));
        Tool check = check();
        String plain = check.output().replaceAll(" +", " ");
        assertThat(plain).contains(finding).contains(fix);
        assertThat(check.exit()).isEqualTo(1);
    }

    @Test
    void showsWhichServerSaysWhat() throws Exception {
        world.edit("2/check.test", "IN MX 10 mx.check.test.", "IN MX 20 mx.check.test.");
        Tool check = check();
        assertThat(check.output())
                .contains("the name servers differ: ns1.check.test (127.0.0.1): 10 mx.check.test.; "
                        + "ns2.check.test (127.0.0.2): 20 mx.check.test.");
        assertThat(check.exit()).isEqualTo(1);
    }

    @Test
    void comparesTheZoneWithItsParent() throws Exception {
        world.edit("3/test", "check NS ns2.check\n", "");
        Tool check = check();
        assertThat(check.output())
                .contains("the parent names ns1.check.test, the zone itself ns1.check.test, ns2.check.test");
        assertThat(check.exit()).isEqualTo(1);
    }

    @Test
    void theReverseNameMustLeadBack() throws Exception {
        world.edit("1/127.in-addr.arpa", "PTR mx.check.test.", "PTR ns2.check.test.");
        assertThat(check().output())
                .contains("ns2.check.test does not lead back to it")
                .contains(
                        "; ask whoever gave you the address to set: 1.0.0.127.in-addr.arpa. 3600 IN PTR mx.check.test.");
    }

    @Test
    void fetchesThePolicyAndComparesIt() throws Exception {
        world.policy("version: STSv1\r\nmode: enforce\r\nmx: other.check.test\r\nmax_age: 604800\r\n");
        assertThat(check().output()).contains("no mx line for mx.check.test").contains("; mx: mx.check.test");
        world.policy("<html>\r\n");
        assertThat(check().output()).contains("what is served is no policy");
    }

    @Test
    void aBlocklistThatRefusesToAnswerIsNoListing() throws Exception {
        world.editDomain("check.test. 3600 IN MX", "1.0.0.127.bl A 127.255.255.254\ncheck.test. 3600 IN MX");
        Tool check = check();
        assertThat(check.output()).contains("does not answer public resolvers");
        assertThat(check.exit()).isEqualTo(2);
    }

    @Test
    void tellsASignedZoneFromABogusOne() throws Exception {
        world.sign();
        Tool secure = check();
        assertThat(secure.output().replaceAll(" +", " ")).contains("found dnssec check.test secure");
        assertThat(secure.exit()).isZero();
        world.mend();
        world.sign("-s", "20200101000000", "-e", "20200201000000");
        Tool bogus = check();
        assertThat(bogus.output().replaceAll(" +", " ")).contains("wrong dnssec check.test bogus: DNSSEC (EDE ");
        assertThat(bogus.exit()).isEqualTo(1);
    }

    @Test
    void jsonHasAllOfIt() throws Exception {
        world.editDomain("_dmarc.check.test. 3600 IN TXT", "other TXT");
        Tool check = check("--json");
        assertThat(check.output().strip())
                .startsWith("{\"domain\":\"check.test\",\"status\":1,\"findings\":[")
                .endsWith("]}");
        assertThat(check.output())
                .contains("{\"state\":\"missing\",\"topic\":\"dmarc\",\"name\":\"_dmarc.check.test\"")
                .contains(
                        "\"fix\":[\"_dmarc.check.test. 3600 IN TXT \\\"v=DMARC1; p=none; rua=mailto:postmaster@check.test\\\"\"]");
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void whereNobodyAnswersNothingIsMissing() throws Exception {
        world.stop();
        Tool check = world.check();
        assertThat(check.output()).contains(" 0 found, 0 missing, 0 wrong,");
        assertThat(check.exit()).isEqualTo(2);
    }
}
