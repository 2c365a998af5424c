package org.posthorn.dns;

/** The kinds of record that can be asked for. */
enum RecordKind {
    MX,
    A,
    AAAA,
    TXT,
    PTR
}
