package org.posthorn.server.pop3;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.mailbox.AccountMail;
import org.posthorn.mailbox.FlagChange;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.HeldMessage;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.MailboxStore;
import org.posthorn.mailbox.Message;
import org.posthorn.mailbox.MessageRuns;

/**
 * The messages of INBOX as they were at login, numbered from 1, with the marks of this session. Used by the session's thread;
 * holds the lock of the account from its opening to {@link #close}.
 */
final class Maildrop implements Closeable {
    private final Pop3Server server;
    private final Address account;
    private final AccountMail mail;
    private final Mailbox inbox;
    private final long[] uids;
    private final long[] sizes;
    private final BitSet deleted = new BitSet();
    private final BitSet retrieved = new BitSet();
    private boolean closed;

    private Maildrop(Pop3Server server, Address account, AccountMail mail, Mailbox inbox) {
        this.server = server;
        this.account = account;
        this.mail = mail;
        this.inbox = inbox;
        LongStream.Builder uidsFound = LongStream.builder();
        LongStream.Builder sizesFound = LongStream.builder();
        for (Message message : MessageRuns.of(inbox)) {
            uidsFound.add(message.uid());
            sizesFound.add(message.size());
        }
        this.uids = uidsFound.build().toArray();
        this.sizes = sizesFound.build().toArray();
    }

    /** Opens an account's maildrop; the caller has its lock, and keeps it when this throws. */
    static Maildrop open(Pop3Server server, Address account) throws IOException, MailboxException {
        MailboxStore store = server.services().store();
        AccountMail mail = store.open(account);
        try {
            return new Maildrop(server, account, mail, mail.select(MailboxName.INBOX));
        } catch (IOException | MailboxException | RuntimeException e) {
            mail.close();
            throw e;
        }
    }

    /** The highest number, messages marked as deleted included. */
    int last() {
        return uids.length;
    }

    /** Whether there is a message of that number that is not marked as deleted. */
    boolean has(int number) {
        return number <= uids.length && !deleted.get(number);
    }

    int count() {
        return uids.length - deleted.cardinality();
    }

    /** Octets of all messages that are not marked as deleted. */
    long size() {
        long total = 0;
        for (int number = 1; number <= uids.length; number++) {
            total += deleted.get(number) ? 0 : size(number);
        }
        return total;
    }

    long size(int number) {
        return sizes[number - 1];
    }

    /** UID and UIDVALIDITY in hexadecimal: Dovecot's {@code %08Xu%08Xv}. */
    String uniqueId(int number) {
        return "%08x%08x".formatted(uids[number - 1], inbox.uidValidity());
    }

    /** Empty when the message has gone meanwhile. */
    Optional<HeldMessage> hold(int number) throws IOException {
        return inbox.hold(uids[number - 1]);
    }

    void markRetrieved(int number) {
        retrieved.set(number);
    }

    void markDeleted(int number) {
        deleted.set(number);
    }

    void unmarkDeleted() {
        deleted.clear();
    }

    /** RFC 1939 6: removes what is marked as deleted; only QUIT leads here. */
    void update() throws IOException {
        if (!deleted.isEmpty()) {
            inbox.expunge(uids(deleted));
            retrieved.andNot(deleted);
            deleted.clear();
        }
    }

    private List<Long> uids(BitSet numbers) {
        List<Long> result = new ArrayList<>(numbers.cardinality());
        numbers.stream().forEach(number -> result.add(uids[number - 1]));
        return result;
    }

    /** Ends the session's hold: flags what was retrieved as seen, also when the client just went away. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (!retrieved.isEmpty()) {
                inbox.store(uids(retrieved), new FlagChange(FlagChange.Mode.ADD, Flags.of(Flags.SEEN)));
            }
        } catch (IOException | MailboxException e) {
            server.services().log().failure(MailLog.Level.WARNING, "pop3", "", "flags-not-kept", e, "account", account);
        } finally {
            inbox.close();
            mail.close();
            server.unlock(account);
        }
    }
}
