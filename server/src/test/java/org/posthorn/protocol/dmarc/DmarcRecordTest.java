package org.posthorn.protocol.dmarc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.posthorn.protocol.dmarc.DmarcRecord.FailureOption;
import org.posthorn.protocol.dmarc.DmarcRecord.PublicSuffix;

class DmarcRecordTest {
    private static DmarcRecord read(String text) {
        return DmarcRecord.parse(text).orElseThrow();
    }

    @Test
    void readsEveryTag() {
        DmarcRecord record = read(
                "v=DMARC1; p=reject ;sp = Quarantine; np=reject; adkim=s; aspf=s; fo=1:d:s; psd=n; t=y; "
                        + "rua=mailto:a@example.org!10m, https://r.example/x ,mailto:b%2Bc@example.org; ruf=mailto:f@example.org; x=y;");
        assertThat(record.policy()).isEqualTo(Policy.REJECT);
        assertThat(record.subdomains()).contains(Policy.QUARANTINE);
        assertThat(record.nonexistent()).contains(Policy.REJECT);
        assertThat(record.dkim()).isEqualTo(Alignment.STRICT);
        assertThat(record.spf()).isEqualTo(Alignment.STRICT);
        assertThat(record.failureOptions())
                .isEqualTo(Set.of(FailureOption.ANY_FAILS, FailureOption.DKIM, FailureOption.SPF));
        assertThat(record.psd()).isEqualTo(PublicSuffix.NO);
        assertThat(record.testing()).isTrue();
        assertThat(record.aggregateReports())
                .extracting(ReportAddress::toString)
                .containsExactly("mailto:a@example.org", "https://r.example/x", "mailto:b%2Bc@example.org");
        assertThat(record.aggregateReports().get(2).mailbox()).contains("b+c@example.org");
        assertThat(record.aggregateReports().get(1).mailbox()).isEmpty();
        assertThat(record.failureReports()).hasSize(1);
    }

    @Test
    void takesDefaultsWhereTagsAreMissingOrWrong() {
        for (String text : new String[] {
            "v=DMARC1;p=none",
            "v=DMARC1; p=none; adkim=x; aspf=; fo=z; psd=maybe; t=1; pct=200; ruf=:; rua=nowhere",
            "v = DMARC1 ; p = none ; = ; ;; p=reject"
        }) {
            DmarcRecord record = read(text);
            assertThat(record.policy()).as(text).isEqualTo(Policy.NONE);
            assertThat(record.dkim()).isEqualTo(Alignment.RELAXED);
            assertThat(record.spf()).isEqualTo(Alignment.RELAXED);
            assertThat(record.failureOptions()).isEqualTo(Set.of(FailureOption.ALL_FAIL));
            assertThat(record.psd()).isEqualTo(PublicSuffix.UNSAID);
            assertThat(record.testing()).isFalse();
            assertThat(record.percentage()).isEmpty();
            assertThat(record.aggregateReports()).isEmpty();
        }
    }

    @Test
    void passesOverRecordsOfAnotherVersion() {
        for (String text : new String[] {
            "",
            "v=DMARC2; p=none",
            "v=dmarc1; p=none",
            "p=none; v=DMARC1",
            "v=DMARC1 p=none",
            " v=DMARC1",
            "v=spf1 -all"
        }) {
            assertThat(DmarcRecord.parse(text)).as(text).isEmpty();
        }
        assertThat(DmarcRecord.parse("v=DMARC1")).isPresent();
    }

    @Test
    void isNoPolicyWithoutValidPolicyUnlessReportsAreAskedFor() {
        assertThat(read("v=DMARC1").usable()).isFalse();
        assertThat(read("v=DMARC1; p=bounce").usable()).isFalse();
        assertThat(read("v=DMARC1; p=reject; sp=no").usable()).isFalse();
        DmarcRecord reports = read("v=DMARC1; p=reject; np=no; rua=mailto:a@example.org");
        assertThat(reports.usable()).isTrue();
        assertThat(reports.policy()).isEqualTo(Policy.NONE);
    }

    /** RFC 9989 has no pct; RFC 7489's is kept for reports, and 0 means what t=y does. */
    @Test
    void takesPercentageOfZeroForTestingAndOtherwiseIgnoresIt() {
        assertThat(read("v=DMARC1; p=reject; pct=0").testing()).isTrue();
        assertThat(read("v=DMARC1; p=reject; pct=0; t=n").testing()).isFalse();
        assertThat(read("v=DMARC1; p=reject; pct=20").testing()).isFalse();
        assertThat(read("v=DMARC1; p=reject; pct=20").percentage()).hasValue(20);
    }

