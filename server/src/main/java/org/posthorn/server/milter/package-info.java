/**
 * Posthorn as a milter: another MTA, Postfix or Sendmail, has its mail signed and verified here, in place
 * of OpenDKIM and OpenDMARC.
 *
 * <p>Mail that begins here is signed with all keys of the domain of its From: mail of authenticated clients, of internal
 * hosts, and of daemons named in the configuration ({@link org.posthorn.server.milter.Origin}). A signature covers the
 * fields as the MTA shows them, with their folds, and the body as it streams by; memory per message is its header.
 *
 * <p>Mail of others is judged by {@code intake.authentication} and gets an Authentication-Results field (RFC 8601); fields that
 * pretend to be ours are removed. It is refused or quarantined only where the configuration wants that; what really becomes of it is counted and
 * reported. While judging waits for DNS the MTA is told of progress ({@link org.posthorn.server.milter.Progress}).
 *
 * <p>The protocol is in {@code protocol.milter}. A connection carries any number of messages, and of SMTP sessions where
 * the MTA keeps it. Every step without need of an answer is agreed to go without one.
 *
 * <p>Limits: connections in all and from one MTA, header octets and fields of a message, recipients that are kept, octets of a packet, idle time. Failure: a key that cannot be read is
 * 451, so that no mail of a domain that signs leaves unsigned; a message that cannot be signed for want of a key or of one
 * From goes on unsigned, with a line in the log that says why; what is not the protocol ends the connection, and the MTA
 * does what its own configuration says of a filter that fails.
 */
@NullMarked
package org.posthorn.server.milter;

import org.jspecify.annotations.NullMarked;
