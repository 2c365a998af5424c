package org.posthorn.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.dns.record.PublishedType;
import org.posthorn.dns.record.RecordReader;
import org.posthorn.dns.record.ZoneRecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** Records with their TTLs as one name server gives them just now, nothing cached and no alias followed. Thread-safe. */
public final class NameServer {
    private final String label;
    private final Servers servers;
    private final boolean authoritative;

    private NameServer(String label, DnsConfig config, boolean authoritative) {
        this.label = label;
        this.servers = new Servers(config, new ResolvConf(Path.of("/etc/resolv.conf")));
        this.authoritative = authoritative;
    }

    /**
     * A server of a zone, asked without recursion; an answer without authority (RFC 1035 4.1.1, AA) is a failure.
     *
     * @param name of the server, for people
     */
    public static NameServer authoritative(String name, InetSocketAddress address, Duration timeout) {
        DnsConfig config = new DnsConfig(
                List.of(address), timeout, 2, 0, 0, Duration.ZERO, Duration.ZERO, Dnssec.OFF, Optional.empty());
        return new NameServer(name + " (" + address.getAddress().getHostAddress() + ")", config, true);
    }

    /** The recursive servers of the configuration. */
    public static NameServer recursive(DnsConfig config) {
        return new NameServer("by recursion", config, false);
    }

    /** Records of the type, or the alias in place of them; those of a type that we do not publish are left out. */
    public Answer<ZoneRecord> records(PublishedType type, String name) {
        return answer(
                org.xbill.DNS.Type.value(type.name()),
                name,
                record -> RecordReader.of(record).stream().toList());
    }

    /** The data of records of any type, where TTLs do not matter. */
    public <T> Answer<T> data(RecordType<T> type, String name) {
        return answer(
                type.code(),
                name,
                record -> record.getType() == type.code() ? List.of(type.data().cast(LookUp.data(record))) : List.of());
    }

    /** The servers to which this one, of the zone above, leads for a zone (RFC 1034 4.3.2); none when it does not say. */
    public List<String> delegation(String zone) {
        try {
            Name owner = Name.fromString(zone + ".");
            Message query = Message.newQuery(Record.newRecord(owner, RecordType.NS.code(), DClass.IN));
            query.getHeader().unsetFlag(Flags.RD);
            Message reply = servers.ask(query, false).message();
            List<String> names = new ArrayList<>();
            for (int section : new int[] {Section.ANSWER, Section.AUTHORITY}) {
                for (Record record : reply.getSection(section)) {
                    if (record instanceof NSRecord ns
                            && record.getName().equals(owner)
                            && names.size() < LookUp.MAX_RECORDS) {
                        names.add(RecordType.NS.data().cast(LookUp.data(ns)));
                    }
                }
            }
            return names;
        } catch (IOException | RuntimeException e) {
            return List.of();
        }
    }

    private interface Reader<T> {
        List<T> read(Record record);
    }

    private <T> Answer<T> answer(int type, String name, Reader<T> reader) {
        try {
            Name owner = Name.fromString(name + ".");
            Message query = Message.newQuery(Record.newRecord(owner, type, DClass.IN));
            if (authoritative) {
                query.getHeader().unsetFlag(Flags.RD);
            }
            Message reply = servers.ask(query, false).message();
            if (authoritative && !reply.getHeader().getFlag(Flags.AA)) {
                return new Answer.Failure<>(FailureKind.REFUSED, "answers without authority");
            }
            List<T> found = new ArrayList<>();
            for (Record record : reply.getSection(Section.ANSWER)) {
                if (record.getName().equals(owner) && found.size() < LookUp.MAX_RECORDS) {
                    found.addAll(reader.read(record));
                }
            }
            if (!found.isEmpty()) {
                return new Answer.Found<>(found, false);
            }
            return reply.getRcode() == Rcode.NXDOMAIN ? new Answer.NoSuchName<>() : new Answer.NoData<>();
        } catch (LookUpException e) {
            return new Answer.Failure<>(e.kind(), String.valueOf(e.getMessage()));
        } catch (IOException | RuntimeException e) {
            return new Answer.Failure<>(FailureKind.MALFORMED, "malformed answer: " + e);
        }
    }

    /** Names the server to people. */
    @Override
    public String toString() {
        return label;
    }
}
