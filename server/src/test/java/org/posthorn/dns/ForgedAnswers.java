package org.posthorn.dns;

import java.time.Duration;
import java.util.List;
import org.xbill.DNS.Message;

/** Opens {@link LookUp} to the fuzz target. */
public final class ForgedAnswers {
    private static final DnsConfig CONFIG = DnsConfig.standard();
    private static final List<RecordType<?>> TYPES = List.of(
            RecordType.A,
            RecordType.NS,
            RecordType.CNAME,
            RecordType.SOA,
            RecordType.PTR,
            RecordType.MX,
            RecordType.TXT,
            RecordType.AAAA,
            RecordType.SRV,
            RecordType.DS,
            RecordType.DNSKEY,
            RecordType.TLSA,
            RecordType.CAA);

    private ForgedAnswers() {}

    /** Asks for every type of record, and gets these bytes as the answer whatever is asked. */
    public static void ask(byte[] answer) {
        LookUp lookUp = new LookUp(CONFIG, (_, _) -> new LookUp.Reply(new Message(answer), false));
        for (RecordType<?> type : TYPES) {
            TimedAnswer timed = lookUp.ask(type, "example.org");
            Duration ttl = timed.ttl();
            if (ttl.isNegative() || ttl.compareTo(CONFIG.longestTtl()) > 0) {
                throw new IllegalStateException("TTL out of bounds: " + ttl);
            }
            if (timed.answer().recordsOrNone().size() > LookUp.MAX_RECORDS) {
                throw new IllegalStateException("too many records");
            }
        }
    }
}
