package org.posthorn.client.dnsprovider;

import java.util.List;
import org.posthorn.dns.record.RecordSetName;
import org.posthorn.dns.record.ZoneRecord;

/**
 * A change of one set of records.
 *
 * @param before what it holds now
 * @param after what it shall hold; nothing removes it
 */
public record SetChange(RecordSetName set, List<ZoneRecord> before, List<ZoneRecord> after) {
    public SetChange {
        before = List.copyOf(before);
        after = List.copyOf(after);
        if (before.stream().anyMatch(record -> !record.set().equals(set))
                || after.stream().anyMatch(record -> !record.set().equals(set))) {
            throw new IllegalArgumentException("records of another set than " + set);
        }
    }

    public List<ZoneRecord> removed() {
        return missingIn(after, before);
    }

    public List<ZoneRecord> added() {
        return missingIn(before, after);
    }

    /** Whether these records are what the set is thought to hold, in any order and with any TTL. */
    boolean isMadeFor(List<ZoneRecord> present) {
        return missingIn(before, present).isEmpty()
                && missingIn(present, before).isEmpty();
    }

    private static List<ZoneRecord> missingIn(List<ZoneRecord> others, List<ZoneRecord> records) {
        return records.stream()
                .filter(record -> others.stream().noneMatch(record::saysTheSameAs))
                .toList();
    }
}
