package org.posthorn.dns;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;

/** Looks names up. Blocking, with a time limit; thread-safe. Names are host names in A-label form, with or without final dot. */
public interface Resolver {
    /** Records of the type, at the end of aliases where there are any. Names in them are in lower case, without final dot. */
    <T> Answer<T> ask(RecordType<T> type, String name);

    default Answer<MxRecord> mx(String name) {
        return ask(RecordType.MX, name);
    }

    default Answer<Inet4Address> ipv4(String name) {
        return ask(RecordType.A, name);
    }

    default Answer<Inet6Address> ipv6(String name) {
        return ask(RecordType.AAAA, name);
    }

    /** TXT records, each with its strings joined. */
    default Answer<String> txt(String name) {
        return ask(RecordType.TXT, name);
    }

    /** The names of an address. */
    default Answer<String> ptr(InetAddress address) {
        return ask(RecordType.PTR, ReverseName.of(address));
    }

    default Answer<TlsaRecord> tlsa(String name) {
        return ask(RecordType.TLSA, name);
    }

    /** The alias at this very name, not followed: RFC 7672 2.2.2 wants to know whether it is secure by itself. */
    default Answer<String> cname(String name) {
        return ask(RecordType.CNAME, name);
    }
}
