package org.posthorn.zone.publish;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.posthorn.dns.record.PublishedType;
import org.posthorn.dns.record.RecordData;
import org.posthorn.dns.record.RecordSetName;
import org.posthorn.dns.record.ZoneRecord;
import org.posthorn.zone.DesiredRecord;
import org.posthorn.zone.Purpose;

/** Compares what is wanted with what is there. */
final class Planner {
    private final List<DesiredRecord> wanted;
    private final List<ZoneRecord> present;
    private final Set<Purpose> replace;
    private final List<PlannedChange> changes = new ArrayList<>();
    private final List<Conflict> conflicts = new ArrayList<>();

    /**
     * Makes the plan.
     *
     * @param wanted of one zone, and of types that its keeper takes
     * @param present what the {@link #sets} hold
     * @param replace purposes for which the owner gives up what is there
     */
    Planner(List<DesiredRecord> wanted, List<ZoneRecord> present, Set<Purpose> replace) {
        this.wanted = List.copyOf(wanted);
        this.present = List.copyOf(present);
        this.replace = Set.copyOf(replace);
        this.wanted.forEach(this::plan);
    }

    List<PlannedChange> changes() {
        return changes;
    }

    List<Conflict> conflicts() {
        return conflicts;
    }

    /** What has to be known for a plan: the sets of the records, and those that could stand in their way. */
    static Set<RecordSetName> sets(List<DesiredRecord> wanted) {
        Set<RecordSetName> sets = new TreeSet<>();
        for (DesiredRecord desired : wanted) {
            ZoneRecord record = desired.record();
            EnumSet<PublishedType> types = record.type() == PublishedType.CNAME
                    // RFC 1034 3.6.2: an alias is alone at its name.
                    ? EnumSet.of(
                            PublishedType.CNAME,
                            PublishedType.A,
                            PublishedType.AAAA,
                            PublishedType.TXT,
                            PublishedType.MX)
                    : EnumSet.of(record.type(), PublishedType.CNAME);
            types.forEach(type -> sets.add(new RecordSetName(record.name(), type)));
        }
        return sets;
    }

    /**
     * What of the records that we have published before is there still and can go.
     *
     * <p>Only below names with an underscore (RFC 8552), which belong to the protocol alone: an address or an MX of ours may be in use
     * for more than mail by now.
     */
    List<ZoneRecord> stale(List<ZoneRecord> published) {
        return published.stream()
                .filter(Planner::isOfProtocol)
                .filter(ours ->
                        wanted.stream().noneMatch(desired -> desired.record().saysTheSameAs(ours)))
                .flatMap(ours -> present.stream().filter(ours::saysTheSameAs).limit(1))
                .filter(there -> changes.stream()
                        .noneMatch(change -> change.removed().stream().anyMatch(there::saysTheSameAs)))
                .toList();
    }

    static boolean isOfProtocol(ZoneRecord record) {
        return record.name().startsWith("_") || record.name().contains("._");
    }

    private void plan(DesiredRecord desired) {
        ZoneRecord record = desired.record();
        boolean there = present.stream().anyMatch(other -> isAsGoodAs(other, record));
        List<ZoneRecord> others = present.stream()
                .filter(desired::isServedBy)
                .filter(other -> desired.purpose() != Purpose.ADDRESS || other.type() == record.type())
                .filter(other -> !isAsGoodAs(other, record))
                .filter(other -> wanted.stream().noneMatch(kept -> isAsGoodAs(other, kept.record())))
                .toList();
        List<ZoneRecord> excluded = there ? List.of() : excludedBy(desired);
        if (!excluded.isEmpty()) {
            conflict(
                    desired,
                    excluded,
                    "An alias (CNAME) is alone at its name (RFC 1034 3.6.2): remove what is there, or leave this out");
            return;
        }
        switch (desired.purpose()) {
            case ADDRESS, MX -> planOneOfMany(desired, there, others);
            case CAA -> planOneOfMany(desired, there, List.of());
            case DKIM, DMARC_CONSENT, MTA_STS, TLSA -> change(desired, there, others);
            case SPF, DMARC, TLSRPT, SERVICE -> planTheOnly(desired, there, others);
            case MTA_STS_HOST, AUTOCONFIG -> planAlias(desired, there, others);
            case REVERSE -> {}
        }
    }

