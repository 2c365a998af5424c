package org.posthorn.dns;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;

/** Looks names up. Blocking, with a time limit; thread-safe. Names are host names in A-label form, with or without final dot. */
public interface Resolver {
    Answer<MxRecord> mx(String name);

    Answer<Inet4Address> ipv4(String name);

    Answer<Inet6Address> ipv6(String name);

    /** TXT records, each with its strings joined. */
    Answer<String> txt(String name);

    /** The names of an address, without final dot. */
    Answer<String> ptr(InetAddress address);
}
