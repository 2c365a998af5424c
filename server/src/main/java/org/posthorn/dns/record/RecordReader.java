package org.posthorn.dns.record;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CAARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.TLSARecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** Between records as others write them and our values. Foreign input; what cannot be read is an IllegalArgumentException. */
public final class RecordReader {
    private RecordReader() {}

    /** The type of this name, in any case; empty for one that we do not publish. */
    public static Optional<PublishedType> type(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        for (PublishedType type : PublishedType.values()) {
            if (type.name().equals(upper)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /**
     * Reads the data of a record in presentation form.
     *
     * @param presentation names in it may lack the final dot, but are absolute
     */
    public static RecordData parse(PublishedType type, String presentation) {
        if (presentation.length() > 4 * RecordData.MAX_TEXT) {
            throw new IllegalArgumentException("a record of more than " + RecordData.MAX_TEXT + " octets");
        }
        try {
            Record record =
                    Record.fromString(Name.root, Type.value(type.name()), DClass.IN, 0, presentation, Name.root);
            return data(record)
                    .orElseThrow(() -> new IllegalArgumentException("not the data of a " + type + " record"));
        } catch (IOException e) {
            throw new IllegalArgumentException("not the data of a " + type + " record: " + e.getMessage(), e);
        }
    }

    /** A record of dnsjava; empty for a type that we do not publish. */
    public static Optional<ZoneRecord> of(Record record) {
        return data(record)
                .map(data -> new ZoneRecord(
                        name(record.getName()), Duration.ofSeconds(record.getTTL() & Integer.MAX_VALUE), data));
    }

    /** Our record for dnsjava. */
    public static Record toDnsjava(ZoneRecord record) {
        try {
            return Record.fromString(
                    Name.fromString(record.name() + "."),
                    Type.value(record.type().name()),
                    DClass.IN,
                    record.ttl().toSeconds(),
                    record.data().presentation(),
                    Name.root);
        } catch (IOException e) {
            throw new IllegalArgumentException("not a record: " + record.zoneLine(), e);
        }
    }

    private static Optional<RecordData> data(Record record) {
        return switch (record) {
            case ARecord a -> Optional.of(new RecordData.Address(a.getAddress()));
            case AAAARecord aaaa -> Optional.of(new RecordData.Address(aaaa.getAddress()));
            case MXRecord mx -> Optional.of(new RecordData.Mx(mx.getPriority(), name(mx.getTarget())));
            case TXTRecord txt -> Optional.of(new RecordData.Txt(joined(txt.getStringsAsByteArrays())));
            case CNAMERecord cname -> Optional.of(new RecordData.Cname(name(cname.getTarget())));
            case SRVRecord srv ->
                Optional.of(
                        new RecordData.Srv(srv.getPriority(), srv.getWeight(), srv.getPort(), name(srv.getTarget())));
            case TLSARecord tlsa ->
                Optional.of(new RecordData.Tlsa(
                        tlsa.getCertificateUsage(),
                        tlsa.getSelector(),
                        tlsa.getMatchingType(),
                        HexFormat.of().formatHex(tlsa.getCertificateAssociationData())));
            case CAARecord caa ->
                Optional.of(new RecordData.Caa(caa.getFlags(), caa.getTag(), unescaped(caa.getValue())));
            case PTRRecord ptr -> Optional.of(new RecordData.Ptr(name(ptr.getTarget())));
            default -> Optional.empty();
        };
    }

    private static String joined(List<byte[]> strings) {
        StringBuilder text = new StringBuilder();
        strings.forEach(string -> text.append(new String(string, StandardCharsets.ISO_8859_1)));
        return text.toString();
    }

    /** Undoes the escapes of RFC 1035 5.1, which dnsjava leaves in. */
    private static String unescaped(String text) {
        StringBuilder octets = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 3 < text.length() && Character.isDigit(text.charAt(i + 1))) {
                octets.append((char) (Integer.parseInt(text, i + 1, i + 4, 10) & 0xff));
                i += 3;
            } else if (c == '\\' && i + 1 < text.length()) {
                octets.append(text.charAt(++i));
            } else {
                octets.append(c);
            }
        }
        return octets.toString();
    }

    private static String name(Name name) {
        return name.equals(Name.root) ? "" : name.toString(true).toLowerCase(Locale.ROOT);
    }
}
