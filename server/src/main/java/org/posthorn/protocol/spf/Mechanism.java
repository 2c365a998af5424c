package org.posthorn.protocol.spf;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;
import org.posthorn.mail.Network;

/** What is compared with the client (RFC 7208 5). Domains are as written, with their macros; an absent one is the current domain. */
public sealed interface Mechanism {
    record All() implements Mechanism {}

    record Include(MacroString domain) implements Mechanism {}

    record A(Optional<MacroString> domain, Prefixes prefixes) implements Mechanism {}

    record Mx(Optional<MacroString> domain, Prefixes prefixes) implements Mechanism {}

    record Ptr(Optional<MacroString> domain) implements Mechanism {}

    record Ip4(Network network) implements Mechanism {}

    record Ip6(Network network) implements Mechanism {}

    record Exists(MacroString domain) implements Mechanism {}

    /** How many bits of host addresses count (RFC 7208 5.6, dual-cidr-length). */
    record Prefixes(int ip4, int ip6) {
        static final Prefixes WHOLE = new Prefixes(32, 128);

        Network around(InetAddress address) {
            return new Network(address, address instanceof Inet4Address ? ip4 : ip6);
        }
    }

    /** Whether it asks the DNS and counts for the limit of RFC 7208 4.6.4. */
    default boolean asks() {
        return switch (this) {
            case Include _, A _, Mx _, Ptr _, Exists _ -> true;
            case All _, Ip4 _, Ip6 _ -> false;
        };
    }
}
