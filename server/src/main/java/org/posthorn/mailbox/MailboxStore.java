package org.posthorn.mailbox;

import java.io.IOException;
import java.util.Optional;
import org.posthorn.mail.Address;
import org.posthorn.mail.MessageContent;

/** All accounts' mail. Thread-safe. */
public interface MailboxStore extends AutoCloseable {
    /**
     * Opens an account's mail; INBOX and the usual special-use mailboxes are made when it is opened first. Cheap when the account is
     * open already: what is open is shared and counted.
     */
    AccountMail open(Address account) throws IOException;

    /**
     * Delivers a message. Repeating a delivery with the same key to the same account does nothing: it is there already, or the
     * user has moved it. Atomic; durable only after {@link #makeDurable}.
     *
     * @param key names the message for good: the queue id
     * @param prefix header fields to put before the content (Return-Path, Delivered-To), CRLF form
     * @param arrived milliseconds since 1970, the internal date
     * @param mayBeRepeat true when this delivery may have happened before, after a crash: only then the key is looked for
     * @throws MailboxException the mailbox cannot take it: {@code OVER_QUOTA}, {@code LIMIT}
     */
    void deliver(
            Address account,
            MailboxName mailbox,
            String key,
            byte[] prefix,
            MessageContent content,
            long arrived,
            Flags flags,
            boolean mayBeRepeat)
            throws IOException, MailboxException;

    /** Puts every delivery that has returned so far on stable storage, many at once. */
    void makeDurable() throws IOException;

    /**
     * Removes an account's mail for good: when this returns nobody finds it, and a new account of that name begins empty; the disk is freed in the
     * background, across restarts. Open sessions on it fail from then on.
     */
    void delete(Address account) throws IOException;

    /**
     * Puts an account's mail where no session and no delivery finds it, as it was removed; open sessions on it fail from then on.
     *
     * @return where it is now, for the administrator; empty where there was none
     */
    Optional<String> setAside(Address account) throws IOException;

    /** Octets that are free for mail, when the file system tells. */
    Optional<Long> free();

    @Override
    void close() throws IOException;
}
