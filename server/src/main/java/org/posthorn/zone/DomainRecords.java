package org.posthorn.zone;

import java.util.List;
import org.posthorn.mail.Domain;

/**
 * All that a domain must publish.
 *
 * @param records in the order in which a person would enter them
 * @param notes what could not be known or was left out on purpose, a sentence each
 */
public record DomainRecords(Domain domain, List<DesiredRecord> records, List<String> notes) {
    public DomainRecords {
        records = List.copyOf(records);
        notes = List.copyOf(notes);
    }

    /** The records that lie in a zone of this name, which is the domain or one above it. */
    public List<DesiredRecord> within(String zone) {
        return records.stream()
                .filter(desired -> desired.record().isWithin(zone))
                .toList();
    }

    /** The records that lie in other zones: the host's when it is not of this domain, and those of its addresses. */
    public List<DesiredRecord> outside(String zone) {
        return records.stream()
                .filter(desired -> !desired.record().isWithin(zone))
                .toList();
    }
}
