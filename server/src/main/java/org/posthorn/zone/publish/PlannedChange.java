package org.posthorn.zone.publish;

import java.util.List;
import org.posthorn.dns.record.ZoneRecord;
import org.posthorn.zone.DesiredRecord;

/**
 * One step of a plan.
 *
 * @param wanted what it is for
 * @param adds whether the wanted record is added; it may be there already, and only others be in its way
 * @param removed what goes
 */
public record PlannedChange(DesiredRecord wanted, boolean adds, List<ZoneRecord> removed) {
    public PlannedChange {
        removed = List.copyOf(removed);
    }
}
