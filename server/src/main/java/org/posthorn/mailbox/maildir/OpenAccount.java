package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.posthorn.mailbox.AccountMail;
import org.posthorn.mailbox.Appender;
import org.posthorn.mailbox.ChangeFeed;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.MailboxInfo;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.MailboxStatus;
import org.posthorn.mailbox.SpecialUse;

/** One session's hold on an account. */
final class OpenAccount implements AccountMail {
    private final Account account;
    private final long maxMessage;
    private final AtomicBoolean closed = new AtomicBoolean();

    OpenAccount(Account account, long maxMessage) {
        this.account = account;
        this.maxMessage = maxMessage;
    }

    @Override
    public List<MailboxInfo> mailboxes() throws IOException {
        return account.mailboxes();
    }

    @Override
    public Optional<MailboxInfo> find(MailboxName name) throws IOException {
        return account.mailboxes().stream()
                .filter(info -> info.name().equals(name))
                .findFirst();
    }

    @Override
    public void create(MailboxName name, Optional<SpecialUse> use) throws IOException, MailboxException {
        account.create(name, use);
    }

    @Override
    public void delete(MailboxName name) throws IOException, MailboxException {
        account.delete(name);
    }

    @Override
    public void rename(MailboxName from, MailboxName to) throws IOException, MailboxException {
        account.rename(from, to);
    }

    @Override
    public Set<MailboxName> subscriptions() throws IOException {
        return account.subscriptions();
    }

    @Override
    public void subscribe(MailboxName name, boolean subscribed) throws IOException, MailboxException {
        account.subscribe(name, subscribed);
    }

    @Override
    public MailboxStatus status(MailboxName name) throws IOException, MailboxException {
        Folder folder = account.folders().hold(name);
        try {
            refresh(folder);
            return folder.status();
        } finally {
            account.folders().release(folder);
        }
    }

    @Override
    public Mailbox select(MailboxName name) throws IOException, MailboxException {
        Folder folder = account.folders().hold(name);
        try {
            refresh(folder);
        } catch (IOException | MailboxException | RuntimeException e) {
            account.folders().release(folder);
            throw e;
        }
        return new OpenMailbox(account, folder);
    }

    /** Others may have removed it since it was held. */
    private static void refresh(Folder folder) throws IOException, MailboxException {
        folder.refresh(true);
        if (folder.isGone()) {
            throw Folder.nonexistent();
        }
    }

    @Override
    public Appender append(MailboxName name, Flags flags, Optional<Long> internalDate, long announced)
            throws IOException, MailboxException {
        if (announced > maxMessage) {
            throw MaildirAppender.tooLarge(maxMessage);
        }
        Folder folder = account.folders().hold(name);
        try {
            account.allowance().requireRoom(announced);
            account.allowance().requireMessages(folder, 1);
            return new MaildirAppender(account, folder, flags, internalDate, maxMessage);
        } catch (NoSuchFileException e) {
            account.folders().release(folder);
            if (folder.isGone()) {
                throw Folder.nonexistent();
            }
            throw e;
        } catch (IOException | MailboxException | RuntimeException e) {
            account.folders().release(folder);
            throw e;
        }
    }

    @Override
    public ChangeFeed changes() {
        return new OpenFeed(account);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            account.leave();
        }
    }
}
