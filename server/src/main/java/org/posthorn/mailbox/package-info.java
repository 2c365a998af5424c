/**
 * Mail at rest: mailboxes, messages with their UIDs and flags, and one feed of changes. IMAP, POP3 and delivery go through
 * {@link org.posthorn.mailbox.MailboxStore} only.
 *
 * <p>Promises of every implementation (RFC 3501 2.3.1.1): a UID never names another message while UIDVALIDITY stays, also
 * after a crash or power loss; UIDs ascend; what {@code append} or {@code deliver} has returned for is kept. A change made
 * by one session is seen by all others that have the mailbox open.
 */
@NullMarked
package org.posthorn.mailbox;

import org.jspecify.annotations.NullMarked;
