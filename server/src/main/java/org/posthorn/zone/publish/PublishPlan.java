package org.posthorn.zone.publish;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.posthorn.client.dnsprovider.SetChange;
import org.posthorn.dns.record.RecordSetName;
import org.posthorn.dns.record.ZoneRecord;
import org.posthorn.zone.DesiredRecord;

/**
 * What publishing a domain would do.
 *
 * @param present the sets of records as they were read
 * @param conflicts what is left for the owner to decide
 * @param stale records that we have published before and that nobody wants any more; they are removed
 * @param names addresses that get a name
 * @param byHand what has to be published elsewhere or cannot be published there
 */
public record PublishPlan(
        String zone,
        List<ZoneRecord> present,
        List<PlannedChange> changes,
        List<Conflict> conflicts,
        List<ZoneRecord> stale,
        List<AddressName> names,
        List<DesiredRecord> byHand) {
    /**
     * The name of an address.
     *
     * @param before "" for none
     */
    public record AddressName(InetAddress address, String before, String after) {}

    public PublishPlan {
        present = List.copyOf(present);
        changes = List.copyOf(changes);
        conflicts = List.copyOf(conflicts);
        stale = List.copyOf(stale);
        names = List.copyOf(names);
        byHand = List.copyOf(byHand);
    }

    /** Whether there is nothing to change; conflicts may be left. */
    public boolean isEmpty() {
        return changes.isEmpty() && stale.isEmpty() && names.isEmpty();
    }

    /** The changes, by sets of records. */
    public List<SetChange> sets() {
        Map<RecordSetName, List<ZoneRecord>> after = new TreeMap<>();
        for (PlannedChange change : changes) {
            change.removed().forEach(record -> set(after, record.set()).removeIf(record::saysTheSameAs));
            if (change.adds()) {
                ZoneRecord record = change.wanted().record();
                set(after, record.set()).add(record);
            }
        }
        stale.forEach(record -> set(after, record.set()).removeIf(record::saysTheSameAs));
        List<SetChange> sets = new ArrayList<>();
        after.forEach((set, records) -> sets.add(new SetChange(set, of(set), records)));
        return sets;
    }

    private List<ZoneRecord> set(Map<RecordSetName, List<ZoneRecord>> after, RecordSetName set) {
        return after.computeIfAbsent(set, name -> new ArrayList<>(of(name)));
    }

    private List<ZoneRecord> of(RecordSetName set) {
        return present.stream().filter(record -> record.set().equals(set)).toList();
    }
}
