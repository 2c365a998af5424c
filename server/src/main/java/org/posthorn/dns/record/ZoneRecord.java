package org.posthorn.dns.record;

import java.time.Duration;

/**
 * One record of a zone, of class IN.
 *
 * @param name of the owner: absolute, lower case, without final dot
 * @param ttl whole seconds, 0 to 2^31 - 1 (RFC 2181 8)
 */
public record ZoneRecord(String name, Duration ttl, RecordData data) {
    private static final Duration MAX_TTL = Duration.ofSeconds(Integer.MAX_VALUE);

    public ZoneRecord {
        Names.check(name);
        if (ttl.isNegative() || ttl.compareTo(MAX_TTL) > 0 || !ttl.equals(Duration.ofSeconds(ttl.toSeconds()))) {
            throw new IllegalArgumentException("a TTL is from 0 to " + MAX_TTL.toSeconds() + " seconds");
        }
    }

    public PublishedType type() {
        return data.type();
    }

    public RecordSetName set() {
        return new RecordSetName(name, type());
    }

    /** Whether both say the same of the same name; TTLs are not compared. */
    public boolean saysTheSameAs(ZoneRecord other) {
        return name.equals(other.name) && data.equals(other.data);
    }

    /** Whether the record lies in a zone of this name, if nothing below it is delegated. */
    public boolean isWithin(String zone) {
        return name.equals(zone) || name.endsWith("." + zone);
    }

    /** The name as web forms ask for it: relative to the zone, "@" for the zone itself; absolute when it lies elsewhere. */
    public String nameIn(String zone) {
        if (name.equals(zone)) {
            return "@";
        }
        return isWithin(zone) ? name.substring(0, name.length() - zone.length() - 1) : name;
    }

    /** A line of a zone file (RFC 1035 5.1), complete in itself. */
    public String zoneLine() {
        return name + ". " + ttl.toSeconds() + " IN " + type() + " " + data.presentation();
    }
}
