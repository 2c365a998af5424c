package org.posthorn.mailbox;

/**
 * Names a mailbox within its account for good: it stays when the mailbox is renamed, and what is made anew under the same name gets
 * another (RFC 8474 4, MAILBOXID; RFC 8621 2). Every store gives each mailbox of an account a UIDVALIDITY that no other has or had: this is it.
 */
public record MailboxId(long uidValidity) {
    public String text() {
        return "b" + uidValidity;
    }

    @Override
    public String toString() {
        return text();
    }
}
