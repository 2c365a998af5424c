package org.posthorn.server.imap;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.posthorn.mail.Address;
import org.posthorn.mail.MessageContent;
import org.posthorn.mailbox.AccountMail;
import org.posthorn.mailbox.Appender;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.MailboxException.Reason;
import org.posthorn.mailbox.MailboxInfo;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.MailboxStatus;
import org.posthorn.mailbox.MailboxStore;
import org.posthorn.mailbox.SpecialUse;

/** A store that forgets, to test sessions by themselves. */
public class MemoryMailboxStore implements MailboxStore {
    private final Map<Address, Account> accounts = new ConcurrentHashMap<>();
    private final UnaryOperator<MessageContent> reading;

    public MemoryMailboxStore() {
        this(UnaryOperator.identity());
    }

    /** @param reading what a session gets in place of a message's content */
    MemoryMailboxStore(UnaryOperator<MessageContent> reading) {
        this.reading = reading;
    }

    @Override
    public AccountMail open(Address account) throws IOException {
        return accounts.computeIfAbsent(account, a -> new Account(reading));
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
        try (Appender appender = open(account).append(mailbox, flags, Optional.of(arrived), 0)) {
            appender.write(prefix, 0, prefix.length);
            byte[] body = content.open().readAllBytes();
            appender.write(body, 0, body.length);
            appender.commit();
        }
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

        final UnaryOperator<MessageContent> reading;

        Account(UnaryOperator<MessageContent> reading) {
            this.reading = reading;
            mailboxes.put(MailboxName.INBOX, new MemoryMailbox(this, MailboxName.INBOX, nextUidValidity++));
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
        public synchronized void create(MailboxName name, Optional<SpecialUse> use) throws MailboxException {
            if (mailboxes.containsKey(name)) {
                throw new MailboxException(Reason.ALREADY_EXISTS, "Mailbox exists");
            }
            mailboxes.put(name, new MemoryMailbox(this, name, nextUidValidity++));
            use.ifPresent(u -> uses.put(name, u));
        }

        @Override
        public synchronized void delete(MailboxName name) throws MailboxException {
            if (name.isInbox()) {
                throw new MailboxException(Reason.CANNOT, "INBOX cannot be deleted");
            }
            if (mailboxes.remove(name) == null) {
                boolean parent = mailboxes.keySet().stream().anyMatch(other -> other.isBelow(name));
                throw new MailboxException(
                        parent ? Reason.HAS_CHILDREN : Reason.NONEXISTENT, "Mailbox cannot be deleted");
            }
        }

        @Override
        public synchronized void rename(MailboxName from, MailboxName to) throws MailboxException {
            if (mailboxes.containsKey(to)) {
                throw new MailboxException(Reason.ALREADY_EXISTS, "Mailbox exists");
            }
            boolean moved = false;
            for (MailboxName name : List.copyOf(mailboxes.keySet())) {
                if (name.equals(from) || (name.isBelow(from) && !from.isInbox())) {
                    List<String> levels = new ArrayList<>(to.levels());
                    levels.addAll(name.levels()
                            .subList(from.levels().size(), name.levels().size()));
                    MemoryMailbox mailbox = mailboxes.remove(name);
                    mailbox.rename(new MailboxName(levels));
                    mailboxes.put(mailbox.name(), mailbox);
                    moved = true;
                }
            }
            if (!moved) {
                throw new MailboxException(Reason.NONEXISTENT, "No such mailbox");
            }
            if (from.isInbox()) {
                mailboxes.put(from, new MemoryMailbox(this, from, nextUidValidity++));
            }
        }

        @Override
        public synchronized Set<MailboxName> subscriptions() {
            return new TreeSet<>(subscribed);
        }

        @Override
        public synchronized void subscribe(MailboxName name, boolean wanted) {
            if (wanted) {
                subscribed.add(name);
            } else {
                subscribed.remove(name);
            }
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
                            mailbox.add(bytes.toByteArray(), flags, internalDate.orElseGet(System::currentTimeMillis)));
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void close() {}
    }
}
