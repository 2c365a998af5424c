package org.posthorn.client.dnsprovider;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.posthorn.client.dnsprovider.DnsProviderException.Kind;
import org.posthorn.dns.record.PublishedType;
import org.posthorn.dns.record.RecordData;
import org.posthorn.dns.record.RecordReader;
import org.posthorn.dns.record.RecordSetName;
import org.posthorn.dns.record.ZoneRecord;
import org.posthorn.json.JsonObject;
import org.posthorn.mail.Domain;

/**
 * Hostinger's API: a zone is a list of groups, each of one name and type. A group is replaced whole ({@code overwrite}), so every
 * change is preceded by a look whether it still holds what the change was made for. Names of addresses are set at the virtual
 * machine that has them.
 */
final class HostingerProvider implements DnsProvider {
    private static final String ZONES = "/api/dns/v1/zones/";
    private static final String MACHINES = "/api/vps/v1/virtual-machines";
    private static final int STRING = 255;

    /** One group of the listing. */
    record Group(RecordSetName set, List<ZoneRecord> records, boolean partlyDisabled) {}

    private final ApiClient api;

    HostingerProvider(ApiClient api) {
        this.api = api;
    }

    @Override
    public String name() {
        return api.name();
    }

    /** Hostinger keeps no TLSA records. */
    @Override
    public Set<PublishedType> types() {
        return EnumSet.complementOf(EnumSet.of(PublishedType.PTR, PublishedType.TLSA));
    }

    @Override
    public String zoneOf(Domain domain) throws DnsProviderException {
        String zone = domain.name();
        while (zone.indexOf('.') > 0) {
            ApiClient.Reply reply = api.get(ZONES + zone);
            if (reply.ok() && !reply.json().elements().isEmpty()) {
                return zone;
            }
            zone = zone.substring(zone.indexOf('.') + 1);
        }
        throw new DnsProviderException(Kind.REJECTED, name() + " keeps no zone that holds " + domain);
    }

    @Override
    public List<ZoneRecord> read(String zone, Set<RecordSetName> sets) throws DnsProviderException {
        return groups(zone).stream()
                .filter(group -> sets.contains(group.set()))
                .flatMap(group -> group.records().stream())
                .toList();
    }

    private List<Group> groups(String zone) throws DnsProviderException {
        ApiClient.Reply reply = api.get(ZONES + zone);
        if (!reply.ok()) {
            throw api.rejected("list the zone " + zone, reply);
        }
        return groups(zone, reply.json());
    }

    /** The groups of a listing; those that are no records of ours to publish are left out. */
    static List<Group> groups(String zone, JsonAnswer listing) {
        List<Group> groups = new ArrayList<>();
        for (JsonAnswer group : listing.elements()) {
            Optional<PublishedType> type = group.get("type").text().flatMap(RecordReader::type);
            Optional<String> name = group.get("name").text();
            if (type.isPresent() && name.isPresent()) {
                try {
                    groups.add(group(new RecordSetName(absolute(name.get(), zone), type.get()), group));
                } catch (IllegalArgumentException e) {
                    // A name or a value that we would not publish: none of ours.
                }
            }
        }
        return groups;
    }

    private static Group group(RecordSetName set, JsonAnswer group) {
        Duration ttl = Duration.ofSeconds(Math.clamp(group.get("ttl").number().orElse(0), 0, Integer.MAX_VALUE));
        List<ZoneRecord> records = new ArrayList<>();
        boolean disabled = false;
        for (JsonAnswer record : group.get("records").elements()) {
            disabled |= record.get("is_disabled").isTrue();
            if (!record.get("is_disabled").isTrue()) {
                String content = record.get("content").text().orElse("");
                records.add(new ZoneRecord(set.name(), ttl, data(set.type(), content)));
            }
        }
        return new Group(set, records, disabled);
    }

