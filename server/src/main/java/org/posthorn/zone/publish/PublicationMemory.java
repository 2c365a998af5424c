package org.posthorn.zone.publish;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.posthorn.directory.PublishedRecord;
import org.posthorn.directory.PublishedRecords;
import org.posthorn.dns.record.PublishedType;
import org.posthorn.dns.record.RecordReader;
import org.posthorn.dns.record.ZoneRecord;
import org.posthorn.mail.Domain;
import org.posthorn.signing.DkimKeyEntry;
import org.posthorn.signing.DkimKeyState;

/** Remembers what we have published of a domain: the proof that a record is ours to remove. */
public interface PublicationMemory {
    /** For a domain that the directory does not hold: nothing is ever removed. */
    PublicationMemory NONE = new PublicationMemory() {
        @Override
        public List<PublishedRecord> published() {
            return List.of();
        }

        @Override
        public void changed(List<ZoneRecord> added, List<ZoneRecord> removed) {}
    };

    List<PublishedRecord> published();

    /**
     * Something was published.
     *
     * @param added what is in DNS now
     * @param removed what is there no more
     */
    void changed(List<ZoneRecord> added, List<ZoneRecord> removed);

    /** In the directory. */
    static PublicationMemory in(PublishedRecords records, Domain domain) {
        return new PublicationMemory() {
            @Override
            public List<PublishedRecord> published() {
                return records.of(domain);
            }

            @Override
            public void changed(List<ZoneRecord> added, List<ZoneRecord> removed) {
                records.changed(domain, texts(added), texts(removed));
            }
        };
    }

    /** The records again; a type that we do not know, from a later version, is left out. */
    static List<ZoneRecord> records(List<PublishedRecord> published, Duration ttl) {
        List<ZoneRecord> records = new ArrayList<>();
        for (PublishedRecord each : published) {
            try {
                records.add(new ZoneRecord(
                        each.name(), ttl, RecordReader.parse(PublishedType.valueOf(each.type()), each.data())));
            } catch (IllegalArgumentException e) {
                // Not removed, which is safe.
            }
        }
        return records;
    }

    /**
     * What may be removed when nobody wants it: a key's record only once the directory has withdrawn the key and the record that
     * revokes it has stood for its time, since mail that the key signed may be under way; of keys that the directory does not have
     * nobody knows when they signed last.
     *
     * @param keys all of the domain
     * @param withdrawnBefore the time since which a record stands long enough
     */
    static Predicate<ZoneRecord> removable(List<DkimKeyEntry> keys, Instant withdrawnBefore) {
        Set<String> ended = keys.stream()
                .filter(key ->
                        key.state() == DkimKeyState.WITHDRAWN && key.since().isBefore(withdrawnBefore))
                .map(DkimKeyEntry::recordName)
                .collect(Collectors.toSet());
        return record -> !record.name().contains("._domainkey.") || ended.contains(record.name());
    }

    private static List<PublishedRecord> texts(List<ZoneRecord> records) {
        return records.stream()
                .map(record -> new PublishedRecord(
                        record.name(), record.type().name(), record.data().presentation()))
                .toList();
    }
}
