/**
 * Mailboxes as Maildir++ folders, readable and writable by Dovecot, mutt and others at the same time.
 *
 * <p>On disk: {@code DIR/ADDRESS/Maildir/{cur,new,tmp}} is INBOX, {@code .A.B} beside them is the mailbox B below A, named in
 * modified UTF-7 (RFC 3501 5.1.3) with Dovecot's listescape for characters that a level may not hold. The file names
 * carry flags, sizes and the queue id. UIDs are journalled in Dovecot's {@code dovecot-uidlist} before a client sees them,
 * keywords in {@code dovecot-keywords}, subscriptions in {@code subscriptions}: Dovecot opens what we wrote with our UIDs, and we
 * what it wrote with its own. Beside the Maildir, {@code index.db} (SQLite) holds what the files do not tell, and what would be
 * dear to learn again: mod-sequences, durable ceilings, sizes, structures, header fields. It may be lost: it is rebuilt from the Maildir.
 *
 * <p>What is durable when: docs/decisions/0060-maildir-is-the-truth.md. In short: APPEND and COPY before they return,
 * deliveries at {@code makeDurable}, flags and removals with the file system's next commit; no UID is ever given to two messages.
 *
 * <p>Limits: {@link org.posthorn.mailbox.maildir.MaildirConfig}. Failure: an {@link java.io.IOException} leaves the mailbox as it
 * was; files that other programs rename or remove under us are looked for again, and losing such a race is no error.
 */
@NullMarked
package org.posthorn.mailbox.maildir;

import org.jspecify.annotations.NullMarked;
