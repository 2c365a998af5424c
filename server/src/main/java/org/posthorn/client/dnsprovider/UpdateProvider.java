package org.posthorn.client.dnsprovider;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.posthorn.client.dnsprovider.DnsProviderException.Kind;
import org.posthorn.dns.ReverseName;
import org.posthorn.dns.record.PublishedType;
import org.posthorn.dns.record.RecordData;
import org.posthorn.dns.record.RecordReader;
import org.posthorn.dns.record.RecordSetName;
import org.posthorn.dns.record.ZoneRecord;
import org.posthorn.mail.Domain;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/** A server that takes dynamic updates (RFC 2136), signed with TSIG (RFC 8945) and sent over TCP, as are the questions. */
final class UpdateProvider implements DnsProvider {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration POINTER_TTL = Duration.ofHours(1);

    private final InetSocketAddress server;
    private final Secret secret;
    private final List<String> reverseZones;

    /** @param reverseZones in which the server lets us set the names of addresses */
    UpdateProvider(InetSocketAddress server, Secret secret, List<String> reverseZones) {
        this.server = server;
        this.secret = secret;
        this.reverseZones = List.copyOf(reverseZones);
    }

    @Override
    public Optional<ReverseNames> reverseNames() {
        return reverseZones.isEmpty() ? Optional.empty() : Optional.of(new Pointers());
    }

    /** PTR records in our own reverse zones. */
    private final class Pointers implements ReverseNames {
        private Optional<String> zone(InetAddress address) {
            String name = ReverseName.of(address);
            return reverseZones.stream()
                    .filter(zone -> name.equals(zone) || name.endsWith("." + zone))
                    .findFirst();
        }

        private List<ZoneRecord> present(InetAddress address) throws DnsProviderException {
            return read(zone(address).orElse(""), Set.of(set(address)));
        }

        private static RecordSetName set(InetAddress address) {
            return new RecordSetName(ReverseName.of(address), PublishedType.PTR);
        }

        @Override
        public boolean keeps(InetAddress address) {
            return zone(address).isPresent();
        }

        @Override
        public Optional<String> of(InetAddress address) throws DnsProviderException {
            return present(address).stream()
                    .map(record -> record.data().plain())
                    .findFirst();
        }

        @Override
        public void set(InetAddress address, String host) throws DnsProviderException {
            ZoneRecord pointer = new ZoneRecord(ReverseName.of(address), POINTER_TTL, new RecordData.Ptr(host));
            apply(
                    zone(address).orElseThrow(),
                    List.of(new SetChange(set(address), present(address), List.of(pointer))));
        }
    }

    @Override
    public String name() {
        return "the server " + server.getHostString() + ":" + server.getPort();
    }

    @Override
    public String zoneOf(Domain domain) throws DnsProviderException {
        String zone = domain.name();
        SimpleResolver client = client();
        while (true) {
            if (answers(ask(client, absolute(zone), Type.SOA)).stream().anyMatch(SOARecord.class::isInstance)) {
                return zone;
            }
            int dot = zone.indexOf('.');
            if (dot < 0) {
                throw new DnsProviderException(Kind.REJECTED, name() + " has no zone that holds " + domain);
            }
            zone = zone.substring(dot + 1);
        }
    }

    @Override
    public List<ZoneRecord> read(String zone, Set<RecordSetName> sets) throws DnsProviderException {
        SimpleResolver client = client();
        List<ZoneRecord> records = new ArrayList<>();
        for (RecordSetName set : sets) {
            for (Record record : present(client, set)) {
                RecordReader.of(record).ifPresent(records::add);
            }
        }
        return records;
    }

    @Override
    public void apply(String zone, List<SetChange> changes) throws DnsProviderException {
        SimpleResolver client = client();
        Update update = new Update(absolute(zone));
        for (SetChange change : changes) {
            add(update, change, present(client, change.set()));
        }
        Message answer = send(client, update);
        int code = answer.getRcode();
        switch (code) {
            case Rcode.NOERROR -> {}
            // RFC 2136 2.2: a prerequisite does not hold.
            case Rcode.NXRRSET, Rcode.YXRRSET, Rcode.NXDOMAIN, Rcode.YXDOMAIN -> throw changed(zone);
            default -> throw refused(code, "the update of " + zone);
        }
    }

