/**
 * The IMAP server: one {@link org.posthorn.server.imap.ImapServer} for all listeners, one session for each connection, one
 * class for each command. The grammar is in {@link org.posthorn.protocol.imap}; mail comes from
 * {@link org.posthorn.mailbox.MailboxStore}, who may log in from {@link org.posthorn.protocol.sasl}.
 *
 * <p>RFC 3501 (IMAP4rev1) with IDLE (2177), NAMESPACE (2342), ID (2971), CHILDREN (3348), UNSELECT (3691), UIDPLUS (4315),
 * SASL-IR (4959), ENABLE (5161), SPECIAL-USE (6154), MOVE (6851) and LITERAL+ (7888).
 *
 * <p>A session is plain blocking code on its connection's virtual thread. What other sessions change is told at command
 * boundaries, and at once during IDLE: then a short-lived thread writes while the session's own waits for the client. An idle
 * session holds its view of the mailbox (four octets a message) and no buffer.
 *
 * <p>Limits ({@link org.posthorn.server.imap.ImapConfig}): time before login and between commands, size of messages, wrong
 * commands and failed logins for each session; a failed login is answered after a delay. Failure: what the client sent wrong
 * is answered {@code BAD} or {@code NO}; a failure of ours is {@code NO [SERVERBUG]} and a log line, and the session goes on;
 * a broken connection ends it.
 */
@NullMarked
package org.posthorn.server.imap;

import org.jspecify.annotations.NullMarked;
