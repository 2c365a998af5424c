package org.posthorn.mailbox.maildir;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.posthorn.mail.MessageContent;
import org.posthorn.mail.mime.HeaderSummary;
import org.posthorn.mail.mime.MimePart;
import org.posthorn.mailbox.Changes;
import org.posthorn.mailbox.EmailId;
import org.posthorn.mailbox.FlagChange;
import org.posthorn.mailbox.HeaderSource;
import org.posthorn.mailbox.HeldMessage;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.MailboxSearch;
import org.posthorn.mailbox.Message;
import org.posthorn.mailbox.SearchPace;
import org.posthorn.mailbox.SearchQuery;

/** One session's hold on a folder. */
final class OpenMailbox implements Mailbox {
    private final Account account;
    private final Folder folder;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Runnable listener = () -> {};
    private final AtomicReference<Closeable> listening = new AtomicReference<>(() -> {});

    OpenMailbox(Account account, Folder folder) {
        this.account = account;
        this.folder = folder;
    }

    @Override
    public MailboxName name() {
        return folder.name();
    }

    @Override
    public long uidValidity() {
        return folder.uidValidity();
    }

    @Override
    public long uidNext() {
        return folder.uidNext();
    }

    @Override
    public long highestModSeq() {
        return folder.highestModSeq();
    }

    @Override
    public Set<String> keywords() {
        return folder.allKeywords();
    }

    @Override
    public List<Message> messages() {
        return folder.messages();
    }

    @Override
    public List<Message> messagesFrom(long uid, int max) {
        return folder.messagesFrom(uid, max);
    }

    @Override
    public Optional<Message> message(long uid) {
        return folder.entry(uid).map(Entry::message);
    }

    @Override
    public Optional<EmailId> emailId(long uid) {
        return folder.entry(uid).map(Entry::emailId);
    }

    @Override
    public Changes changesSince(long modSeq) throws IOException {
        folder.refresh(false);
        return folder.changesSince(modSeq);
    }

    @Override
    public long recentFrom(boolean claim) {
        return folder.recentFrom(claim);
    }

    @Override
    public Optional<MessageContent> content(long uid) throws IOException {
        return folder.reader.content(uid);
    }

    @Override
    public Optional<HeldMessage> hold(long uid) throws IOException {
        return folder.reader.hold(uid);
    }

    @Override
    public Optional<MimePart> structure(long uid) throws IOException {
        return folder.structures.find(uid);
    }

    @Override
    public Optional<HeaderSummary> envelope(long uid) throws IOException {
        return folder.headers.envelope(uid);
    }

    @Override
    public List<Long> search(SearchQuery query, SearchPace pace) throws IOException {
        return MailboxSearch.run(this, headers(), query, pace);
    }

    HeaderSource headers() {
        return folder.headers.reader();
    }

    @Override
    public List<Message> store(List<Long> uids, FlagChange change) throws IOException, MailboxException {
        return folder.store(uids, change);
    }

    @Override
    public List<Long> expunge(List<Long> uids) throws IOException {
        return folder.expunge(uids);
    }

    @Override
    public Copied copy(List<Long> uids, MailboxName target) throws IOException, MailboxException {
        return account.copy(folder, uids, target);
    }

    @Override
    public Copied move(List<Long> uids, MailboxName target) throws IOException, MailboxException {
        return account.move(folder, uids, target);
    }

    @Override
    public void onChange(Runnable callback) {
        listener = callback;
        Closeable next = account.feed().listen(Optional.of(folder), () -> listener.run());
        end(listening.getAndSet(next));
    }

    private static void end(Closeable listening) {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            end(listening.getAndSet(() -> {}));
            account.folders().release(folder);
        }
    }
}
