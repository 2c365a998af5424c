/**
 * Mail at rest: mailboxes, messages with their UIDs and flags, and one feed of changes for each account. IMAP, POP3 and delivery go through
 * {@link org.posthorn.mailbox.MailboxStore} only.
 *
 * <p>Promises of every implementation (RFC 3501 2.3.1.1): a UID never names another message while UIDVALIDITY stays, also
 * after a crash or power loss; UIDs ascend; what {@code append} or {@code deliver} has returned for is kept. A change made
 * by one session is seen by all others that have the mailbox open.
 *
 * <p>Every message has an {@link org.posthorn.mailbox.EmailId} that goes with it from mailbox to mailbox, every mailbox a
 * {@link org.posthorn.mailbox.MailboxId} that survives its renaming. All changes of an account have their place in one order, which
 * {@link org.posthorn.mailbox.ChangeFeed} tells from any point that is not too long ago; what a session is told of its mailbox is a part of it.
 */
@NullMarked
package org.posthorn.mailbox;

import org.jspecify.annotations.NullMarked;