    /** RFC 2136 2.4.2 and 2.4.3: the set holds exactly this, or does not exist; octet for octet as the server has it. */
    private void add(Update update, SetChange change, List<Record> present) throws DnsProviderException {
        List<ZoneRecord> seen = new ArrayList<>();
        for (Record record : present) {
            RecordReader.of(record).ifPresent(seen::add);
        }
        if (!change.isMadeFor(seen) || seen.size() != present.size()) {
            throw changed(change.set().toString());
        }
        if (present.isEmpty()) {
            update.absent(absolute(change.set().name()), type(change.set()));
        }
        for (Record record : present) {
            // RFC 2136 2.4.2: the TTL of a prerequisite is zero.
            update.present(Record.newRecord(
                    record.getName(), record.getType(), record.getDClass(), 0, record.rdataToWireCanonical()));
        }
        for (Record record : present) {
            boolean removed = RecordReader.of(record)
                    .map(value -> change.removed().stream().anyMatch(value::saysTheSameAs))
                    .orElse(false);
            if (removed) {
                update.delete(record);
            }
        }
        for (ZoneRecord added : change.added()) {
            update.add(RecordReader.toDnsjava(added));
        }
    }

    private List<Record> present(SimpleResolver client, RecordSetName set) throws DnsProviderException {
        Name name = absolute(set.name());
        int type = type(set);
        return answers(ask(client, name, type)).stream()
                .filter(record -> record.getName().equals(name) && record.getType() == type)
                .toList();
    }

    private Message ask(SimpleResolver client, Name name, int type) throws DnsProviderException {
        Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
        Message answer = send(client, query);
        int code = answer.getRcode();
        if (code != Rcode.NOERROR && code != Rcode.NXDOMAIN) {
            throw refused(code, "a question about " + name.toString(true));
        }
        return answer;
    }

    private static List<Record> answers(Message answer) {
        return answer.getSection(Section.ANSWER);
    }

    private Message send(SimpleResolver client, Message message) throws DnsProviderException {
        Message answer;
        try {
            answer = client.send(message);
        } catch (IOException e) {
            throw new DnsProviderException(Kind.UNREACHABLE, name() + " does not answer: " + e.getMessage(), e);
        }
        // RFC 8945 5.4.1: an answer that says yes without a signature is anybody's.
        if (answer.getRcode() == Rcode.NOERROR && !answer.isVerified()) {
            throw new DnsProviderException(Kind.REFUSED, name() + " answered without a valid signature");
        }
        return answer;
    }

    private SimpleResolver client() throws DnsProviderException {
        TSIG key = TsigKeyFile.parse(secret.read());
        SimpleResolver client = new SimpleResolver(server);
        client.setTCP(true);
        client.setTimeout(TIMEOUT);
        client.setTSIGKey(key);
        return client;
    }

    private DnsProviderException refused(int code, String what) {
        // RFC 8945 5.2: NOTAUTH stands for an unknown key, a wrong secret and a clock that is off.
        String why = switch (code) {
            case Rcode.NOTAUTH, Rcode.BADSIG, Rcode.BADKEY, Rcode.BADTIME ->
                " (NOTAUTH): the TSIG key is not the one that the server knows, or the clocks differ";
            case Rcode.REFUSED -> " (REFUSED): the TSIG key is not allowed to do that";
            default -> ": " + Rcode.string(code);
        };
        boolean temporary = code == Rcode.SERVFAIL;
        return new DnsProviderException(temporary ? Kind.UNREACHABLE : Kind.REFUSED, name() + " refused " + what + why);
    }

    private static DnsProviderException changed(String what) {
        return new DnsProviderException(
                Kind.CHANGED, what + " was changed by somebody else meanwhile; nothing was done, look again");
    }

    private static Name absolute(String name) throws DnsProviderException {
        try {
            return Name.fromString(name + ".");
        } catch (IOException e) {
            throw new DnsProviderException(Kind.REJECTED, name + " is not a name", e);
        }
    }

    private static int type(RecordSetName set) {
        return Type.value(set.type().name());
    }
}
