package org.posthorn.protocol.dmarcreport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.posthorn.testing.Conformance;
import org.xml.sax.SAXException;

class AggregateReportTest {
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

    static AggregateReport sample() {
        return new AggregateReport(
                new AggregateReport.Metadata(
                        "Société <Example> & Co.",
                        "dmarc@example.org",
                        Optional.of("https://example.org/dmarc"),
                        "20260101.abc@example.org",
                        Instant.ofEpochSecond(1_700_000_000),
                        Instant.ofEpochSecond(1_700_086_399),
                        List.of("two records", "bad sp"),
                        Optional.of("Posthorn 1")),
                new PublishedPolicy(
                        "example.com",
                        true,
                        false,
                        Optional.of(DispositionType.REJECT),
                        Optional.of(DispositionType.QUARANTINE),
                        Optional.of(DispositionType.NONE),
                        true,
                        Optional.of(PublishedPolicy.Discovery.TREEWALK),
                        Optional.of("1:d")),
                List.of(
                        new ReportRecord(
                                InetAddress.ofLiteral("2001:db8::1"),
                                7,
                                DispositionType.PASS,
                                true,
                                false,
                                List.of(),
                                "example.com",
                                Optional.of(""),
                                Optional.of("example.org"),
                                List.of(
                                        new ReportRecord.DkimAuth("example.com", "s1", AuthOutcome.PASS, ""),
                                        new ReportRecord.DkimAuth("list.example", "l", AuthOutcome.FAIL, "body hash")),
                                List.of(new ReportRecord.SpfAuth("list.example", false, AuthOutcome.SOFTFAIL, "~all"))),
                        new ReportRecord(
                                InetAddress.ofLiteral("192.0.2.9"),
                                1,
                                DispositionType.NONE,
                                false,
                                false,
                                List.of(new OverrideReason(OverrideReason.Type.POLICY_TEST_MODE, "t=y")),
                                "sub.example.com",
                                Optional.empty(),
                                Optional.empty(),
                                List.of(),
                                List.of())));
    }

    @Test
    void readsWhatItWrites() {
        AggregateReport sample = sample();
        AggregateReport read = AggregateReportParser.parse(AggregateReportWriter.write(sample));

        // RFC 9990 has room for one error text
        assertThat(read.metadata().errors()).containsExactly("two records; bad sp");
        assertThat(read.policy()).isEqualTo(sample.policy());
        assertThat(read.records()).isEqualTo(sample.records());
        assertThat(read.metadata().organization()).isEqualTo(sample.metadata().organization());
    }

    @Test
    void writesWhatTheSchemaAllows() throws IOException, SAXException {
        validate(AggregateReportWriter.write(sample()));
        // the schema is no rubber stamp
        String wrong = new String(AggregateReportWriter.write(sample()), UTF_8).replace("<count>7</count>", "");
        assertThatThrownBy(() -> validate(wrong.getBytes(UTF_8))).isInstanceOf(SAXException.class);
    }

