package org.posthorn.dns;

/**
 * One TLSA record (RFC 6698 2.1). Numbers that nobody has defined yet are passed on: RFC 7671 4.1 leaves it to the user to
 * take such a record for unusable.
 *
 * @param usage 2 names an authority (DANE-TA), 3 the server's own certificate or key (DANE-EE)
 * @param selector 0 for the whole certificate, 1 for its public key
 * @param matching 0 for the thing itself, 1 for its SHA-256, 2 for its SHA-512
 * @param association the data in lower-case hexadecimal
 */
public record TlsaRecord(int usage, int selector, int matching, String association) {}
