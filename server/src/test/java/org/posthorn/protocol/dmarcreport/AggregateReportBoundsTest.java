package org.posthorn.protocol.dmarcreport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.Charset;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the parser takes and what it does not, by the numbers and words of the documents. */
class AggregateReportBoundsTest {
    private static final String METADATA =
            "<report_metadata><org_name>O</org_name><email>e@o.example</email><report_id>1</report_id>"
                    + "<date_range><begin>100</begin><end>200</end></date_range></report_metadata>";
    private static final String POLICY = "<policy_published><domain>example.com</domain><p>none</p></policy_published>";
    private static final String RECORD =
            "<record><row><source_ip>192.0.2.1</source_ip><count>3</count><policy_evaluated>"
                    + "<disposition>none</disposition><dkim>pass</dkim><spf>fail</spf></policy_evaluated></row>"
                    + "<identifiers><header_from>Example.COM</header_from></identifiers><auth_results/></record>";

    private static AggregateReport parse(String xml) {
        return AggregateReportParser.parse(xml.getBytes(UTF_8));
    }

    private static String feedback(String... parts) {
        return "<feedback>" + String.join("", parts) + "</feedback>";
    }

    @Test
    void boundsAreThoseOfTheDocument() {
        String deepest = "<a>".repeat(15) + "</a>".repeat(15);
        assertThat(parse(feedback(METADATA, POLICY, deepest)).records()).isEmpty();
        assertThatThrownBy(() -> parse(feedback(METADATA, POLICY, "<a>" + deepest + "</a>")))
                .hasMessage("elements nest deeper than 16");
        String widest = RECORD.replace("</record>", "<a/>".repeat(2_000 - 11) + "</record>");
        assertThat(parse(feedback(METADATA, POLICY, widest, widest)).records()).hasSize(2);
        assertThatThrownBy(() -> parse(feedback(METADATA, POLICY, widest.replace("</record>", "<a/></record>"))))
                .hasMessage("more than 2000 elements in one record");
        String small = "<record><row><source_ip>::1</source_ip><count>1</count></row></record>";
        String most = feedback(METADATA, POLICY, small.repeat(50_000));
        assertThat(parse(most + " ".repeat(16_777_216 - most.length())).records())
                .hasSize(50_000);
        assertThatThrownBy(() -> parse(most + " ".repeat(16_777_217 - most.length())))
                .hasMessage("the report has more than 16777216 octets");
        assertThatThrownBy(() -> parse(feedback(METADATA, POLICY, small.repeat(50_001))))
                .hasMessage("more than 50000 records");
        assertThat(parse(feedback(METADATA.replace(">O<", ">" + "x".repeat(1_001) + "<"), POLICY))
                        .metadata()
                        .organization())
                .hasSize(1_000);
    }

    @Test
    void numbersHaveBounds() {
        assertThat(parse(feedback(METADATA.replace(">200<", ">253402300799.5<"), POLICY))
                        .metadata()
                        .end())
                .isEqualTo("9999-12-31T23:59:59Z");
        assertThatThrownBy(() -> parse(feedback(METADATA.replace(">200<", ">253402300800<"), POLICY)))
                .hasMessage("end is no sensible number: 253402300800");
        assertThat(parse(feedback(METADATA.replace(">200<", ">100<"), POLICY))
                        .metadata()
                        .end())
                .isEqualTo(Instant.ofEpochSecond(100));
        assertThat(parse(feedback(METADATA, POLICY, RECORD.replace(">3<", ">1000000000000<")))
                        .messages())
                .isEqualTo(1_000_000_000_000L);
        assertThatThrownBy(() -> parse(feedback(METADATA, POLICY, RECORD.replace(">3<", ">1000000000001<"))))
                .hasMessage("count is no sensible number: 1000000000001");
        assertThatThrownBy(() -> parse(feedback(METADATA, POLICY, RECORD.replace(">3<", ">" + "x".repeat(100) + "<"))))
                .hasMessage("count is no sensible number: " + "x".repeat(60));
        assertThatThrownBy(() -> parse(feedback(METADATA.replace(">1<", "><"), POLICY)))
                .hasMessage("no report_id");
        assertThatThrownBy(() -> parse(feedback(METADATA, POLICY.replace("example.com", ""))))
                .hasMessage("policy_published names no domain");
        String literal = "0000:0000:0000:0000:0000:ffff:255.255.255.254";
        assertThat(parse(feedback(METADATA, POLICY, RECORD.replace("192.0.2.1", literal)))
                        .records()
                        .getFirst()
                        .source()
                        .getHostAddress())
                .isEqualTo("255.255.255.254");
    }

