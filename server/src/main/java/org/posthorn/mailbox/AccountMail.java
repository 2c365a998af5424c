package org.posthorn.mailbox;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One account's mailboxes, as opened for one session. Thread-safe; close it when the session ends. */
public interface AccountMail extends Closeable {
    /** All mailboxes, INBOX first, then by name; parents that do not exist themselves are listed as not selectable. */
    List<MailboxInfo> mailboxes() throws IOException;

    Optional<MailboxInfo> find(MailboxName name) throws IOException;

    /** Makes a mailbox, and the parents that it lacks (RFC 3501 6.3.3). */
    void create(MailboxName name, Optional<SpecialUse> use) throws IOException, MailboxException;

    /** Deletes a mailbox and its messages; its UIDVALIDITY is never used again for that name (RFC 3501 6.3.4). */
    void delete(MailboxName name) throws IOException, MailboxException;

    /** Renames a mailbox with its children; renaming INBOX moves its messages and leaves it empty (RFC 3501 6.3.5). */
    void rename(MailboxName from, MailboxName to) throws IOException, MailboxException;

    /** Names subscribed to, existing or not (RFC 3501 6.3.6). */
    Set<MailboxName> subscriptions() throws IOException;

    void subscribe(MailboxName name, boolean subscribed) throws IOException, MailboxException;

    /** The numbers of a mailbox, without opening it. */
    MailboxStatus status(MailboxName name) throws IOException, MailboxException;

    /** Opens a mailbox; what other programs changed in it is seen. */
    Mailbox select(MailboxName name) throws IOException, MailboxException;

    /**
     * A new message for a mailbox of this account, without selecting it.
     *
     * @param announced octets that will come, as far as that is known: what has no room for them refuses at once
     */
    Appender append(MailboxName name, Flags flags, Optional<Long> internalDate, long announced)
            throws IOException, MailboxException;

    /** What happens in all mailboxes. May be used until this is closed. */
    ChangeFeed changes();

    @Override
    void close();
}
