package org.posthorn.dns;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CAARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TLSARecord;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** Makes an {@link Answer} of servers' messages: follows aliases, tells absence from failure, works out TTLs. Thread-safe. */
final class LookUp {
    /** Aliases followed for one question; more is a loop or a joke. */
    static final int MAX_ALIASES = 10;

    /** Records used of one answer; the largest real sets have a few dozen. */
    static final int MAX_RECORDS = 200;

    /** RFC 9520 3.2: failures are remembered for a moment, so that a broken zone is not hammered. */
    private static final Duration FAILURE_TTL = Duration.ofSeconds(5);

    /** Who is asked: the {@link Servers}, or a test's. */
    interface Source {
        /** A reply that says NOERROR or NXDOMAIN; a {@link LookUpException} when nobody gave one. */
        Reply ask(Name name, int type) throws IOException;
    }

    private final DnsConfig config;
    private final Source servers;

    LookUp(DnsConfig config, Source servers) {
        this.config = config;
        this.servers = servers;
    }

    /** Asks the servers of the configuration, and proves the answers as it says. */
    static LookUp of(DnsConfig config, ResolvConf resolvConf, InstantSource clock) {
        Servers servers = new Servers(config, resolvConf);
        Source source = switch (config.dnssec()) {
            case OFF -> new UnvalidatedSource(servers, false);
            case TRUST_AD -> new UnvalidatedSource(servers, true);
            case VALIDATE -> validator(config, servers, clock);
            case AUTO ->
                new AutomaticSource(validator(config, servers, clock), new UnvalidatedSource(servers, true), clock);
        };
        return new LookUp(config, source);
    }

    private static Validator validator(DnsConfig config, Servers servers, InstantSource clock) {
        return new Validator(
                query -> servers.ask(query, true).message(), config.anchors().orElseGet(TrustAnchors::ofRoot), clock);
    }

    TimedAnswer ask(RecordType<?> type, String name) {
        try {
            return follow(type, Name.fromString(name + "."));
        } catch (TextParseException e) {
            return new TimedAnswer(new Answer.NoSuchName<>(), Duration.ZERO);
        } catch (LookUpException e) {
            return failure(e.kind(), String.valueOf(e.getMessage()));
        } catch (IOException | RuntimeException e) {
            return failure(FailureKind.MALFORMED, "malformed answer: " + e);
        }
    }

    private static TimedAnswer failure(FailureKind kind, String reason) {
        return new TimedAnswer(new Answer.Failure<>(kind, reason), FAILURE_TTL);
    }

    private TimedAnswer follow(RecordType<?> type, Name question) throws IOException {
        Chain chain = new Chain(question);
        while (chain.aliases <= MAX_ALIASES) {
            Name asked = chain.name;
            Reply reply = servers.ask(asked, type.code());
            List<Object> records = chain.walk(type, reply);
            if (!records.isEmpty()) {
                Duration ttl = bounded(chain.ttl, config.longestTtl());
                return new TimedAnswer(new Answer.Found<>(records, chain.secure), ttl);
            }
            Message message = reply.message();
            Optional<SOARecord> soa = soa(message);
            // RFC 6604 3: with aliases, the code speaks of the last name.
            if (message.getRcode() == Rcode.NXDOMAIN) {
                return new TimedAnswer(new Answer.NoSuchName<>(chain.secure), negativeTtl(chain, soa));
            }
            if (chain.name.equals(asked) || soa.isPresent()) {
                return new TimedAnswer(new Answer.NoData<>(chain.secure), negativeTtl(chain, soa));
            }
            // An alias into a zone that the server did not look into: ask for that name.
        }
        return failure(FailureKind.ALIASES, "more than " + MAX_ALIASES + " aliases");
    }

    /** Where the chain of aliases has led so far. */
    private static final class Chain {
        Name name;
        int aliases;
        long ttl = Long.MAX_VALUE;
        boolean secure = true;

        Chain(Name name) {
            this.name = name;
        }

