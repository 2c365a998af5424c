/**
 * Records of a zone as values (RFC 1035, RFC 2782, RFC 3596, RFC 6698, RFC 8659), for those who publish records rather than look
 * names up: owner, TTL and typed data, with the presentation form of zone files and the plain form of web pages.
 *
 * <p>Names are absolute, in lower case and A-labels, without the final dot; the root is "". Text is one char an octet
 * (ISO 8859-1). {@link org.posthorn.dns.record.RecordReader} reads presentation form and wire form through dnsjava; foreign input
 * that is no record of a kind we know is an {@link IllegalArgumentException} and nothing else.
 *
 * <p>Limits: names of 253 characters, text of {@value org.posthorn.dns.record.RecordData#MAX_TEXT} octets.
 */
@NullMarked
package org.posthorn.dns.record;

import org.jspecify.annotations.NullMarked;
