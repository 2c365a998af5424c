package org.posthorn.protocol.dmarcreport;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads aggregate reports. An element counts when it is in the root's namespace or in none, whatever that namespace is: old reports
 * qualify the root only. All others are extensions and passed over (RFC 9990 5).
 */
public final class AggregateReportParser {
    /** Octets of XML. */
    public static final int MAX_SIZE = 16 << 20;
    /** Records in a report; large providers split their reports far below it. */
    public static final int MAX_RECORDS = 50_000;
    /** How deep elements nest; the schema needs 6. */
    static final int MAX_DEPTH = 16;
    /** Elements within one record, or within what stands before the records. */
    static final int MAX_ELEMENTS = 2_000;
    /** Characters of one text; what is longer is cut. */
    static final int MAX_TEXT = 1_000;

    private final XMLStreamReader in;
    private String namespace = "";
    private int elements;

    private AggregateReportParser(XMLStreamReader in) {
        this.in = in;
    }

    /** Reads a report, already unpacked; throws {@link ReportSyntaxException} when it is none. */
    public static AggregateReport parse(byte[] xml) {
        if (xml.length > MAX_SIZE) {
            throw new ReportSyntaxException("the report has more than " + MAX_SIZE + " octets");
        }
        try {
            XMLStreamReader reader = factory().createXMLStreamReader(new StringReader(XmlText.decode(xml)));
            try {
                return new AggregateReportParser(reader).report();
            } finally {
                reader.close();
            }
        } catch (XMLStreamException e) {
            throw new ReportSyntaxException("not well-formed XML: " + firstLine(e), e);
        }
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        // A document type is what entity bombs and look-ups of files and hosts need; reports have none.
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
        factory.setXMLResolver((_, _, _, _) -> {
            throw new XMLStreamException("external entities are not read");
        });
        return factory;
    }

    private static String firstLine(XMLStreamException e) {
        String text = String.valueOf(e.getMessage()).replace('\n', ' ');
        return text.substring(0, Math.min(200, text.length()));
    }

    private AggregateReport report() throws XMLStreamException {
        openRoot();
        Optional<XmlElement> metadata = Optional.empty();
        Optional<XmlElement> policy = Optional.empty();
        List<ReportRecord> records = new ArrayList<>();
        for (int event = next(); event != XMLStreamConstants.END_ELEMENT; event = next()) {
            if (event != XMLStreamConstants.START_ELEMENT) {
                continue;
            }
            elements = 0;
            XmlElement element = element(2);
            switch (element.name()) {
                case "report_metadata" -> metadata = Optional.of(element);
                case "policy_published" -> policy = Optional.of(element);
                case "record" -> {
                    if (records.size() == MAX_RECORDS) {
                        throw new ReportSyntaxException("more than " + MAX_RECORDS + " records");
                    }
                    records.add(ReportValues.record(element));
                }
                // the version is 1.0 in either format, or left out, or wrong
                default -> {}
            }
        }
        // nothing but comments may follow, and a cut document ends here with an error
        while (in.hasNext()) {
            next();
        }
        return new AggregateReport(
                ReportValues.metadata(metadata.orElseThrow(() -> missing("report_metadata"))),
                ReportValues.policy(policy.orElseThrow(() -> missing("policy_published"))),
                records);
    }

    private void openRoot() throws XMLStreamException {
        int event = next();
        while (event != XMLStreamConstants.START_ELEMENT) {
            event = next();
        }
        if (!in.getLocalName().equals("feedback")) {
            throw new ReportSyntaxException("the root element is " + shortened(in.getLocalName()) + ", not feedback");
        }
        namespace = namespaceHere();
    }

    private int next() throws XMLStreamException {
        int event = in.next();
        if (event == XMLStreamConstants.DTD || event == XMLStreamConstants.ENTITY_REFERENCE) {
            throw new ReportSyntaxException("a document type or an entity of its own, which no report has");
        }
        return event;
    }

    /** The element whose start was just read, to its end. */
    private XmlElement element(int depth) throws XMLStreamException {
        if (depth > MAX_DEPTH) {
            throw new ReportSyntaxException("elements nest deeper than " + MAX_DEPTH);
        }
        if (++elements > MAX_ELEMENTS) {
            throw new ReportSyntaxException("more than " + MAX_ELEMENTS + " elements in one record");
        }
        XmlElement element = new XmlElement(ours() ? in.getLocalName() : "");
        for (int event = next(); event != XMLStreamConstants.END_ELEMENT; event = next()) {
            switch (event) {
                case XMLStreamConstants.START_ELEMENT -> element.add(element(depth + 1));
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> element.append(in.getText(), MAX_TEXT);
                default -> {}
            }
        }
        return element;
    }

    private boolean ours() {
        String here = namespaceHere();
        return here.isEmpty() || here.equals(namespace);
    }

    private String namespaceHere() {
        String uri = in.getNamespaceURI();
        return uri == null ? "" : uri;
    }

    private static ReportSyntaxException missing(String element) {
        return new ReportSyntaxException("no element " + element);
    }

    static String shortened(String text) {
        return text.substring(0, Math.min(60, text.length()));
    }
}
