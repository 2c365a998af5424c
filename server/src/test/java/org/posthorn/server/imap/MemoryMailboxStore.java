package org.posthorn.server.imap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.posthorn.mail.Address;
import org.posthorn.mail.MessageContent;
import org.posthorn.mailbox.AccountMail;
import org.posthorn.mailbox.Appender;
import org.posthorn.mailbox.Change;
import org.posthorn.mailbox.ChangeFeed;
import org.posthorn.mailbox.EmailId;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.MailboxException.Reason;
import org.posthorn.mailbox.MailboxInfo;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.MailboxStatus;
import org.posthorn.mailbox.MailboxStore;
import org.posthorn.mailbox.Message;
import org.posthorn.mailbox.SpecialUse;

/** A store that forgets, to test sessions by themselves. */
public class MemoryMailboxStore implements MailboxStore {
    private final Map<Address, Account> accounts = new ConcurrentHashMap<>();
    private final UnaryOperator<MessageContent> reading;
    private boolean usual;

    public MemoryMailboxStore() {
        this(UnaryOperator.identity());
    }

    /** @param reading what a session gets in place of a message's content */
    MemoryMailboxStore(UnaryOperator<MessageContent> reading) {
        this.reading = reading;
    }

    /** New accounts have more than INBOX, as they have where mail is kept. */
    MemoryMailboxStore withUsualMailboxes() {
        usual = true;
        return this;
    }

    @Override
    public AccountMail open(Address account) throws IOException {
        return account(account);
    }

    private Account account(Address address) {
        return accounts.computeIfAbsent(address, a -> new Account(reading, usual));
    }

    @Override
    public void deliver(
            Address account,
            MailboxName mailbox,
            String key,
            byte[] prefix,
            MessageContent content,
            long arrived,
            Flags flags,
            boolean mayBeRepeat)
            throws IOException, MailboxException {
        if (!account(account).delivered.add(key) && mayBeRepeat) {
            return;
        }
        try (Appender appender = open(account).append(mailbox, flags, Optional.of(arrived), 0)) {
            appender.write(prefix, 0, prefix.length);
            byte[] body = content.open().readAllBytes();
            appender.write(body, 0, body.length);
            appender.commit();
        }
    }

    private static byte[] crLf(ByteArrayOutputStream text) {
        return text.toString(ISO_8859_1).replaceAll("(?<!\r)\n", "\r\n").getBytes(ISO_8859_1);
    }

    @Override
    public void makeDurable() {}

    @Override
    public void delete(Address account) {
        accounts.remove(account);
    }

    @Override
    public Optional<String> setAside(Address account) {
        return Optional.ofNullable(accounts.remove(account)).map(_ -> "aside");
    }

    @Override
    public Optional<Long> free() {
        return Optional.empty();
    }

    @Override
    public void close() {}

    /** One account; all sessions share it. */
    static final class Account implements AccountMail {
        private final TreeMap<MailboxName, MemoryMailbox> mailboxes = new TreeMap<>();
        private final Map<MailboxName, SpecialUse> uses = new ConcurrentHashMap<>();
        private final Set<MailboxName> subscribed = new TreeSet<>();
        private long nextUidValidity = 1000;

        private final AtomicLong emails = new AtomicLong();
        private final Set<String> delivered = ConcurrentHashMap.newKeySet();

        final UnaryOperator<MessageContent> reading;
        final MemoryFeed feed = new MemoryFeed();

        Account(UnaryOperator<MessageContent> reading, boolean usual) {
            this.reading = reading;
            mailboxes.put(MailboxName.INBOX, new MemoryMailbox(this, MailboxName.INBOX, nextUidValidity++));
            if (usual) {
                subscribed.add(MailboxName.INBOX);
                for (SpecialUse use : List.of(
                        SpecialUse.ARCHIVE, SpecialUse.DRAFTS, SpecialUse.JUNK, SpecialUse.SENT, SpecialUse.TRASH)) {
                    MailboxName name = MailboxName.parse(use.attribute().substring(1), '/');
                    mailboxes.put(name, new MemoryMailbox(this, name, nextUidValidity++));
                    uses.put(name, use);
                    subscribed.add(name);
                }
            }
        }

        EmailId nextEmail() {
            return new EmailId(0, emails.incrementAndGet());
        }

        @Override
        public synchronized List<MailboxInfo> mailboxes() {
            TreeMap<MailboxName, Boolean> all = new TreeMap<>();
            for (MailboxName name : mailboxes.keySet()) {
                all.put(name, true);
                for (int depth = 1; depth < name.levels().size(); depth++) {
                    all.putIfAbsent(new MailboxName(name.levels().subList(0, depth)), false);
                }
            }
            List<MailboxInfo> infos = new ArrayList<>();
            all.forEach((name, selectable) -> infos.add(
                    new MailboxInfo(name, selectable, Optional.ofNullable(uses.get(name)), subscribed.contains(name))));
            infos.sort((a, b) -> Boolean.compare(b.name().isInbox(), a.name().isInbox()));
            return infos;
        }

