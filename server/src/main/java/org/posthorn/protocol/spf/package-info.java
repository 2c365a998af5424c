/**
 * SPF (RFC 7208, and RFC 8616 for internationalized mail): may this host send mail with this domain? {@link
 * org.posthorn.protocol.spf.SpfChecker} judges, {@link org.posthorn.protocol.spf.SpfRecord} is a published policy, read whole before
 * any of it counts, {@link org.posthorn.protocol.spf.SpfSurvey} adds up what evaluating a domain's policy can cost.
 *
 * <p>Limits: 10 terms that ask the DNS, 2 look-ups that find nothing, 10 exchanges of an mx and 10 names of a ptr (RFC 7208
 * 4.6.4), records of 65,535 characters, 32,768 octets of all the policies that one check reads, explanations of 1,000 characters. So
 * one check asks at most {@link org.posthorn.protocol.spf.SpfChecker#MAX_QUESTIONS} questions whatever is published; how long each may
 * take is the resolver's affair.
 *
 * <p>Failure: what the publisher did wrong is permerror, what nobody could look up is temperror, each with a reason in words.
 */
@NullMarked
package org.posthorn.protocol.spf;

import org.jspecify.annotations.NullMarked;
