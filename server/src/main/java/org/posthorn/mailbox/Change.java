package org.posthorn.mailbox;

/**
 * Something that happened in an account. Mailboxes have the names that they had then: who follows all changes in their order knows which
 * mailbox is meant.
 */
public sealed interface Change {
    /** Its place in the order of the account's changes (RFC 7162's mod-sequence); those that happened at once share it. */
    long modSeq();

    /** A change of a message. */
    sealed interface OfMessage extends Change {
        MailboxName mailbox();

        long uid();
    }

    /** A message is new in a mailbox: delivered, appended, copied there or moved there. */
    record Added(long modSeq, MailboxName mailbox, long uid, EmailId email) implements OfMessage {}

    /** The flags or keywords of a message are others. */
    record FlagsChanged(long modSeq, MailboxName mailbox, long uid) implements OfMessage {}

    /** A message has left a mailbox: removed, or moved. One that moved is told as {@link Added} before, with the same id. */
    record Expunged(long modSeq, MailboxName mailbox, long uid, EmailId email) implements OfMessage {}

    record MailboxCreated(long modSeq, MailboxName mailbox) implements Change {}

    /** Each mailbox below it is told by itself. */
    record MailboxRenamed(long modSeq, MailboxName from, MailboxName to) implements Change {}

    /** A mailbox is gone with all messages in it, which are not told one by one. */
    record MailboxDeleted(long modSeq, MailboxName mailbox) implements Change {}

    /** A name was subscribed to, or no longer is. */
    record Subscribed(long modSeq, MailboxName mailbox, boolean subscribed) implements Change {}
}