    @Test
    void looksAtBoundedNumbersOfTagsAndAddresses() {
        assertThat(read("v=DMARC1" + ";x=y".repeat(DmarcTags.MAX_TAGS - 2) + ";p=reject")
                        .policy())
                .isEqualTo(Policy.REJECT);
        assertThat(read("v=DMARC1" + ";x=y".repeat(DmarcTags.MAX_TAGS - 1) + ";p=reject")
                        .policy())
                .isEqualTo(Policy.NONE);
        assertThat(read("v=DMARC1;p=none;rua=" + "mailto:a@b.example,".repeat(100_000))
                        .aggregateReports())
                .hasSize(ReportAddress.MAX_ADDRESSES);
        assertThat(read("v=DMARC1;p=none;fo=" + "d:".repeat(30_000) + ";ruf=mailto:a@b.example")
                        .failureOptions())
                .isEqualTo(Set.of(FailureOption.DKIM));
    }

    private static OptionalInt percentage(String digits) {
        return read("v=DMARC1; p=none; pct=" + digits).percentage();
    }

    @Test
    void readsPercentagesOfThreeDigits() {
        assertThat(percentage("100")).hasValue(100);
        assertThat(percentage("099")).hasValue(99);
        for (String wrong : List.of("101", "0100", "1/", "1:", "-1", "")) {
            assertThat(percentage(wrong)).as(wrong).isEmpty();
        }
    }

    @Test
    void looksAtAHundredTagsAndTwentyAddresses() {
        assertThat(read("v=DMARC1" + ";x=y".repeat(98) + ";p=reject").policy()).isEqualTo(Policy.REJECT);
        assertThat(read("v=DMARC1" + ";x=y".repeat(99) + ";p=reject").policy()).isEqualTo(Policy.NONE);
        assertThat(read("v=DMARC1;p=none;rua=" + "mailto:a@b.example,".repeat(19)
                                + "mailto:c@b.example,mailto:d@b.example")
                        .aggregateReports())
                .hasSize(20)
                .last()
                .hasToString("mailto:c@b.example");
    }

    @Test
    void aTagWithoutNameIsNone() {
        assertThat(read("v=DMARC1;=reject;p=none").policy()).isEqualTo(Policy.NONE);
        assertThat(read("v=DMARC1;p=none;p=reject").policy()).isEqualTo(Policy.NONE);
        assertThat(read("v=DMARC1;p=none;psd=Y").psd()).isEqualTo(PublicSuffix.YES);
        assertThat(read("v=DMARC1;p=none;fo=0:1;ruf=mailto:a@b.example").failureOptions())
                .isEqualTo(Set.of(FailureOption.ALL_FAIL, FailureOption.ANY_FAILS));
        assertThat(read("v=DMARC1;p=none;fo=x;ruf=mailto:a@b.example").failureOptions())
                .isEqualTo(Set.of(FailureOption.ALL_FAIL));
    }

    private static ReportAddress address(String uri) {
        return read("v=DMARC1;p=none;rua=" + uri).aggregateReports().getFirst();
    }

    @Test
    void readsSizesAndMailboxesOfAddresses() {
        assertThat(address("mailto:a@b.example!10M").size()).isEqualTo("!10M");
        assertThat(address("mailto:a@b.example!10M")).hasToString("mailto:a@b.example");
        assertThat(address("mailto:a@b.example").size()).isEmpty();
        assertThat(address("mailto:a!10x@b.example").size()).isEmpty();
        assertThat(address("MAILTO:a+b@b.example?subject=x%2Cy").mailbox()).contains("a+b@b.example");
        assertThat(address("mailto:b.example").mailbox()).isEmpty();
        assertThat(address("mailto:@b.example").mailbox()).isEmpty();
        assertThat(read("v=DMARC1;p=none;rua=,mailto:,/x,mailto:a b@c.example").aggregateReports())
                .isEmpty();
    }

    @Test
    void wordsOfPoliciesAreThoseOfTheRfc() {
        assertThat(Policy.values()).extracting(Policy::text).containsExactly("none", "quarantine", "reject");
        assertThat(Policy.values())
                .extracting(Policy::oneLevelBelow)
                .containsExactly(Policy.NONE, Policy.NONE, Policy.QUARANTINE);
        assertThat(FailureOption.values()).extracting(FailureOption::text).containsExactly("0", "1", "d", "s");
    }
}
