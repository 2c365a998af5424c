package org.posthorn.abuse;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts something for each client network (an IPv4 address, or a /64 of IPv6, which is what one customer has); what was counted
 * fades one by one as time goes by. Remembers the {@value #MAX_CLIENTS} that were seen last. Guarded by its owner.
 */
final class FadingCounts {
    private static final int MAX_CLIENTS = 20_000;

    private record Network(boolean ipv4, long prefix) {
        static Network of(InetAddress address) {
            ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
            return address instanceof Inet4Address
                    ? new Network(true, bytes.getInt())
                    : new Network(false, bytes.getLong());
        }
    }

    /** How much there was at a time, in milliseconds since 1970. */
    private record Count(double amount, long at) {}

    private final Map<Network, Count> clients = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Network, Count> eldest) {
            return size() > MAX_CLIENTS;
        }
    };

    /** What is left of a client's count. */
    double left(InetAddress client, long now, Duration oneFadesIn) {
        Network network = Network.of(client);
        Count count = clients.get(network);
        if (count == null) {
            return 0;
        }
        double faded = (double) Math.max(0, now - count.at()) / oneFadesIn.toMillis();
        if (count.amount() <= faded) {
            clients.remove(network);
            return 0;
        }
        return count.amount() - faded;
    }

    void set(InetAddress client, double amount, long now) {
        clients.put(Network.of(client), new Count(amount, now));
    }

    int size() {
        return clients.size();
    }
}
