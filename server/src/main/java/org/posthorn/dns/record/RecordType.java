package org.posthorn.dns.record;

/** The types of record that a mail domain publishes; the names are those of zone files. */
public enum RecordType {
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
