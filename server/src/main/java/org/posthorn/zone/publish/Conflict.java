package org.posthorn.zone.publish;

import java.util.List;
import org.posthorn.dns.record.ZoneRecord;
import org.posthorn.zone.DesiredRecord;

/**
 * A record that is not published because something is there that we did not make.
 *
 * @param present what is there
 * @param remedy what the owner can do, in one or two sentences
 */
public record Conflict(DesiredRecord wanted, List<ZoneRecord> present, String remedy) {
    public Conflict {
        present = List.copyOf(present);
    }
}
