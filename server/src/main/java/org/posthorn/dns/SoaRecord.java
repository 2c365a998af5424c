package org.posthorn.dns;

/**
 * The SOA record of a zone (RFC 1035 3.3.13); times in seconds.
 *
 * @param primary the name server that changes are made at, without final dot
 * @param mailbox the person responsible, as a domain name
 * @param minimum how long a negative answer holds (RFC 2308 4)
 */
public record SoaRecord(
        String primary, String mailbox, long serial, long refresh, long retry, long expire, long minimum) {}