    /** Whether a record that is there does what the wanted one would: the same, or an MX with another preference. */
    private static boolean isAsGoodAs(ZoneRecord other, ZoneRecord record) {
        return other.saysTheSameAs(record)
                || (other.name().equals(record.name())
                        && other.data() instanceof RecordData.Mx(int _, String exchange)
                        && record.data() instanceof RecordData.Mx(int _, String ours)
                        && exchange.equals(ours));
    }

    /** What cannot stand beside the record at its name. */
    private List<ZoneRecord> excludedBy(DesiredRecord desired) {
        boolean alias = desired.record().type() == PublishedType.CNAME;
        return present.stream()
                .filter(other -> other.name().equals(desired.record().name()))
                .filter(other -> alias || other.type() == PublishedType.CNAME)
                .filter(other -> !desired.isServedBy(other))
                .toList();
    }

    /** Others beside it do no harm, but where it is missing they mean that mail goes, or comes from, elsewhere. */
    private void planOneOfMany(DesiredRecord desired, boolean there, List<ZoneRecord> others) {
        if (replace.contains(desired.purpose())) {
            change(desired, there, others);
        } else if (!there && !others.isEmpty()) {
            conflict(
                    desired,
                    others,
                    "They lead to another server. If this one shall take its place: --replace "
                            + desired.purpose().word());
        } else {
            change(desired, there, List.of());
        }
    }

    /** Two would contradict each other (RFC 7208 4.5, RFC 9989 4.7, RFC 8460 3). */
    private void planTheOnly(DesiredRecord desired, boolean there, List<ZoneRecord> others) {
        boolean ours =
                others.stream().allMatch(other -> Ownership.isOurs(desired.record(), other) || leadsToOurServer(other));
        if (ours || replace.contains(desired.purpose())) {
            change(desired, there, others);
        } else {
            conflict(desired, others, Ownership.remedy(desired, others));
        }
    }

    /** A service that is off leads nowhere; one that is on, to the host of another. */
    private boolean leadsToOurServer(ZoneRecord other) {
        return other.data() instanceof RecordData.Srv theirs
                && (theirs.target().isEmpty()
                        || wanted.stream()
                                .anyMatch(kept -> kept.record().data() instanceof RecordData.Srv ours
                                        && ours.target().equals(theirs.target())));
    }

    /** An address of ours at the name does what the alias would. */
    private void planAlias(DesiredRecord desired, boolean there, List<ZoneRecord> others) {
        boolean leadsHere = !others.isEmpty() && others.stream().allMatch(this::isOurAddress);
        if (there || leadsHere) {
            return;
        }
        if (others.isEmpty() || replace.contains(desired.purpose())) {
            change(desired, false, others);
        } else {
            conflict(
                    desired,
                    others,
                    "The name leads elsewhere. If it shall lead here: --replace "
                            + desired.purpose().word());
        }
    }

    private boolean isOurAddress(ZoneRecord other) {
        return other.data() instanceof RecordData.Address(InetAddress address)
                && wanted.stream()
                        .anyMatch(kept -> kept.purpose() == Purpose.ADDRESS
                                && kept.record().data().equals(new RecordData.Address(address)));
    }

    private void change(DesiredRecord desired, boolean there, List<ZoneRecord> removed) {
        // Records of one set share what stands in their way; it is removed once.
        List<ZoneRecord> once = removed.stream()
                .filter(record ->
                        changes.stream().noneMatch(change -> change.removed().contains(record)))
                .toList();
        if (!there || !once.isEmpty()) {
            changes.add(new PlannedChange(desired, !there, once));
        }
    }

    private void conflict(DesiredRecord desired, List<ZoneRecord> others, String remedy) {
        conflicts.add(new Conflict(desired, others, remedy));
    }
}
