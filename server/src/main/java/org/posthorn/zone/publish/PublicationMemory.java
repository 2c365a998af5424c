package org.posthorn.zone.publish;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.posthorn.directory.PublishedRecord;
import org.posthorn.directory.PublishedRecords;
import org.posthorn.dns.record.PublishedType;
import org.posthorn.dns.record.RecordReader;
import org.posthorn.dns.record.ZoneRecord;
import org.posthorn.mail.Domain;

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

    private static List<PublishedRecord> texts(List<ZoneRecord> records) {
        return records.stream()
                .map(record -> new PublishedRecord(
                        record.name(), record.type().name(), record.data().presentation()))
                .toList();
    }
}
