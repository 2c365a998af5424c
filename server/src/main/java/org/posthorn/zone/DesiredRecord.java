package org.posthorn.zone;

import org.posthorn.dns.record.ZoneRecord;

/**
 * A record to publish.
 *
 * @param reason why it is there, in one sentence without a full stop
 */
public record DesiredRecord(ZoneRecord record, Purpose purpose, Need need, String reason) {
    /** Whether a record that is there serves the same purpose, whatever it says. */
    public boolean isServedBy(ZoneRecord present) {
        return purpose.isServedBy(record, present);
    }
}
