package org.posthorn.zone.publish;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.posthorn.client.dnsprovider.DnsProvider;
import org.posthorn.client.dnsprovider.DnsProviderException;
import org.posthorn.client.dnsprovider.SetChange;
import org.posthorn.dns.Answer;
import org.posthorn.dns.NameServer;
import org.posthorn.dns.ReverseName;
import org.posthorn.dns.record.RecordData;
import org.posthorn.dns.record.RecordSetName;
import org.posthorn.dns.record.ZoneRecord;
import org.posthorn.mail.Domain;
import org.posthorn.zone.DesiredRecord;
import org.posthorn.zone.DomainRecords;
import org.posthorn.zone.Purpose;
import org.posthorn.zone.Zones;

/** Publishes records of domains through one provider. Thread-safe; blocks while it talks. */
public final class Publisher {
    private static final int LOOKS = 6;
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

    private final DnsProvider provider;
    private final Supplier<Zones> zones;

    /**
     * Through one provider.
     *
     * @param zones to find the servers that are asked afterwards
     */
    public Publisher(DnsProvider provider, Supplier<Zones> zones) {
        this.provider = provider;
        this.zones = zones;
    }

    /** Who keeps the zones, for people. */
    public String provider() {
        return provider.name();
    }

    /**
     * What publishing would do; changes nothing.
     *
     * @param addresses whose names are set where the provider can
     * @param replace purposes for which what others made may go
     * @param published what we have published before and may remove
     */
    public PublishPlan plan(
            DomainRecords records, List<InetAddress> addresses, Set<Purpose> replace, List<ZoneRecord> published)
            throws DnsProviderException {
        String zone = provider.zoneOf(records.domain());
        List<DesiredRecord> kept = records.within(zone).stream()
                .filter(desired -> provider.types().contains(desired.record().type()))
                .toList();
        List<ZoneRecord> former = published.stream()
                .filter(record -> record.isWithin(zone) && provider.types().contains(record.type()))
                .filter(Planner::isOfProtocol)
                .toList();
        Set<RecordSetName> sets = new TreeSet<>(Planner.sets(kept));
        former.forEach(record -> sets.add(record.set()));
        List<ZoneRecord> present = provider.read(zone, sets);
        Planner planner = new Planner(kept, present, replace);
        List<DesiredRecord> byHand = new ArrayList<>(records.records());
        byHand.removeAll(kept);
        List<PublishPlan.AddressName> names = new ArrayList<>();
        Optional<DnsProvider.ReverseNames> reverse = provider.reverseNames();
        if (reverse.isPresent()) {
            names.addAll(names(reverse.get(), records, addresses, byHand));
        }
        return new PublishPlan(
                zone, present, planner.changes(), planner.conflicts(), planner.stale(former), names, byHand);
    }

    /** The names to set; what the provider can set need not be done by hand. */
    private static List<PublishPlan.AddressName> names(
            DnsProvider.ReverseNames reverse,
            DomainRecords records,
            List<InetAddress> addresses,
            List<DesiredRecord> byHand)
            throws DnsProviderException {
        List<PublishPlan.AddressName> names = new ArrayList<>();
        for (InetAddress address : addresses) {
            String name = ReverseName.of(address);
            if (!reverse.keeps(address)) {
                continue;
            }
            for (DesiredRecord desired : records.records()) {
                if (desired.record().name().equals(name)
                        && desired.record().data() instanceof RecordData.Ptr(String host)) {
                    String before = reverse.of(address).orElse("");
                    if (!before.equals(host)) {
                        names.add(new PublishPlan.AddressName(address, before, host));
                    }
                    byHand.remove(desired);
                }
            }
        }
        return names;
    }

