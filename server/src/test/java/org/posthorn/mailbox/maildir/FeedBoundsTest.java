package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.mail.Address;
import org.posthorn.mailbox.AccountMail;
import org.posthorn.mailbox.Change;
import org.posthorn.mailbox.ChangeFeed;
import org.posthorn.mailbox.EmailId;
import org.posthorn.mailbox.FlagChange;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.Message;

/** The feed of many accounts, of much at once, and of many who change at the same time. */
class FeedBoundsTest {
    private static final MailboxName SENT = MailboxName.parse("Sent", '/');
    private static final MailboxName TRASH = MailboxName.parse("Trash", '/');
    private static final List<MailboxName> MAILBOXES = List.of(MailboxName.INBOX, SENT, TRASH);

    @TempDir
    Path root;

    private MaildirFixture maildir;

    @BeforeEach
    void open() throws Exception {
        maildir = new MaildirFixture(root);
    }

    @AfterEach
    void close() throws Exception {
        maildir.close();
    }

    private AccountFeed filled(int number, int changes) throws Exception {
        AccountFeed feed = maildir.store()
                .account(Address.parse("a" + number + "@posthorn.test"))
                .feed();
        feed.require(changes);
        for (int i = 0; i < changes; i++) {
            feed.subscribed(SENT, true);
        }
        return feed;
    }

    /** A hundred thousand in all, of accounts that nobody has open; those used last keep theirs. */
    @Test
    void changesOfAllAccountsAreBoundedTogether() throws Exception {
        List<AccountFeed> feeds = new ArrayList<>();
        feeds.add(filled(0, 1_024));
        try (AccountMail _ = maildir.store().open(Address.parse("a0@posthorn.test"))) {
            for (int i = 1; i <= 97; i++) {
                feeds.add(filled(i, 1_024));
            }
            // The oldest is used again, and is open.
            AccountFeed first =
                    maildir.store().account(Address.parse("a0@posthorn.test")).feed();
            assertThat(first).isSameAs(feeds.getFirst());
            // 98 of 1,024 are 100,352.
            maildir.store().forgetChanges();
            assertThat(feeds.get(0).size()).isEqualTo(1_024);
            assertThat(feeds.get(1).size()).isZero();
            assertThat(feeds.subList(2, 98)).allMatch(feed -> feed.size() == 1_024);
            // 99,328, and 672 more are 100,000.
            feeds.add(filled(98, 672));
            maildir.store().forgetChanges();
            assertThat(feeds.get(2).size()).isEqualTo(1_024);
            feeds.add(filled(99, 1));
            maildir.store().forgetChanges();
            assertThat(feeds.get(2).size()).isZero();
            assertThat(feeds.get(3).size()).isEqualTo(1_024);
        }
    }

    /** More than the feed keeps is not told in parts. */
    @Test
    void whatHappensAtOnceAndIsTooMuchIsTooLongAgo() throws Exception {
        Mailbox inbox = maildir.inbox();
        ChangeFeed feed = maildir.mail().changes();
        long start = feed.modSeq();
        long point = inbox.highestModSeq();
        for (int i = 0; i < 1_025; i++) {
            maildir.put("cur/1." + i + ".host:2,", "Subject: x\n\n");
        }
        assertThat(maildir.inbox().messages()).hasSize(1_025);
        assertThat(feed.since(start)).isEmpty();
        assertThat(inbox.changesSince(point).changed()).hasSize(1_025);
        long now = feed.modSeq();
        point = inbox.highestModSeq();
        inbox.expunge(MaildirFixture.uids(inbox).subList(0, 1_024));
        assertThat(feed.since(now).orElseThrow()).hasSize(1_024);
        assertThat(inbox.changesSince(point).expunged()).hasSize(1_024);
        assertThat(feed.since(feed.modSeq())).contains(List.of());
    }

    /** Where the messages are, as who follows the feed knows it. */
    private static final class Follower {
        private final Map<MailboxName, Map<Long, EmailId>> known = new HashMap<>();
        private final Set<EmailId> ever = new HashSet<>();
        private long point;

        Follower(long point) {
            this.point = point;
        }

        void follow(ChangeFeed feed) throws Exception {
            for (Change change : feed.since(point).orElseThrow()) {
                assertThat(change.modSeq()).isGreaterThanOrEqualTo(point);
                point = change.modSeq();
                switch (change) {
                    case Change.Added added -> {
                        ever.add(added.email());
                        known.computeIfAbsent(added.mailbox(), _ -> new HashMap<>())
                                .put(added.uid(), added.email());
                    }
                    case Change.Expunged gone ->
                        assertThat(known.get(gone.mailbox()).remove(gone.uid())).isEqualTo(gone.email());
                    case Change.FlagsChanged flags ->
                        assertThat(known.get(flags.mailbox())).containsKey(flags.uid());
                    default -> throw new AssertionError(change);
                }
                // Messages move only: each is in one mailbox at least, at any moment.
                Set<EmailId> now = new HashSet<>();
                known.values().forEach(mailbox -> now.addAll(mailbox.values()));
                assertThat(now).isEqualTo(ever);
            }
        }
    }

    @Test
    void whoFollowsKnowsAllHoweverManyChangeAtOnce() throws Exception {
        ChangeFeed feed = maildir.mail().changes();
        Follower follower = new Follower(feed.modSeq());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> done = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                MailboxName from = MAILBOXES.get(i);
                MailboxName to = MAILBOXES.get((i + 1) % 3);
                done.add(threads.submit(changes(from, to)));
            }
            while (done.stream().anyMatch(each -> !each.isDone())) {
                follower.follow(feed);
            }
            for (Future<Integer> each : done) {
                assertThat(each.get()).isEqualTo(30);
            }
        }
        follower.follow(feed);
        assertThat(follower.ever).hasSize(90);
        for (MailboxName name : MAILBOXES) {
            Map<Long, EmailId> there = new HashMap<>();
            try (Mailbox mailbox = maildir.mail().select(name)) {
                for (Message message : mailbox.messages()) {
                    there.put(message.uid(), mailbox.emailId(message.uid()).orElseThrow());
                }
            }
            assertThat(follower.known.getOrDefault(name, Map.of())).isEqualTo(there);
        }
    }

    private Callable<Integer> changes(MailboxName from, MailboxName to) {
        return () -> {
            int appended = 0;
            try (AccountMail mail = maildir.store().open(MaildirFixture.ALICE);
                    Mailbox mailbox = mail.select(from)) {
                for (; appended < 30; appended++) {
                    try (var appender = mail.append(from, Flags.NONE, Optional.empty(), 0)) {
                        appender.write(new byte[] {'x', '\n'}, 0, 2);
                        long uid = appender.commit().uid();
                        mailbox.store(List.of(uid), new FlagChange(FlagChange.Mode.ADD, Flags.of(Flags.SEEN)));
                        mailbox.move(List.of(uid), to);
                    }
                }
            }
            return appended;
        };
    }
}
