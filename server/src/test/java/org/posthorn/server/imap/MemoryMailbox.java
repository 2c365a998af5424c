package org.posthorn.server.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.posthorn.mail.MessageContent;
import org.posthorn.mail.mime.MimePart;
import org.posthorn.mail.mime.MimeStructure;
import org.posthorn.mailbox.Change;
import org.posthorn.mailbox.Changes;
import org.posthorn.mailbox.EmailId;
import org.posthorn.mailbox.FlagChange;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.MailboxStatus;
import org.posthorn.mailbox.Message;

/** A mailbox in memory; sessions hold an {@link Opened} of it. */
final class MemoryMailbox {
    private final MemoryMailboxStore.Account account;
    private final long uidValidity;
    private final TreeMap<Long, Message> messages = new TreeMap<>();
    private final Map<Long, byte[]> contents = new TreeMap<>();
    private final TreeMap<Long, Long> expunged = new TreeMap<>();
    private final Map<Long, EmailId> emails = new TreeMap<>();
    private final NavigableSet<String> keywords = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    private final List<Opened> sessions = new CopyOnWriteArrayList<>();
    private MailboxName name;
    private long uidNext = 1;
    private long modSeq = 1;
    private long recentFrom = 1;

    MemoryMailbox(MemoryMailboxStore.Account account, MailboxName name, long uidValidity) {
        this.account = account;
        this.name = name;
        this.uidValidity = uidValidity;
    }

    Mailbox open() {
        Opened opened = new Opened();
        sessions.add(opened);
        return opened;
    }

    void rename(MailboxName to) {
        account.feed.publish(number -> new Change.MailboxRenamed(number, name, to));
        name = to;
    }

    MailboxName name() {
        return name;
    }

    long uidValidity() {
        return uidValidity;
    }

    /** @param email of a message that moves; a new one gets its own */
    long add(byte[] content, Flags flags, long date, Optional<EmailId> email) {
        long uid;
        synchronized (this) {
            uid = uidNext++;
            EmailId id = email.orElseGet(account::nextEmail);
            long given = uid;
            modSeq = account.feed.publish(number -> new Change.Added(number, name, given, id));
            messages.put(uid, new Message(uid, modSeq, learn(flags), date, content.length));
            contents.put(uid, content);
            emails.put(uid, id);
        }
        changed();
        return uid;
    }

    /** Keywords as they were first spelt. */
    private Flags learn(Flags flags) {
        keywords.addAll(flags.keywords());
        return new Flags(
                flags.system(), flags.keywords().stream().map(keywords::floor).collect(Collectors.toSet()));
    }

    /** It is deleted: who has it open sees all messages go. */
    void removed() {
        synchronized (this) {
            modSeq = account.feed.publish(number -> new Change.MailboxDeleted(number, name));
            messages.keySet().forEach(uid -> expunged.put(uid, modSeq));
            messages.clear();
            contents.clear();
            emails.clear();
        }
        changed();
    }

    private void changed() {
        sessions.forEach(session -> session.listener.run());
        account.feed.announce();
    }

    synchronized MailboxStatus status() {
        long recent = messages.tailMap(recentFrom).size();
        long unseen = messages.size() - count(Flags.SEEN);
        long size = messages.values().stream().mapToLong(Message::size).sum();
        return new MailboxStatus(
                messages.size(), recent, unseen, count(Flags.DELETED), size, uidNext, uidValidity, modSeq);
    }

    private long count(int flag) {
        return messages.values().stream().filter(m -> m.flags().has(flag)).count();
    }

    final class Opened implements Mailbox {
        private volatile Runnable listener = () -> {};

        @Override
        public MailboxName name() {
            return name;
        }

        @Override
        public long uidValidity() {
            return uidValidity;
        }

        @Override
        public long uidNext() {
            synchronized (MemoryMailbox.this) {
                return uidNext;
            }
        }

        @Override
        public long highestModSeq() {
            synchronized (MemoryMailbox.this) {
                return modSeq;
            }
        }

        @Override
        public Set<String> keywords() {
            synchronized (MemoryMailbox.this) {
                return Set.copyOf(keywords);
            }
        }