    /** Carries a plan out; refused as a whole when the zone is no longer as it was for the plan. */
    public void carryOut(PublishPlan plan) throws DnsProviderException {
        List<SetChange> sets = plan.sets();
        if (!sets.isEmpty()) {
            provider.apply(plan.zone(), sets);
        }
        Optional<DnsProvider.ReverseNames> reverse = provider.reverseNames();
        for (PublishPlan.AddressName name : plan.names()) {
            if (reverse.isPresent()) {
                reverse.get().set(name.address(), name.after());
            }
        }
    }

    /**
     * Asks the provider and then each server of the zone whether they show what was published, for half a minute at most.
     *
     * @return what is not seen yet, a line each; empty when all is
     */
    public List<String> unseen(PublishPlan plan) throws DnsProviderException, InterruptedException {
        List<String> unseen = List.of();
        for (int look = 0; look < LOOKS; look++) {
            if (look > 0) {
                Thread.sleep(BETWEEN_LOOKS);
            }
            unseen = look(plan);
            if (unseen.isEmpty()) {
                return unseen;
            }
        }
        return unseen;
    }

    private List<String> look(PublishPlan plan) throws DnsProviderException {
        List<String> unseen = new ArrayList<>();
        List<SetChange> changes = plan.sets();
        Set<RecordSetName> sets =
                Set.copyOf(changes.stream().map(SetChange::set).toList());
        List<ZoneRecord> kept = provider.read(plan.zone(), sets);
        for (SetChange change : changes) {
            if (!shows(kept, change)) {
                unseen.add(change.set() + ": not kept by " + provider.name());
            }
        }
        zones.get()
                .holding(plan.zone())
                .filter(zone -> zone.name().equals(plan.zone()))
                .ifPresent(zone -> zone.hosts()
                        .forEach((name, addresses) -> changes.forEach(
                                change -> lacking(name, addresses, change).ifPresent(unseen::add))));
        return unseen;
    }

    /** What a server does not show; the address that answers speaks for it, since not everybody has both families. */
    private static Optional<String> lacking(String name, List<NameServer> addresses, SetChange change) {
        String silence = name + " has no address";
        for (NameServer server : addresses) {
            switch (server.records(change.set().type(), change.set().name())) {
                case Answer.Found<ZoneRecord> found -> {
                    return shows(found.records(), change)
                            ? Optional.empty()
                            : Optional.of(change.set() + ": not shown by " + server);
                }
                case Answer.NoData<ZoneRecord> _, Answer.NoSuchName<ZoneRecord> _ -> {
                    return shows(List.of(), change)
                            ? Optional.empty()
                            : Optional.of(change.set() + ": not shown by " + server);
                }
                case Answer.Failure<ZoneRecord> failure -> silence = server + " " + failure.reason();
            }
        }
        return Optional.of(change.set() + ": " + silence);
    }

    private static boolean shows(List<ZoneRecord> seen, SetChange change) {
        return change.after().stream().allMatch(record -> seen.stream().anyMatch(record::saysTheSameAs))
                && change.removed().stream().noneMatch(record -> seen.stream().anyMatch(record::saysTheSameAs));
    }

    /**
     * Puts one record in place of all others of its name and type; where it is there already, does nothing.
     *
     * @throws DnsProviderException of kind CHANGED when somebody else was faster
     */
    public void put(Domain domain, ZoneRecord record) throws DnsProviderException {
        replace(domain, record.set(), List.of(record));
    }

    /** Removes all records of a name and type. */
    public void withdraw(Domain domain, RecordSetName set) throws DnsProviderException {
        replace(domain, set, List.of());
    }

    private void replace(Domain domain, RecordSetName set, List<ZoneRecord> after) throws DnsProviderException {
        String zone = provider.zoneOf(domain);
        if (!set.name().equals(zone) && !set.name().endsWith("." + zone)) {
            throw new DnsProviderException(
                    DnsProviderException.Kind.REJECTED, set.name() + " does not lie in the zone " + zone);
        }
        SetChange change = new SetChange(set, provider.read(zone, Set.of(set)), after);
        if (!change.added().isEmpty() || !change.removed().isEmpty()) {
            provider.apply(zone, List.of(change));
        }
    }
}