    private static void validate(byte[] xml) throws IOException, SAXException {
        URL file = Objects.requireNonNull(AggregateReportTest.class.getResource("/dmarc/rfc9990.xsd"));
        Schema schema =
                SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI).newSchema(file);
        schema.newValidator().validate(new StreamSource(new ByteArrayInputStream(xml)));
    }

    @Test
    void writesThePreferredSignaturesWhenThereAreTooMany() {
        ReportRecord.DkimAuth failed = new ReportRecord.DkimAuth("other.example", "s", AuthOutcome.FAIL, "");
        ReportRecord.DkimAuth own = new ReportRecord.DkimAuth("example.com", "s", AuthOutcome.PASS, "");
        List<ReportRecord.DkimAuth> many = new ArrayList<>(Collections.nCopies(120, failed));
        many.add(own);
        AggregateReport report = sample();
        ReportRecord first = report.records().getFirst();
        ReportRecord crowded = new ReportRecord(
                first.source(),
                1,
                first.disposition(),
                true,
                false,
                List.of(),
                "example.com",
                first.envelopeFrom(),
                first.envelopeTo(),
                many,
                List.of());

        ReportRecord read = AggregateReportParser.parse(AggregateReportWriter.write(
                        new AggregateReport(report.metadata(), report.policy(), List.of(crowded))))
                .records()
                .getFirst();
        assertThat(read.dkim()).hasSize(100).startsWith(own);
    }

    @Test
    void readsAnyNamespaceAndPassesOverExtensions() {
        AggregateReport plain = parse(feedback(METADATA, POLICY, RECORD));
        assertThat(plain.records().getFirst().headerFrom()).isEqualTo("example.com");
        String qualifiedRoot = "<n:feedback xmlns:n='urn:any'>" + METADATA + POLICY + RECORD + "</n:feedback>";
        assertThat(parse(qualifiedRoot)).isEqualTo(plain);
        String extended = "<feedback xmlns='urn:any' xmlns:x='urn:x'>" + METADATA + POLICY
                + "<extension><x:record><x:row/></x:record></extension>"
                + RECORD.replace("</record>", "<x:row>nothing</x:row></record>") + "<x:record/></feedback>";
        assertThat(parse(extended)).isEqualTo(plain);
    }

    @Test
    void readsBrokenCharactersAndOtherEncodings() {
        String named = feedback(METADATA.replace(">O<", ">O\u0001\u00fc<"), POLICY, RECORD);
        assertThat(AggregateReportParser.parse(named.getBytes(ISO_8859_1))
                        .metadata()
                        .organization())
                .isEqualTo("O\ufffd\ufffd");
        String declared = "<?xml version=\"1.0\" encoding=\"windows-1252\"?>" + named;
        assertThat(AggregateReportParser.parse(declared.getBytes(ISO_8859_1))
                        .metadata()
                        .organization())
                .isEqualTo("O\ufffd\u00fc");
        assertThat(AggregateReportParser.parse(named.getBytes(UTF_16))
                        .metadata()
                        .organization())
                .isEqualTo("O\ufffd\u00fc");
    }

    @Test
    void refusesDocumentTypesAndTheirEntities() {
        String bomb = "<!DOCTYPE feedback [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
                + feedback(METADATA.replace(">O<", ">&b;<"), POLICY, RECORD);
        assertThatThrownBy(() -> parse(bomb))
                .isInstanceOf(ReportSyntaxException.class)
                .hasMessageContaining("document type");
        String file = "<!DOCTYPE feedback SYSTEM 'file:///etc/passwd'>" + feedback(METADATA, POLICY, RECORD);
        assertThatThrownBy(() -> parse(file)).isInstanceOf(ReportSyntaxException.class);
        assertThatThrownBy(() -> parse(feedback(METADATA.replace(">O<", ">&xxe;<"), POLICY)))
                .isInstanceOf(ReportSyntaxException.class);
    }

    @Test
    void boundsDepthElementsRecordsTextAndSize() {
        String deep = "<a>".repeat(AggregateReportParser.MAX_DEPTH) + "</a>".repeat(AggregateReportParser.MAX_DEPTH);
        assertThatThrownBy(() -> parse(feedback(METADATA, POLICY, deep))).hasMessageContaining("nest deeper");
        String wide = "<record>" + "<a/>".repeat(AggregateReportParser.MAX_ELEMENTS) + "</record>";
        assertThatThrownBy(() -> parse(feedback(METADATA, POLICY, wide)))
                .hasMessageContaining("elements in one record");
        String many = "<record><row><source_ip>::1</source_ip><count>1</count></row></record>"
                .repeat(AggregateReportParser.MAX_RECORDS + 1);
        assertThatThrownBy(() -> parse(feedback(METADATA, POLICY, many))).hasMessageContaining("records");
        String longName = METADATA.replace(">O<", ">" + "x".repeat(5000) + "<");
        assertThat(parse(feedback(longName, POLICY)).metadata().organization()).hasSize(AggregateReportParser.MAX_TEXT);
        assertThatThrownBy(() -> AggregateReportParser.parse(new byte[AggregateReportParser.MAX_SIZE + 1]))
                .hasMessageContaining("octets");
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatThrownBy(() -> parse("hello")).hasMessageStartingWith("not well-formed XML");
        assertThatThrownBy(() -> parse("<html/>")).hasMessageContaining("not feedback");
        assertThatThrownBy(() -> parse(feedback(POLICY, RECORD))).hasMessageContaining("report_metadata");
        assertThatThrownBy(() -> parse(feedback(METADATA, RECORD))).hasMessageContaining("policy_published");
        assertThatThrownBy(() -> parse(feedback(METADATA, POLICY, RECORD.replace(">3<", ">-3<"))))
                .hasMessageContaining("count");
        assertThatThrownBy(() -> parse(feedback(METADATA, POLICY, RECORD.replace("192.0.2.1", "mail.example.com"))))
                .hasMessageContaining("source_ip is no address");
        assertThatThrownBy(() -> parse(feedback(METADATA.replace("<end>200", "<end>20"), POLICY)))
                .hasMessageContaining("before it begins");
        assertThatThrownBy(() -> parse(feedback(METADATA, POLICY, RECORD).replace("</feedback>", "")))
                .hasMessageContaining("well-formed");
    }

    @Test
    void readsOrRefusesTheReportsOfParsedmarcAndOpendmarc() throws IOException {
        Path reports = Conformance.require("reports");
        assertThat(read(reports.resolve("dmarc-parsedmarc/empty_reason.xml"))
                        .records()
                        .getFirst()
                        .reasons())
                .containsExactly(new OverrideReason(OverrideReason.Type.OTHER, ""));
        assertThat(read(reports.resolve("dmarc-parsedmarc/invalid_utf_8.xml"))
                        .records()
                        .getFirst()
                        .headerFrom())
                .isEqualTo("bad_byte\ufffd");
        assertThat(read(reports.resolve("dmarc-parsedmarc/old_draft_from_wiki.xml"))
                        .messages())
                .isEqualTo(2);
        AggregateReport modern =
                read(reports.resolve("dmarc-parsedmarc/rfc9990-example.net!example.com!1700000000!1700086399.xml"));
        assertThat(modern.policy().testing()).isTrue();
        assertThat(modern.policy().nonexistentPolicy()).contains(DispositionType.REJECT);
        assertThat(modern.policy().discovery()).contains(PublishedPolicy.Discovery.TREEWALK);
        assertThat(modern.messages()).isEqualTo(7);
        // an address with a letter in it, and further on a tag that is never closed
        assertThatThrownBy(() -> read(reports.resolve("dmarc-opendmarc/bad.com!example.com!1337140800!1337227200.xml")))
                .isInstanceOf(ReportSyntaxException.class)
                .hasMessage("source_ip is no address: 108r.166.27.220");
    }

    private static AggregateReport read(Path file) throws IOException {
        return AggregateReportParser.parse(Files.readAllBytes(file));
    }

    /** The elements of RFC 9990 appendix A, in its order. */
    @Test
    void writesEachElementOnItsLine() {
        String xml = new String(AggregateReportWriter.write(sample()), UTF_8);
        assertThat(xml.lines().skip(1).map(String::strip))
                .startsWith(
                        "<feedback xmlns=\"urn:ietf:params:xml:ns:dmarc-2.0\">",
                        "<version>1.0</version>",
                        "<report_metadata>",
                        "<org_name>Société &lt;Example&gt; &amp; Co.</org_name>",
                        "<email>dmarc@example.org</email>",
                        "<extra_contact_info>https://example.org/dmarc</extra_contact_info>",
                        "<report_id>20260101.abc@example.org</report_id>",
                        "<date_range>",
                        "<begin>1700000000</begin>",
                        "<end>1700086399</end>",
                        "</date_range>",
                        "<error>two records; bad sp</error>",
                        "<generator>Posthorn 1</generator>",
                        "</report_metadata>",
                        "<policy_published>",
                        "<domain>example.com</domain>",
                        "<discovery_method>treewalk</discovery_method>",
                        "<p>reject</p>",
                        "<sp>quarantine</sp>",
                        "<np>none</np>",
                        "<fo>1:d</fo>",
                        "<adkim>s</adkim>",
                        "<aspf>r</aspf>",
                        "<testing>y</testing>",
                        "</policy_published>",
                        "<record>",
                        "<row>",
                        "<source_ip>2001:db8:0:0:0:0:0:1</source_ip>",
                        "<count>7</count>",
                        "<policy_evaluated>",
                        "<disposition>pass</disposition>",
                        "<dkim>pass</dkim>",
                        "<spf>fail</spf>",
                        "</policy_evaluated>",
                        "</row>",
                        "<identifiers>")
                .endsWith("</auth_results>", "</record>", "</feedback>");
        assertThat(xml).contains("\n<feedback", "\n  <record>\n    <row>\n      <source_ip>");
        assertThat(xml)
                .contains(
                        "<human_result>body hash</human_result>",
                        "<scope>mfrom</scope>",
                        "<human_result>~all</human_result>",
                        "<type>policy_test_mode</type>",
                        "<comment>t=y</comment>");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AggregateReportWriter.write(
                        new AggregateReport(sample().metadata(), sample().policy(), List.of())));
    }

    private static ReportRecord written(ReportRecord record) {
        return AggregateReportParser.parse(AggregateReportWriter.write(
                        new AggregateReport(sample().metadata(), sample().policy(), List.of(record))))
                .records()
                .getFirst();
    }

    /** RFC 9990 3.1.3: what passes before what does not, the author's own before others; 3.1.6, 3.1.11: words and checks that it has. */
    @Test
    void writesSignaturesByWorthAndOnlyWhatTheRfcStillHas() {
        ReportRecord.DkimAuth foreign = new ReportRecord.DkimAuth("other.example", "s", AuthOutcome.PASS, "");
        ReportRecord.DkimAuth own = new ReportRecord.DkimAuth("example.com", "s", AuthOutcome.PASS, "");
        ReportRecord.DkimAuth ownFailed = new ReportRecord.DkimAuth("example.com", "s", AuthOutcome.FAIL, "");
        ReportRecord.DkimAuth foreignFailed = new ReportRecord.DkimAuth("other.example", "s", AuthOutcome.FAIL, "");
        ReportRecord.SpfAuth helo = new ReportRecord.SpfAuth("helo.example", true, AuthOutcome.PASS, "");
        ReportRecord.SpfAuth mailFrom = new ReportRecord.SpfAuth("example.com", false, AuthOutcome.FAIL, "");
        ReportRecord read = written(new ReportRecord(
                InetAddress.ofLiteral("192.0.2.1"),
                1,
                DispositionType.NONE,
                false,
                true,
                List.of(
                        new OverrideReason(OverrideReason.Type.SAMPLED_OUT, ""),
                        new OverrideReason(OverrideReason.Type.FORWARDED, "x"),
                        new OverrideReason(OverrideReason.Type.MAILING_LIST, "")),
                "example.com",
                Optional.empty(),
                Optional.empty(),
                List.of(foreignFailed, ownFailed, foreign, own),
                List.of(helo, mailFrom)));
        assertThat(read.dkim()).containsExactly(own, foreign, ownFailed, foreignFailed);
        assertThat(read.spf()).containsExactly(mailFrom);
        assertThat(read.reasons())
                .extracting(OverrideReason::type)
                .containsExactly(
                        OverrideReason.Type.OTHER, OverrideReason.Type.OTHER, OverrideReason.Type.MAILING_LIST);
        assertThat(read.passes()).isTrue();
        assertThat(sample().records().get(0).passes()).isTrue();
        assertThat(sample().records().get(1).passes()).isFalse();
        assertThat(sample().messages()).isEqualTo(8);
    }
}
