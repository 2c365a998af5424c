/**
 * Name look-ups. {@link org.posthorn.dns.Resolver} answers with sealed {@link org.posthorn.dns.Answer}s, so that "there is
 * no such record" and "nobody answered" can never be mixed up: the first is a fact, the second means try again later.
 *
 * <p>{@link org.posthorn.dns.DnsjavaResolver} asks recursive servers through dnsjava: UDP with EDNS (RFC 6891), TCP when
 * an answer does not fit (RFC 7766), the next server when one is silent or broken. Answers are cached for their TTL
 * (negative ones by RFC 2308, failures for 5 seconds by RFC 9520), bounded in number, memory and time; the same question is
 * asked only once at a time.
 *
 * <p>{@link org.posthorn.dns.ZoneResolver} answers out of records at hand in place of the network, for tools and tests.
 *
 * <p>{@link org.posthorn.dns.Dnssec} says how an answer is proved: by checking the signatures (RFC 4035 5, NSEC3 of RFC 5155)
 * from the {@link org.posthorn.dns.TrustAnchors} down, through dnsjava's validator with limits around it, or by the AD bit of a
 * server on loopback. A bogus answer is a failure of its own kind, with the reason (RFC 8914).
 *
 * <p>Limits: 10 aliases for one question, 200 records of one answer, a time limit for each server and a number of
 * rounds; signatures of 12 zones, 100 signatures and 150 messages for validating one answer. Failure: a time-out, SERVFAIL, REFUSED, a malformed message and a loop of aliases are
 * {@link org.posthorn.dns.Answer.Failure}, which is temporary and tells them apart by {@link org.posthorn.dns.FailureKind}.
 */
@NullMarked
package org.posthorn.dns;

import org.jspecify.annotations.NullMarked;
