/**
 * What a mail domain must publish in the DNS, and why: the records are made from the configuration, the signing keys and the
 * server's certificate ({@link org.posthorn.zone.DesiredRecords}), each with its purpose, how much it matters, and how a record of
 * the same purpose is recognised among those that are there already ({@link org.posthorn.zone.Purpose}).
 *
 * <p>RFC 5321 (MX), RFC 7208 (SPF), RFC 6376 and RFC 8463 (DKIM), RFC 9989 and RFC 9990 (DMARC), RFC 8461 (MTA-STS), RFC 8460
 * (TLSRPT), RFC 6698 and RFC 7672 (TLSA), RFC 8659 (CAA), RFC 6186 and RFC 8314 (SRV for clients).
 *
 * <p>Making the records is pure; only {@link org.posthorn.zone.PublicAddresses} asks this machine for its interfaces. What
 * cannot be known, as an address behind a NAT, is left out and said in {@link org.posthorn.zone.DomainRecords#notes}.
 */
@NullMarked
package org.posthorn.zone;

import org.jspecify.annotations.NullMarked;