        @Override
        public synchronized Optional<MailboxInfo> find(MailboxName name) {
            return mailboxes().stream().filter(info -> info.name().equals(name)).findFirst();
        }

        @Override
        public void create(MailboxName name, Optional<SpecialUse> use) throws MailboxException {
            synchronized (this) {
                if (mailboxes.containsKey(name)) {
                    throw new MailboxException(Reason.ALREADY_EXISTS, "Mailbox exists");
                }
                if (use.isPresent() && uses.containsValue(use.get())) {
                    throw new MailboxException(Reason.CANNOT, "Another mailbox has this special use");
                }
                mailboxes.put(name, new MemoryMailbox(this, name, nextUidValidity++));
                use.ifPresent(u -> uses.put(name, u));
                feed.publish(number -> new Change.MailboxCreated(number, name));
            }
            feed.announce();
        }

        @Override
        public void delete(MailboxName name) throws MailboxException {
            MemoryMailbox removed;
            synchronized (this) {
                if (name.isInbox()) {
                    throw new MailboxException(Reason.CANNOT, "INBOX cannot be deleted");
                }
                removed = mailboxes.remove(name);
                if (removed == null) {
                    boolean parent = mailboxes.keySet().stream().anyMatch(other -> other.isBelow(name));
                    throw new MailboxException(
                            parent ? Reason.HAS_CHILDREN : Reason.NONEXISTENT, "Mailbox cannot be deleted");
                }
                uses.remove(name);
            }
            removed.removed();
        }

        @Override
        public void rename(MailboxName from, MailboxName to) throws MailboxException {
            if (from.isInbox()) {
                create(to, Optional.empty());
                try (Mailbox inbox = select(from)) {
                    inbox.move(inbox.messages().stream().map(Message::uid).toList(), to);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return;
            }
            synchronized (this) {
                renameTree(from, to);
            }
            feed.announce();
        }

        private void renameTree(MailboxName from, MailboxName to) throws MailboxException {
            if (mailboxes.containsKey(to)) {
                throw new MailboxException(Reason.ALREADY_EXISTS, "Mailbox exists");
            }
            boolean moved = false;
            for (MailboxName name : List.copyOf(mailboxes.keySet())) {
                if (name.equals(from) || name.isBelow(from)) {
                    List<String> levels = new ArrayList<>(to.levels());
                    levels.addAll(name.levels()
                            .subList(from.levels().size(), name.levels().size()));
                    MemoryMailbox mailbox = mailboxes.remove(name);
                    mailbox.rename(new MailboxName(levels));
                    mailboxes.put(mailbox.name(), mailbox);
                    Optional.ofNullable(uses.remove(name)).ifPresent(use -> uses.put(mailbox.name(), use));
                    moved = true;
                }
            }
            if (!moved) {
                throw new MailboxException(Reason.NONEXISTENT, "No such mailbox");
            }
        }

        @Override
        public synchronized Set<MailboxName> subscriptions() {
            return new TreeSet<>(subscribed);
        }

        @Override
        public void subscribe(MailboxName name, boolean wanted) {
            synchronized (this) {
                if (wanted ? subscribed.add(name) : subscribed.remove(name)) {
                    feed.publish(number -> new Change.Subscribed(number, name, wanted));
                }
            }
            feed.announce();
        }

        @Override
        public ChangeFeed changes() {
            return feed;
        }

        synchronized MemoryMailbox mailbox(MailboxName name) throws MailboxException {
            MemoryMailbox mailbox = mailboxes.get(name);
            if (mailbox == null) {
                throw new MailboxException(Reason.NONEXISTENT, "No such mailbox");
            }
            return mailbox;
        }

        @Override
        public MailboxStatus status(MailboxName name) throws MailboxException {
            return mailbox(name).status();
        }

        @Override
        public Mailbox select(MailboxName name) throws MailboxException {
            return mailbox(name).open();
        }

        @Override
        public Appender append(MailboxName name, Flags flags, Optional<Long> internalDate, long announced)
                throws MailboxException {
            MemoryMailbox mailbox = mailbox(name);
            return new Appender() {
                private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

                @Override
                public void write(byte[] octets, int offset, int length) {
                    bytes.write(octets, offset, length);
                }

                @Override
                public Placed commit() {
                    return new Placed(
                            mailbox.uidValidity(),
                            mailbox.add(
                                    crLf(bytes),
                                    flags,
                                    internalDate.orElseGet(System::currentTimeMillis),
                                    Optional.empty()));
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void close() {}
    }
}
