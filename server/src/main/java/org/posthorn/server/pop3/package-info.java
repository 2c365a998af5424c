/**
 * POP3 as a server: RFC 1939 whole but for APOP, which needs passwords in the clear on our side and was found broken; with CAPA and
 * response codes (2449, 3206), STLS (2595) and SASL (5034). The maildrop is the account's INBOX.
 *
 * <p>A session sees the messages that were there when it began; what it deletes goes at QUIT. One session at a time
 * holds an account's maildrop, a second one gets [IN-USE]; IMAP sessions go on meanwhile, and a message that they expunge
 * can no longer be retrieved. Unique ids have the form that Dovecot has by default, so that clients do not
 * download anew after a move. Retrieved messages become \Seen when the session ends.
 *
 * <p>Limits: lines, wrong commands and idle time are bounded; messages stream through one buffer. Failure: a message that cannot be
 * read is an error reply before its first octet, or the connection's end within it, so that the client never takes half for whole.
 */
@NullMarked
package org.posthorn.server.pop3;

import org.jspecify.annotations.NullMarked;
