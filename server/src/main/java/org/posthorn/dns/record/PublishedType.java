package org.posthorn.dns.record;

/** The types of record that a mail domain publishes; the names are those of zone files. What can be asked for is {@link org.posthorn.dns.RecordType}. */
public enum PublishedType {
    A,
    AAAA,
    MX,
    TXT,
    CNAME,
    SRV,
    TLSA,
    CAA,
    PTR
}
