package org.posthorn.dns.record;

/**
 * What the records of a set have in common (RFC 2181 5).
 *
 * @param name absolute, lower case, without final dot
 */
public record RecordSetName(String name, PublishedType type) implements Comparable<RecordSetName> {
    public RecordSetName {
        Names.check(name);
    }

    @Override
    public int compareTo(RecordSetName other) {
        int byName = name.compareTo(other.name);
        return byName != 0 ? byName : type.compareTo(other.type);
    }

    @Override
    public String toString() {
        return name + " " + type;
    }
}
