package org.posthorn.zone;

import java.util.ArrayList;
import java.util.List;
import org.posthorn.dns.record.ZoneRecord;

/** The records of a domain as people and their DNS hosts take them. Text with LF after each line. */
public final class RecordTexts {
    private static final List<String> HEAD = List.of("NAME", "TYPE", "TTL", "PRIORITY", "VALUE");

    private RecordTexts() {}

    /**
     * Lines of a zone file (RFC 1035 5.1), with reasons as comments; records of other zones are comments whole, since a
     * server takes none of them into this one.
     */
    public static String zoneFile(DomainRecords wanted, String zone) {
        StringBuilder text = new StringBuilder("; What to publish for ")
                .append(wanted.domain())
                .append(", in the zone ")
                .append(zone)
                .append(".\n");
        for (DesiredRecord desired : wanted.within(zone)) {
            comment(text, desired);
            text.append(desired.record().zoneLine()).append('\n');
        }
        List<DesiredRecord> outside = wanted.outside(zone);
        if (!outside.isEmpty()) {
            text.append("\n; In other zones:\n");
        }
        for (DesiredRecord desired : outside) {
            comment(text, desired);
            text.append("; ").append(desired.record().zoneLine()).append('\n');
        }
        wanted.notes().forEach(note -> text.append("\n; Note: ").append(note).append(".\n"));
        return text.toString();
    }

    private static void comment(StringBuilder text, DesiredRecord desired) {
        text.append("; ")
                .append(desired.need().words())
                .append(": ")
                .append(desired.reason())
                .append(".\n");
    }

    /** A table of what the fields of a web form want: names relative to the zone, values without quotes, MX and SRV priority apart. */
    public static String table(DomainRecords wanted, String zone) {
        StringBuilder text = new StringBuilder();
        appendTable(text, wanted.within(zone), zone);
        List<DesiredRecord> outside = wanted.outside(zone);
        if (!outside.isEmpty()) {
            text.append("\nIn other zones:\n");
            appendTable(text, outside, zone);
        }
        text.append("\nWhy:\n");
        for (DesiredRecord desired : wanted.records()) {
            text.append("  ")
                    .append(desired.record().nameIn(zone))
                    .append(' ')
                    .append(desired.record().type())
                    .append(" (")
                    .append(desired.need().words())
                    .append("): ")
                    .append(desired.reason())
                    .append(".\n");
        }
        wanted.notes().forEach(note -> text.append("Note: ").append(note).append(".\n"));
        return text.toString();
    }

    private static void appendTable(StringBuilder text, List<DesiredRecord> records, String zone) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        for (DesiredRecord desired : records) {
            ZoneRecord record = desired.record();
            String rank = record.data().rank().isPresent()
                    ? String.valueOf(record.data().rank().getAsInt())
                    : "";
            rows.add(List.of(
                    record.nameIn(zone),
                    record.type().name(),
                    String.valueOf(record.ttl().toSeconds()),
                    rank,
                    record.data().plain()));
        }
        int[] widths = new int[HEAD.size() - 1];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                text.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
            }
            text.append(row.getLast()).append('\n');
        }
    }
}
