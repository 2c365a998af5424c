/**
 * What the world sees of a domain, compared with what should be published: {@link org.posthorn.zone.check.DomainCheck} asks every
 * name server of the zones directly and the recursive ones too, and gives {@link org.posthorn.zone.check.Finding}s, each with the
 * line of a zone file that mends it.
 *
 * <p>Beside the records themselves (RFC 1035, 2181, 7208, 6376, 9989, 8461, 8460, 6698, 8659): mail hosts (RFC 5321 5.1, 7505), the
 * reverse names (RFC 1912 2.1), the state of the zones (RFC 4035, RFC 1034 4.2.2), the MTA-STS policy over https, and DNS
 * blocklists (RFC 5782).
 *
 * <p>Limits: {@value org.posthorn.zone.Zones#MAX_SERVERS} addresses of name servers for a zone, a time limit for each question,
 * 64 KiB of policy. Failure: what could not be looked up is a finding of its own state and never counts as missing.
 */
@NullMarked
package org.posthorn.zone.check;

import org.jspecify.annotations.NullMarked;
