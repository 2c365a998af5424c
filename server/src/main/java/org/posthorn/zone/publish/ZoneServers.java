package org.posthorn.zone.publish;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.posthorn.dns.RecordType;
import org.posthorn.dns.Resolver;
import org.posthorn.dns.record.RecordReader;
import org.posthorn.dns.record.RecordSetName;
import org.posthorn.dns.record.ZoneRecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** The servers that answer for a zone, found through its NS records and asked one by one, without recursion. */
public final class ZoneServers {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int MAX_SERVERS = 8;

    private final Resolver resolver;
    private final int port;

    /** @param port of all servers, 53 but in tests */
    public ZoneServers(Resolver resolver, int port) {
        this.resolver = resolver;
        this.port = port;
    }

    /** One address of each of the zone's servers, at most {@value #MAX_SERVERS}. */
    List<InetSocketAddress> of(String zone) {
        List<InetSocketAddress> servers = new ArrayList<>();
        for (String server : resolver.ask(RecordType.NS, zone).recordsOrNone()) {
            List<InetAddress> addresses = new ArrayList<>(resolver.ipv4(server).recordsOrNone());
            if (addresses.isEmpty()) {
                addresses.addAll(resolver.ipv6(server).recordsOrNone());
            }
            addresses.stream()
                    .limit(1)
                    .map(address -> new InetSocketAddress(address, port))
                    .forEach(servers::add);
        }
        return servers.stream().limit(MAX_SERVERS).toList();
    }

    /**
     * What a server says that a set holds.
     *
     * @throws IOException it does not answer, or not for this zone
     */
    static List<ZoneRecord> ask(InetSocketAddress server, RecordSetName set) throws IOException {
        SimpleResolver client = new SimpleResolver(server);
        client.setTCP(true);
        client.setTimeout(TIMEOUT);
        Message query = Message.newQuery(Record.newRecord(
                Name.fromString(set.name() + "."), Type.value(set.type().name()), DClass.IN));
        query.getHeader().unsetFlag(Flags.RD);
        Message answer = client.send(query);
        int code = answer.getRcode();
        if (code != Rcode.NOERROR && code != Rcode.NXDOMAIN) {
            throw new IOException("answers " + Rcode.string(code));
        }
        List<ZoneRecord> records = new ArrayList<>();
        for (Record record : answer.getSection(Section.ANSWER)) {
            try {
                RecordReader.of(record).filter(found -> found.set().equals(set)).ifPresent(records::add);
            } catch (IllegalArgumentException e) {
                // Another record than ours.
            }
        }
        return records;
    }
}
