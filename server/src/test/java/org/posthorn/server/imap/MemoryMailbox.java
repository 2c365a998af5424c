package org.posthorn.server.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.posthorn.mail.MessageContent;
import org.posthorn.mail.mime.MimePart;
import org.posthorn.mail.mime.MimeStructure;
import org.posthorn.mailbox.Changes;
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
    private final Set<String> keywords = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
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
        name = to;
    }

    MailboxName name() {
        return name;
    }

    long uidValidity() {
        return uidValidity;
    }

    long add(byte[] content, Flags flags, long date) {
        long uid;
        synchronized (this) {
            uid = uidNext++;
            keywords.addAll(flags.keywords());
            messages.put(uid, new Message(uid, ++modSeq, flags, date, content.length));
            contents.put(uid, content);
        }
        changed();
        return uid;
    }

    private void changed() {
        sessions.forEach(session -> session.listener.run());
    }

    synchronized MailboxStatus status() {
        long unseen = messages.values().stream()
                .filter(m -> !m.flags().has(Flags.SEEN))
                .count();
        long recent = messages.tailMap(recentFrom).size();
        return new MailboxStatus(messages.size(), recent, unseen, 0, 0, uidNext, uidValidity, modSeq);
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
        public Optional<Message> message(long uid) {
            synchronized (MemoryMailbox.this) {
                return Optional.ofNullable(messages.get(uid));
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
                        Flags flags = change.applyTo(before.flags());
                        keywords.addAll(flags.keywords());
                        long seq = flags.equals(before.flags()) ? before.modSeq() : ++modSeq;
                        Message now = new Message(uid, seq, flags, before.internalDate(), before.size());
                        messages.put(uid, now);
                        after.add(now);
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
                        expunged.put(uid, ++modSeq);
                        removed.add(uid);
                    }
                }
            }
            changed();
            return removed;
        }

        @Override
        public Copied copy(List<Long> uids, MailboxName target) throws MailboxException {
            MemoryMailbox to = account.mailbox(target);
            List<Long> from = new ArrayList<>();
            List<Long> there = new ArrayList<>();
            for (long uid : uids) {
                Optional<Message> message = message(uid);
                if (message.isPresent()) {
                    byte[] content;
                    synchronized (MemoryMailbox.this) {
                        content = contents.get(uid);
                    }
                    from.add(uid);
                    there.add(
                            to.add(content, message.get().flags(), message.get().internalDate()));
                }
            }
            return new Copied(to.uidValidity, from, there);
        }

        @Override
        public Copied move(List<Long> uids, MailboxName target) throws MailboxException {
            Copied copied = copy(uids, target);
            expunge(copied.from());
            return copied;
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
