package org.posthorn.dns;

import java.time.Duration;
import org.xbill.DNS.Message;

/** Opens {@link LookUp} to the fuzz target. */
public final class ForgedAnswers {
    private static final DnsConfig CONFIG = DnsConfig.standard();

    private ForgedAnswers() {}

    /** Asks for every kind of record, and gets these bytes as the answer whatever is asked. */
    public static void ask(byte[] answer) {
        LookUp lookUp = new LookUp(CONFIG, (_, _) -> new LookUp.Reply(new Message(answer), false));
        for (RecordKind kind : RecordKind.values()) {
            TimedAnswer timed = lookUp.ask(kind, "example.org");
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