        /** Follows the aliases in the reply; the records found at their end. */
        List<Object> walk(RecordType<?> type, Reply reply) {
            secure &= reply.secure();
            List<Record> section = reply.message().getSection(Section.ANSWER);
            while (aliases <= MAX_ALIASES) {
                List<Object> records = new ArrayList<>();
                Optional<Name> alias = Optional.empty();
                long least = ttl;
                for (Record record : section) {
                    if (!record.getName().equals(name)) {
                        continue;
                    }
                    if (record.getType() == type.code() && records.size() < MAX_RECORDS) {
                        records.add(data(record));
                        least = Math.min(least, record.getTTL());
                    } else if (record instanceof CNAMERecord cname) {
                        alias = Optional.of(cname.getTarget());
                        least = Math.min(least, record.getTTL());
                    }
                }
                ttl = least;
                if (!records.isEmpty() || alias.isEmpty()) {
                    return records;
                }
                name = alias.get();
                aliases++;
            }
            return List.of();
        }
    }

    private static Optional<SOARecord> soa(Message message) {
        return message.getSection(Section.AUTHORITY).stream()
                .filter(SOARecord.class::isInstance)
                .map(SOARecord.class::cast)
                .findFirst();
    }

    /** RFC 2308 5: for as long as the SOA record says; without one the answer is not kept. */
    private Duration negativeTtl(Chain chain, Optional<SOARecord> soa) {
        long seconds = soa.map(record -> Math.min(record.getTTL(), record.getMinimum()))
                .orElse(0L);
        return bounded(Math.min(chain.ttl, seconds), config.longestNegativeTtl());
    }

    private static Duration bounded(long seconds, Duration longest) {
        Duration ttl = Duration.ofSeconds(Math.clamp(seconds, 0, Integer.MAX_VALUE));
        return ttl.compareTo(longest) > 0 ? longest : ttl;
    }

    /** The data of a record, as {@link RecordType#data} says. */
    static Object data(Record record) {
        return switch (record) {
            case MXRecord mx -> new MxRecord(mx.getPriority(), text(mx.getTarget()));
            case ARecord a -> a.getAddress();
            case AAAARecord aaaa -> aaaa.getAddress();
            case TXTRecord txt -> joined(txt);
            case PTRRecord ptr -> text(ptr.getTarget());
            case NSRecord ns -> text(ns.getTarget());
            case CNAMERecord cname -> text(cname.getTarget());
            case SRVRecord srv ->
                new SrvRecord(srv.getPriority(), srv.getWeight(), srv.getPort(), text(srv.getTarget()));
            case SOARecord soa ->
                new SoaRecord(
                        text(soa.getHost()),
                        text(soa.getAdmin()),
                        soa.getSerial(),
                        soa.getRefresh(),
                        soa.getRetry(),
                        soa.getExpire(),
                        soa.getMinimum());
            case TLSARecord tlsa ->
                new TlsaRecord(
                        tlsa.getCertificateUsage(),
                        tlsa.getSelector(),
                        tlsa.getMatchingType(),
                        hex(tlsa.getCertificateAssociationData()));
            case CAARecord caa ->
                new CaaRecord(
                        (caa.getFlags() & CAARecord.Flags.IssuerCritical) != 0,
                        caa.getTag().toLowerCase(Locale.ROOT),
                        new String(caa.getValueAsByteArray(), StandardCharsets.ISO_8859_1));
            case DSRecord ds ->
                new DsRecord(ds.getFootprint(), ds.getAlgorithm(), ds.getDigestID(), hex(ds.getDigest()));
            case DNSKEYRecord key -> new DnskeyRecord(key.getFlags(), key.getAlgorithm(), key.getFootprint());
            default -> throw new IllegalStateException("a record of another type: " + Type.string(record.getType()));
        };
    }

    private static String hex(byte[] octets) {
        return HexFormat.of().formatHex(octets);
    }

    /** "" for the root, which is the exchange of a null MX (RFC 7505 3). */
    private static String text(Name name) {
        return name.equals(Name.root) ? "" : name.toString(true).toLowerCase(Locale.ROOT);
    }

    private static String joined(TXTRecord txt) {
        StringBuilder text = new StringBuilder();
        for (Object string : txt.getStringsAsByteArrays()) {
            text.append(new String((byte[]) string, StandardCharsets.UTF_8));
        }
        return text.toString();
    }

    /** One server's reply. */
    record Reply(Message message, boolean secure) {}
}