    private static AuthOutcome outcome(String word) {
        return parse(feedback(
                        METADATA,
                        POLICY,
                        RECORD.replace(
                                "<auth_results/>",
                                "<auth_results><spf><domain>A</domain><scope>helo</scope><result>" + word
                                        + "</result></spf></auth_results>")))
                .records()
                .getFirst()
                .spf()
                .getFirst()
                .outcome();
    }

    @Test
    void readsTheWordsOfOlderReports() {
        assertThat(outcome("unknown")).isEqualTo(AuthOutcome.TEMPERROR);
        assertThat(outcome("Error")).isEqualTo(AuthOutcome.PERMERROR);
        assertThat(outcome("hardfail")).isEqualTo(AuthOutcome.FAIL);
        assertThat(outcome("SoftFail")).isEqualTo(AuthOutcome.SOFTFAIL);
        assertThat(outcome("whatever")).isEqualTo(AuthOutcome.NONE);
        AggregateReport report = parse(feedback(
                METADATA.replace("</report_metadata>", "<error/><error>x</error><generator/></report_metadata>"),
                POLICY.replace("<p>none</p>", "<p>Reject</p><sp>strict</sp><adkim>S</adkim><testing>Y</testing>"),
                RECORD.replace("<disposition>none", "<reason><type>forwarded</type></reason><disposition>odd")
                        .replace("<auth_results/>", "<auth_results><dkim><domain>A</domain></dkim></auth_results>")));
        assertThat(report.metadata().errors()).containsExactly("x");
        assertThat(report.metadata().generator()).isEmpty();
        assertThat(report.policy().policy()).contains(DispositionType.REJECT);
        assertThat(report.policy().subdomainPolicy()).isEmpty();
        assertThat(report.policy().strictDkim()).isTrue();
        assertThat(report.policy().strictSpf()).isFalse();
        assertThat(report.policy().testing()).isTrue();
        ReportRecord record = report.records().getFirst();
        assertThat(record.disposition()).isEqualTo(DispositionType.NONE);
        assertThat(record.reasons()).containsExactly(new OverrideReason(OverrideReason.Type.FORWARDED, ""));
        assertThat(record.dkim()).containsExactly(new ReportRecord.DkimAuth("a", "", AuthOutcome.NONE, ""));
    }

    @ParameterizedTest
    @CsvSource({
        "feff, UTF-16BE, ''",
        "fffe, UTF-16LE, ''",
        "'', UTF-8, 'UTF-16'",
        "'', UTF-8, 'nonsense'",
        "'', ISO-8859-1, 'latin1'",
        "efbbbf, UTF-8, ''",
    })
    void findsTheEncoding(String mark, String charset, String declared) {
        String xml = (declared.isEmpty() ? "" : "<?xml version='1.0' encoding='" + declared + "'?>")
                + feedback(
                        METADATA.replace(">O<", ">\u00fc" + (charset.startsWith("U") ? "\ud83d\ude00" : "") + "<"),
                        POLICY);
        byte[] text = xml.getBytes(Charset.forName(charset));
        byte[] start = HexFormat.of().parseHex(mark);
        byte[] whole = Arrays.copyOf(start, start.length + text.length);
        System.arraycopy(text, 0, whole, start.length, text.length);
        assertThat(AggregateReportParser.parse(whole).metadata().organization())
                .isEqualTo(charset.startsWith("U") ? "\u00fc\ud83d\ude00" : "\u00fc");
    }

    /** XML 1.0 2.2. */
    @Test
    void replacesWhatIsNoCharacterOfXml() {
        assertThat(XmlText.clean("a\t\n\r b\ue000\ufffd\ud83d\ude00")).isEqualTo("a\t\n\r b\ue000\ufffd\ud83d\ude00");
        assertThat(XmlText.clean("\u0000a\u001f")).isEqualTo("\ufffda\ufffd");
        assertThat(XmlText.clean("\ufffea\uffff")).isEqualTo("\ufffda\ufffd");
        assertThat(XmlText.clean("\ud83da")).isEqualTo("\ufffda");
        assertThat(XmlText.clean("a\ude00\ud83d")).isEqualTo("a\ufffd\ufffd");
    }
}
