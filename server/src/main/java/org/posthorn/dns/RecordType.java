package org.posthorn.dns;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.util.List;

/**
 * A type of record that can be asked for.
 *
 * @param mnemonic as in master files (RFC 1035 5.1)
 * @param code as on the wire
 * @param data what one record holds here
 * @param <T> the same, to the compiler
 */
public record RecordType<T>(String mnemonic, int code, Class<T> data) {
    public static final RecordType<Inet4Address> A = new RecordType<>("A", 1, Inet4Address.class);
    public static final RecordType<String> NS = new RecordType<>("NS", 2, String.class);
    public static final RecordType<String> CNAME = new RecordType<>("CNAME", 5, String.class);
    public static final RecordType<SoaRecord> SOA = new RecordType<>("SOA", 6, SoaRecord.class);
    public static final RecordType<String> PTR = new RecordType<>("PTR", 12, String.class);
    public static final RecordType<MxRecord> MX = new RecordType<>("MX", 15, MxRecord.class);
    public static final RecordType<String> TXT = new RecordType<>("TXT", 16, String.class);
    public static final RecordType<Inet6Address> AAAA = new RecordType<>("AAAA", 28, Inet6Address.class);
    public static final RecordType<SrvRecord> SRV = new RecordType<>("SRV", 33, SrvRecord.class);
    public static final RecordType<DsRecord> DS = new RecordType<>("DS", 43, DsRecord.class);
    public static final RecordType<DnskeyRecord> DNSKEY = new RecordType<>("DNSKEY", 48, DnskeyRecord.class);
    public static final RecordType<TlsaRecord> TLSA = new RecordType<>("TLSA", 52, TlsaRecord.class);
    public static final RecordType<CaaRecord> CAA = new RecordType<>("CAA", 257, CaaRecord.class);

    /** Every type there is here. */
    static final List<RecordType<?>> ALL = List.of(A, NS, CNAME, SOA, PTR, MX, TXT, AAAA, SRV, DS, DNSKEY, TLSA, CAA);

    @Override
    public String toString() {
        return mnemonic;
    }
}
