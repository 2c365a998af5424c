package org.posthorn.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeoutException;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.WireParseException;

/**
 * The recursive servers: each is asked over UDP with EDNS, over TCP when the answer does not fit, until one answers. The one
 * that answered last is asked first, so that a dead server costs one time limit, not one for each question. Thread-safe.
 */
final class Servers {
    /** DNS flag day 2020: the largest answer that passes everywhere without fragments. */
    private static final int UDP_PAYLOAD = 1232;

    private static final PatientUdp UDP = new PatientUdp();

    /** A message that says NOERROR or NXDOMAIN, and who sent it. */
    record Reply(Message message, InetSocketAddress server) {}

    private record Client(InetSocketAddress server, boolean signatures) {}

    private final DnsConfig config;
    private final ResolvConf resolvConf;
    private final ConcurrentMap<Client, SimpleResolver> clients = new ConcurrentHashMap<>();
    private volatile int preferred;

    Servers(DnsConfig config, ResolvConf resolvConf) {
        this.config = config;
        this.resolvConf = resolvConf;
    }

    /**
     * @param signatures whether the answer shall hold DNSSEC's records (the DO bit, RFC 3225)
     * @throws LookUpException when no server gave an answer
     */
    Reply ask(Message query, boolean signatures) throws LookUpException {
        List<InetSocketAddress> servers = config.servers().isEmpty() ? resolvConf.servers() : config.servers();
        List<String> complaints = new ArrayList<>();
        FailureKind kind = FailureKind.TIMEOUT;
        int start = preferred;
        for (int i = 0; i < servers.size() * config.rounds(); i++) {
            int index = Math.floorMod(start + i, servers.size());
            InetSocketAddress server = servers.get(index);
            try {
                Message reply = exchange(server, query, signatures);
                int code = reply.getRcode();
                if (code == Rcode.NOERROR || code == Rcode.NXDOMAIN) {
                    preferred = index;
                    return new Reply(reply, server);
                }
                ExtendedErrors errors = ExtendedErrors.of(reply);
                kind = kind(code, errors);
                note(complaints, server, Rcode.string(code) + errors);
            } catch (IOException e) {
                kind = kind(e);
                note(complaints, server, e.getMessage() == null ? e.toString() : e.getMessage());
            }
        }
        throw new LookUpException(kind, String.join("; ", complaints));
    }

    private static FailureKind kind(int code, ExtendedErrors errors) {
        if (code == Rcode.SERVFAIL) {
            return errors.sayBogus() ? FailureKind.BOGUS : FailureKind.SERVFAIL;
        }
        return FailureKind.REFUSED;
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

    private Message exchange(InetSocketAddress server, Message query, boolean signatures) throws IOException {
        SimpleResolver client = clients.computeIfAbsent(new Client(server, signatures), this::client);
        Message reply = client.send(query);
        if (reply.getRcode() == Rcode.FORMERR || reply.getRcode() == Rcode.NOTIMP) {
            // RFC 6891 7: a server from before EDNS. It has no signatures either.
            SimpleResolver plain = new SimpleResolver(server);
            plain.setIoClientFactory(UDP);
            plain.setTimeout(config.timeout());
            plain.setEDNS(-1);
            reply = plain.send(query);
        }
        // The client compares number and question; a query sent back to us has both.
        if (!reply.getHeader().getFlag(Flags.QR)) {
            throw new WireParseException("not a response");
        }
        return reply;
    }

    private SimpleResolver client(Client wanted) {
        SimpleResolver client = new SimpleResolver(wanted.server());
        client.setIoClientFactory(UDP);
        client.setTimeout(config.timeout());
        client.setEDNS(0, UDP_PAYLOAD, wanted.signatures() ? ExtendedFlags.DO : 0, List.of());
        return client;
    }
}