    private static String absolute(String name, String zone) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.equals("@") || lower.equals(zone) ? zone : lower + "." + zone;
    }

    /** Text comes with quotes or without. */
    private static RecordData data(PublishedType type, String content) {
        return type == PublishedType.TXT && !content.startsWith("\"")
                ? new RecordData.Txt(content)
                : RecordReader.parse(type, content);
    }

    @Override
    public void apply(String zone, List<SetChange> changes) throws DnsProviderException {
        List<Group> present = groups(zone);
        for (SetChange change : changes) {
            requireUnchanged(change, present);
        }
        List<SetChange> gone =
                changes.stream().filter(change -> change.after().isEmpty()).toList();
        List<SetChange> set =
                changes.stream().filter(change -> !change.after().isEmpty()).toList();
        if (!set.isEmpty()) {
            ApiClient.Reply valid = api.send("POST", ZONES + zone + "/validate", groups(zone, set), true);
            if (!valid.ok()) {
                throw api.rejected("accept the records for " + zone, valid);
            }
        }
        // What goes comes first: an alias must be gone before its name can have records.
        if (!gone.isEmpty()) {
            ApiClient.Reply deleted = api.send("DELETE", ZONES + zone, filters(zone, gone), true);
            if (!deleted.ok()) {
                throw api.rejected("delete records of " + zone, deleted);
            }
        }
        if (!set.isEmpty()) {
            ApiClient.Reply updated = api.send("PUT", ZONES + zone, groups(zone, set), true);
            if (!updated.ok()) {
                throw api.rejected("change records of " + zone, updated);
            }
        }
    }

    private static void requireUnchanged(SetChange change, List<Group> present) throws DnsProviderException {
        List<ZoneRecord> records = new ArrayList<>();
        for (Group group : present) {
            if (group.set().equals(change.set())) {
                records.addAll(group.records());
                if (group.partlyDisabled()) {
                    throw new DnsProviderException(
                            Kind.REJECTED,
                            change.set() + " has disabled records, which a change would delete;"
                                    + " enable or delete them by hand");
                }
            }
        }
        if (!change.isMadeFor(records)) {
            throw new DnsProviderException(
                    Kind.CHANGED,
                    change.set() + " was changed by somebody else meanwhile; nothing was done, look again");
        }
    }

    private static JsonObject groups(String zone, List<SetChange> changes) {
        List<JsonObject> groups = new ArrayList<>();
        for (SetChange change : changes) {
            ZoneRecord first = change.added().isEmpty()
                    ? change.after().getFirst()
                    : change.added().getFirst();
            groups.add(JsonObject.builder()
                    .put("name", first.nameIn(zone))
                    .put("type", change.set().type().name())
                    .put("ttl", first.ttl().toSeconds())
                    .put(
                            "records",
                            change.after().stream()
                                    .map(record -> JsonObject.builder()
                                            .put("content", content(record.data()))
                                            .build())
                                    .toList())
                    .build());
        }
        return JsonObject.builder().put("overwrite", true).put("zone", groups).build();
    }

    /** Text without quotes, as in the documentation, as long as it is one string that needs none. */
    private static String content(RecordData data) {
        return data instanceof RecordData.Txt txt
                        && txt.text().length() <= STRING
                        && txt.text().indexOf('"') < 0
                        && txt.text().indexOf('\\') < 0
                ? txt.text()
                : data.presentation();
    }

    private static JsonObject filters(String zone, List<SetChange> changes) {
        return JsonObject.builder()
                .put(
                        "filters",
                        changes.stream()
                                .map(change -> JsonObject.builder()
                                        .put("name", change.before().getFirst().nameIn(zone))
                                        .put("type", change.set().type().name())
                                        .build())
                                .toList())
                .build();
    }

    @Override
    public Optional<ReverseNames> reverseNames() {
        return Optional.of(new MachineNames());
    }

    /** An address of one of the account's machines. */
    record MachineAddress(long machine, long id, InetAddress address, Optional<String> ptr) {}

    /** The addresses in a listing of machines. */
    static List<MachineAddress> addresses(JsonAnswer machines) {
        List<MachineAddress> addresses = new ArrayList<>();
        for (JsonAnswer machine : machines.elements()) {
            for (String family : List.of("ipv4", "ipv6")) {
                for (JsonAnswer entry : machine.get(family).elements()) {
                    address(machine, entry).ifPresent(addresses::add);
                }
            }
        }
        return addresses;
    }

    private static Optional<MachineAddress> address(JsonAnswer machine, JsonAnswer entry) {
        try {
            return Optional.of(new MachineAddress(
                    machine.get("id").number().orElseThrow(IllegalArgumentException::new),
                    entry.get("id").number().orElseThrow(IllegalArgumentException::new),
                    InetAddress.ofLiteral(entry.get("address").text().orElse("")),
                    entry.get("ptr")
                            .text()
                            .map(name -> name.toLowerCase(Locale.ROOT).replaceFirst("\\.$", ""))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private final class MachineNames implements ReverseNames {
        @Override
        public Optional<String> of(InetAddress address) throws DnsProviderException {
            return find(address).flatMap(MachineAddress::ptr);
        }

        @Override
        public void set(InetAddress address, String host) throws DnsProviderException {
            MachineAddress found = find(address)
                    .orElseThrow(() -> new DnsProviderException(
                            Kind.REJECTED,
                            "no virtual machine of the account at " + name() + " has the address "
                                    + address.getHostAddress()));
            String path = MACHINES + "/" + found.machine() + "/ptr/" + found.id();
            ApiClient.Reply reply = api.send(
                    "POST", path, JsonObject.builder().put("domain", host).build(), true);
            if (!reply.ok()) {
                throw api.rejected("set the name of " + address.getHostAddress(), reply);
            }
        }

        private Optional<MachineAddress> find(InetAddress address) throws DnsProviderException {
            ApiClient.Reply reply = api.get(MACHINES);
            if (!reply.ok()) {
                throw api.rejected("list the virtual machines", reply);
            }
            return addresses(reply.json()).stream()
                    .filter(known -> known.address().equals(address))
                    .findFirst();
        }
    }
}
