package org.posthorn.protocol.dmarcreport;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes aggregate reports as RFC 9990 appendix A has them, elements in the order of its tables. */
public final class AggregateReportWriter {
    /** RFC 9990 6.1. */
    static final String NAMESPACE = "urn:ietf:params:xml:ns:dmarc-2.0";

    private static final int MAX_SIGNATURES = 100;

    private final XMLStreamWriter out;
    private int depth;

    private AggregateReportWriter(XMLStreamWriter out) {
        this.out = out;
    }

    /** The document in UTF-8, with a line for each element. */
    public static byte[] write(AggregateReport report) {
        if (report.records().isEmpty()) {
            throw new IllegalArgumentException("RFC 9990 3.1.1.2: at least one record");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            XMLStreamWriter out =
                    XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(bytes, StandardCharsets.UTF_8.name());
            new AggregateReportWriter(out).report(report);
            out.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    private void report(AggregateReport report) throws XMLStreamException {
        out.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
        open("feedback");
        out.writeDefaultNamespace(NAMESPACE);
        text("version", "1.0");
        metadata(report.metadata());
        policy(report.policy());
        for (ReportRecord row : report.records()) {
            record(row);
        }
        close();
        out.writeEndDocument();
    }

    private void metadata(AggregateReport.Metadata metadata) throws XMLStreamException {
        open("report_metadata");
        text("org_name", metadata.organization());
        text("email", metadata.email());
        optional("extra_contact_info", metadata.extraContact());
        text("report_id", metadata.id());
        open("date_range");
        text("begin", String.valueOf(metadata.begin().getEpochSecond()));
        text("end", String.valueOf(metadata.end().getEpochSecond()));
        close();
        if (!metadata.errors().isEmpty()) {
            // RFC 9990 3.1.1.3: one element at most
            text("error", String.join("; ", metadata.errors()));
        }
        optional("generator", metadata.generator());
        close();
    }

    private void policy(PublishedPolicy policy) throws XMLStreamException {
        open("policy_published");
        text("domain", policy.domain());
        optional("discovery_method", policy.discovery().map(PublishedPolicy.Discovery::word));
        text("p", policy.policy().orElse(DispositionType.NONE).word());
        optional("sp", policy.subdomainPolicy().map(DispositionType::word));
        optional("np", policy.nonexistentPolicy().map(DispositionType::word));
        optional("fo", policy.failureOptions());
        text("adkim", policy.strictDkim() ? "s" : "r");
        text("aspf", policy.strictSpf() ? "s" : "r");
        text("testing", policy.testing() ? "y" : "n");
        close();
    }

    private void record(ReportRecord record) throws XMLStreamException {
        open("record");
        open("row");
        text("source_ip", record.source().getHostAddress());
        text("count", String.valueOf(record.count()));
        open("policy_evaluated");
        text("disposition", record.disposition().word());
        text("dkim", record.dkimAligned() ? "pass" : "fail");
        text("spf", record.spfAligned() ? "pass" : "fail");
        for (OverrideReason reason : record.reasons()) {
            reason(reason);
        }
        close();
        close();
        open("identifiers");
        text("header_from", record.headerFrom());
        optional("envelope_from", record.envelopeFrom());
        optional("envelope_to", record.envelopeTo());
        close();
        results(record);
        close();
    }

    private void reason(OverrideReason reason) throws XMLStreamException {
        open("reason");
        OverrideReason.Type type = switch (reason.type()) {
            // RFC 9990 3.1.6 no longer has these
            case FORWARDED, SAMPLED_OUT -> OverrideReason.Type.OTHER;
            case LOCAL_POLICY, MAILING_LIST, POLICY_TEST_MODE, TRUSTED_FORWARDER, OTHER -> reason.type();
        };
        text("type", type.word());
        optional("comment", Optional.of(reason.comment()).filter(comment -> !comment.isEmpty()));
        close();
    }

    private void results(ReportRecord record) throws XMLStreamException {
        open("auth_results");
        // RFC 9990 3.1.3: those that pass come first, the author's own before others
        Comparator<ReportRecord.DkimAuth> byWorth = Comparator.comparingInt(auth ->
                (auth.outcome() == AuthOutcome.PASS ? 0 : 2) + (auth.domain().equals(record.headerFrom()) ? 0 : 1));
        List<ReportRecord.DkimAuth> signatures =
                record.dkim().stream().sorted(byWorth).limit(MAX_SIGNATURES).toList();
        for (ReportRecord.DkimAuth auth : signatures) {
            open("dkim");
            text("domain", auth.domain());
            text("selector", auth.selector());
            text("result", auth.outcome().word());
            optional("human_result", Optional.of(auth.explanation()).filter(words -> !words.isEmpty()));
            close();
        }
        // RFC 9990 3.1.1.11: one at most, of the envelope sender
        Optional<ReportRecord.SpfAuth> spf =
                record.spf().stream().filter(auth -> !auth.ofHelo()).findFirst();
        if (spf.isPresent()) {
            open("spf");
            text("domain", spf.get().domain());
            text("scope", "mfrom");
            text("result", spf.get().outcome().word());
            optional("human_result", Optional.of(spf.get().explanation()).filter(words -> !words.isEmpty()));
            close();
        }
        close();
    }

    private void open(String name) throws XMLStreamException {
        indent();
        out.writeStartElement(name);
        depth++;
    }

    private void close() throws XMLStreamException {
        depth--;
        indent();
        out.writeEndElement();
    }

    private void optional(String name, Optional<String> value) throws XMLStreamException {
        if (value.isPresent()) {
            text(name, value.get());
        }
    }

    private void text(String name, String value) throws XMLStreamException {
        indent();
        out.writeStartElement(name);
        out.writeCharacters(XmlText.clean(value));
        out.writeEndElement();
    }

    private void indent() throws XMLStreamException {
        out.writeCharacters("\n" + "  ".repeat(depth));
    }
}