        @Override
        public List<Message> messages() {
            synchronized (MemoryMailbox.this) {
                return List.copyOf(messages.values());
            }
        }

        @Override
        public List<Message> messagesFrom(long uid, int max) {
            synchronized (MemoryMailbox.this) {
                return messages.tailMap(uid).values().stream().limit(max).toList();
            }
        }

        @Override
        public Optional<Message> message(long uid) {
            synchronized (MemoryMailbox.this) {
                return Optional.ofNullable(messages.get(uid));
            }
        }

        @Override
        public Optional<EmailId> emailId(long uid) {
            synchronized (MemoryMailbox.this) {
                return Optional.ofNullable(emails.get(uid));
            }
        }

        @Override
        public Changes changesSince(long point) {
            synchronized (MemoryMailbox.this) {
                List<Message> changed = messages.values().stream()
                        .filter(m -> m.modSeq() > point)
                        .toList();
                List<Long> gone = expunged.entrySet().stream()
                        .filter(e -> e.getValue() > point)
                        .map(Map.Entry::getKey)
                        .toList();
                return new Changes(modSeq, changed, gone);
            }
        }

        @Override
        public long recentFrom(boolean claim) {
            synchronized (MemoryMailbox.this) {
                long from = recentFrom;
                recentFrom = claim ? uidNext : from;
                return from;
            }
        }

        @Override
        public Optional<MessageContent> content(long uid) {
            synchronized (MemoryMailbox.this) {
                return Optional.ofNullable(contents.get(uid))
                        .map(MessageContent::of)
                        .map(account.reading);
            }
        }

        @Override
        public Optional<MimePart> structure(long uid) throws IOException {
            Optional<MessageContent> content = content(uid);
            return content.isEmpty() ? Optional.empty() : Optional.of(MimeStructure.parse(content.get()));
        }

        @Override
        public List<Message> store(List<Long> uids, FlagChange change) {
            List<Message> after = new ArrayList<>();
            synchronized (MemoryMailbox.this) {
                for (long uid : uids) {
                    Message before = messages.get(uid);
                    if (before != null) {
                        Flags flags = learn(change.applyTo(before.flags()));
                        if (!flags.equals(before.flags())) {
                            modSeq = account.feed.publish(number -> new Change.FlagsChanged(number, name, uid));
                            messages.put(uid, new Message(uid, modSeq, flags, before.internalDate(), before.size()));
                        }
                        after.add(messages.get(uid));
                    }
                }
            }
            changed();
            return after;
        }

        @Override
        public List<Long> expunge(List<Long> uids) {
            List<Long> removed = new ArrayList<>();
            synchronized (MemoryMailbox.this) {
                for (long uid : uids) {
                    if (messages.remove(uid) != null) {
                        contents.remove(uid);
                        EmailId email = emails.remove(uid);
                        modSeq = account.feed.publish(number -> new Change.Expunged(number, name, uid, email));
                        expunged.put(uid, modSeq);
                        removed.add(uid);
                    }
                }
            }
            changed();
            return removed;
        }

        @Override
        public Copied copy(List<Long> uids, MailboxName target) throws MailboxException {
            return take(uids, target, false);
        }

        private Copied take(List<Long> uids, MailboxName target, boolean move) throws MailboxException {
            MemoryMailbox to = account.mailbox(target);
            List<Long> from = new ArrayList<>();
            List<Long> there = new ArrayList<>();
            for (long uid : uids) {
                Optional<Message> message = message(uid);
                if (message.isPresent()) {
                    byte[] content;
                    Optional<EmailId> email;
                    synchronized (MemoryMailbox.this) {
                        content = contents.get(uid);
                        email = move ? emailId(uid) : Optional.empty();
                    }
                    from.add(uid);
                    there.add(
                            to.add(content, message.get().flags(), message.get().internalDate(), email));
                }
            }
            return new Copied(to.uidValidity, from, there);
        }

        @Override
        public Copied move(List<Long> uids, MailboxName target) throws MailboxException {
            Copied moved = take(uids, target, true);
            expunge(moved.from());
            return moved;
        }

        @Override
        public void onChange(Runnable next) {
            listener = next;
        }

        @Override
        public void close() {
            sessions.remove(this);
        }
    }
}
