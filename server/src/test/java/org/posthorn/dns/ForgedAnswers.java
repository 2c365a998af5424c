package org.posthorn.dns;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
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

    /**
     * Asks for every type of record, believing and validating, and gets these bytes as the answer whatever is asked; once
     * they were also the keys, and once what is said of a failure.
     */
    public static void ask(byte[] answer) {
        LookUp believing = new LookUp(CONFIG, (_, _) -> new LookUp.Reply(new Message(answer), false));
        for (RecordType<?> type : TYPES) {
            check(believing.ask(type, "example.org"), false);
        }
        LookUp validating = new LookUp(
                CONFIG, new Validator(_ -> new Message(answer), TrustAnchors.ofRoot(), InstantSource.system()));
        for (RecordType<?> type : List.of(RecordType.A, RecordType.TLSA)) {
            // Nobody can forge the root's signature.
            check(validating.ask(type, "example.org"), true);
        }
        describe(answer);
    }

    private static void describe(byte[] answer) {
        try {
            String text = ExtendedErrors.of(new Message(answer)).toString();
            if (text.length() > 2000 || !text.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
                throw new IllegalStateException("extended errors must be short and printable");
            }
        } catch (IOException e) {
            // No message.
        }
    }

    private static void check(TimedAnswer timed, boolean mustNotBeSecure) {
        Duration ttl = timed.ttl();
        if (ttl.isNegative() || ttl.compareTo(CONFIG.longestTtl()) > 0) {
            throw new IllegalStateException("TTL out of bounds: " + ttl);
        }
        if (timed.answer().recordsOrNone().size() > LookUp.MAX_RECORDS) {
            throw new IllegalStateException("too many records");
        }
        if (mustNotBeSecure && timed.answer().isSecure()) {
            throw new IllegalStateException("forged, and taken for secure");
        }
    }
}
