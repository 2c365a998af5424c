package org.posthorn.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeoutException;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.WireParseException;

/**
 * The recursive servers: each is asked over UDP with EDNS, over TCP when the answer does not fit, until one answers. The one
 * that answered last is asked first, so that a dead server costs one time limit, not one for each question. Thread-safe.
 */
final class Servers implements LookUp.Source {
    /** DNS flag day 2020: the largest answer that passes everywhere without fragments. */
    private static final int UDP_PAYLOAD = 1232;

    private final DnsConfig config;
    private final ResolvConf resolvConf;
    private final ConcurrentMap<InetSocketAddress, SimpleResolver> clients = new ConcurrentHashMap<>();
    private volatile int preferred;

    Servers(DnsConfig config, ResolvConf resolvConf) {
        this.config = config;
        this.resolvConf = resolvConf;
    }

    @Override
    public LookUp.Reply ask(Name name, int type) throws IOException {
        List<InetSocketAddress> servers = config.servers().isEmpty() ? resolvConf.servers() : config.servers();
        List<String> complaints = new ArrayList<>();
        FailureKind kind = FailureKind.TIMEOUT;
        int start = preferred;
        for (int i = 0; i < servers.size() * config.rounds(); i++) {
            int index = Math.floorMod(start + i, servers.size());
            InetSocketAddress server = servers.get(index);
            try {
                Message reply = exchange(server, name, type);
                int code = reply.getRcode();
                if (code == Rcode.NOERROR || code == Rcode.NXDOMAIN) {
                    preferred = index;
                    // RFC 6840 5.8: the AD bit counts only where the way to the server is safe.
                    boolean secure = reply.getHeader().getFlag(Flags.AD)
                            && server.getAddress().isLoopbackAddress();
                    return new LookUp.Reply(reply, secure);
                }
                kind = code == Rcode.SERVFAIL ? FailureKind.SERVFAIL : FailureKind.REFUSED;
                note(complaints, server, Rcode.string(code));
            } catch (IOException e) {
                kind = kind(e);
                note(complaints, server, e.getMessage() == null ? e.toString() : e.getMessage());
            }
        }
        throw new LookUpException(kind, String.join("; ", complaints));
    }

    private static FailureKind kind(IOException e) {
        if (e instanceof WireParseException) {
            return FailureKind.MALFORMED;
        }
        return e.getCause() instanceof TimeoutException || e instanceof SocketTimeoutException
                ? FailureKind.TIMEOUT
                : FailureKind.UNREACHABLE;
    }

    private static void note(List<String> complaints, InetSocketAddress server, String what) {
        String complaint = server.getHostString() + ":" + server.getPort() + " " + what;
        if (!complaints.contains(complaint)) {
            complaints.add(complaint);
        }
    }

    private Message exchange(InetSocketAddress server, Name name, int type) throws IOException {
        Message query = Message.newQuery(Record.newRecord(name, type, DClass.IN));
        // RFC 6840 5.7: asks for the AD bit without asking for the signatures.
        query.getHeader().setFlag(Flags.AD);
        SimpleResolver client = clients.computeIfAbsent(server, this::client);
        Message reply = client.send(query);
        if (reply.getRcode() == Rcode.FORMERR || reply.getRcode() == Rcode.NOTIMP) {
            // RFC 6891 7: a server from before EDNS.
            SimpleResolver plain = client(server);
            plain.setEDNS(null);
            reply = plain.send(query);
        }
        return reply;
    }

    private SimpleResolver client(InetSocketAddress server) {
        SimpleResolver client = new SimpleResolver(server);
        client.setTimeout(config.timeout());
        client.setEDNS(0, UDP_PAYLOAD, 0, List.of());
        return client;
    }
}
