package org.posthorn.server;

import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Where a protocol is served.
 *
 * @param name its key in {@code [listen]}; also the name of the service in the log and the metrics
 * @param number that of its standard
 * @param presence where it listens unless configured otherwise
 * @param implicitTls whether TLS begins with the connection (RFC 8314 3)
 * @param forMtas of the port whose clients are MTAs, and which may be a Unix socket; empty where all ports share one limit
 * @param srvPriority of the SRV record that leads mail programs to it, the lower the better (RFC 6186 3.4); empty where none does
 */
public record Port(
        String name,
        int number,
        Presence presence,
        boolean implicitTls,
        Optional<Limits> forMtas,
        OptionalInt srvPriority) {
    /** Where a port listens unless configured otherwise. */
    public enum Presence {
        EVERY_ADDRESS,
        LOOPBACK,
        NOWHERE
    }

    /**
     * How many connections there may be at a time.
     *
     * @param all at each address of ours
     * @param perClient of them from one client; loopback is not counted
     */
    public record Limits(int all, int perClient) {}

    /** On every address, beginning without TLS. */
    public static Port of(String name, int number) {
        return new Port(name, number, Presence.EVERY_ADDRESS, false, Optional.empty(), OptionalInt.empty());
    }

    /** For other programs of this machine. */
    public static Port onLoopback(String name, int number) {
        return new Port(name, number, Presence.LOOPBACK, false, Optional.empty(), OptionalInt.empty());
    }

    /**
     * Off unless configured, for MTAs, which open a connection for each of their own clients' and come as often as those do: the rate is not
     * limited, and the keys {@code max-NAME-connections} and {@code max-NAME-connections-per-client} are its own.
     */
    public static Port forMtas(String name, int number, Limits limits) {
        return new Port(name, number, Presence.NOWHERE, false, Optional.of(limits), OptionalInt.empty());
    }

    /** The same with TLS from the first octet on. */
    public Port withTls() {
        return new Port(name, number, presence, true, forMtas, srvPriority);
    }

    /** The same with an SRV record. */
    public Port announced(int priority) {
        return new Port(name, number, presence, implicitTls, forMtas, OptionalInt.of(priority));
    }

    /** By its name, which no two have: ports are keys of maps from the start on, where comparing all of them would cost time. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Port port && port.name.equals(name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
