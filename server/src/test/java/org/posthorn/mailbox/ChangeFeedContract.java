package org.posthorn.mailbox;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.posthorn.mail.Address;
import org.posthorn.mail.MessageContent;

/** What every back end keeps of the ids of messages and mailboxes, and of the feed of changes; and what tests of back ends have in common. */
public abstract class ChangeFeedContract {
    protected static final Address ALICE = Address.parse("alice@posthorn.test");
    protected static final MailboxName SENT = name("Sent");

    protected MailboxStore store;
    private final List<AccountMail> opened = new ArrayList<>();

    /** A store over the same data each time within one test. */
    protected abstract MailboxStore openStore() throws Exception;

    @BeforeEach
    void openFirst() throws Exception {
        store = openStore();
    }

    @AfterEach
    void closeAll() throws Exception {
        opened.forEach(AccountMail::close);
        store.close();
    }

    protected void reopen() throws Exception {
        closeAll();
        opened.clear();
        store = openStore();
    }

    protected AccountMail mail() throws IOException {
        AccountMail mail = store.open(ALICE);
        opened.add(mail);
        return mail;
    }

    protected Mailbox inbox() throws Exception {
        return mail().select(MailboxName.INBOX);
    }

    protected static MailboxName name(String text) {
        return MailboxName.parse(text, '/');
    }

    protected static byte[] bytes(String text) {
        return text.replace("\n", "\r\n").getBytes(US_ASCII);
    }

    protected void deliver(String key, String text) throws Exception {
        store.deliver(
                ALICE,
                MailboxName.INBOX,
                key,
                bytes("Return-Path: <bob@example.org>\n"),
                MessageContent.of(bytes(text)),
                System.currentTimeMillis(),
                Flags.NONE,
                false);
    }

    protected static Appender.Placed append(AccountMail mail, MailboxName name, String text, Flags flags)
            throws Exception {
        try (Appender appender = mail.append(name, flags, Optional.empty(), 0)) {
            byte[] bytes = text.getBytes(US_ASCII);
            appender.write(bytes, 0, bytes.length);
            return appender.commit();
        }
    }

    protected static String text(Mailbox mailbox, long uid) throws Exception {
        return new String(mailbox.content(uid).orElseThrow().open().readAllBytes(), US_ASCII);
    }

    protected static List<Long> uids(Mailbox mailbox) {
        return mailbox.messages().stream().map(Message::uid).toList();
    }

    @Test
    void anIdGoesWithItsMessageAndACopyGetsItsOwn() throws Exception {
        deliver("A0000000001", "Subject: one\n\nbody\n");
        deliver("A0000000002", "Subject: one\n\nbody\n");
        Mailbox inbox = inbox();
        List<Long> uids = uids(inbox);
        EmailId id = inbox.emailId(uids.get(0)).orElseThrow();
        assertThat(inbox.emailId(uids.get(1)).orElseThrow()).isNotEqualTo(id);
        assertThat(inbox.emailId(4_000_000_000L)).isEmpty();
        inbox.store(uids, new FlagChange(FlagChange.Mode.ADD, new Flags(Flags.SEEN, Set.of("Work"))));
        assertThat(inbox.emailId(uids.get(0))).contains(id);
        Mailbox sent = mail().select(SENT);
        long copy = inbox.copy(uids.subList(0, 1), SENT).to().getFirst();
        EmailId idOfCopy = sent.emailId(copy).orElseThrow();
        assertThat(idOfCopy).isNotEqualTo(id);
        long moved = inbox.move(uids.subList(0, 1), SENT).to().getFirst();
        assertThat(sent.emailId(moved)).contains(id);
        assertThat(inbox.emailId(uids.get(0))).isEmpty();
        long copyHere = sent.move(List.of(copy), SENT).to().getFirst();
        reopen();
        Mailbox later = mail().select(SENT);
        assertThat(later.emailId(moved)).contains(id);
        assertThat(later.emailId(copyHere)).contains(idOfCopy);
        long back = later.move(List.of(moved), MailboxName.INBOX).to().getFirst();
        assertThat(inbox().emailId(back)).contains(id);
        long appended = append(mail(), SENT, "Subject: a\n\n", Flags.NONE).uid();
        long other = append(mail(), SENT, "Subject: a\n\n", Flags.NONE).uid();
        later = mail().select(SENT);
        assertThat(later.emailId(appended).orElseThrow())
                .isNotEqualTo(later.emailId(other).orElseThrow());
    }

    @Test
    void aMailboxKeepsItsIdWhenItIsRenamedAndNoOtherGetsIt() throws Exception {
        AccountMail mail = mail();
        mail.create(name("Old"), Optional.empty());
        MailboxId id = mail.select(name("Old")).id();
        assertThat(mail.select(SENT).id()).isNotEqualTo(id);
        mail.rename(name("Old"), name("New"));
        assertThat(mail.select(name("New")).id()).isEqualTo(id);
        mail.delete(name("New"));
        mail.create(name("New"), Optional.empty());
        assertThat(mail.select(name("New")).id()).isNotEqualTo(id);
    }

    @Test
    void theFeedTellsWhatHappensInAllMailboxesInOrder() throws Exception {
        AccountMail mail = mail();
        ChangeFeed feed = mail.changes();
        long start = feed.modSeq();
        deliver("A0000000001", "Subject: one\n\nbody\n");
        Change.Added added = (Change.Added) only(feed, start);
        Mailbox inbox = inbox();
        assertThat(added.mailbox()).isEqualTo(MailboxName.INBOX);
        assertThat(uids(inbox)).containsExactly(added.uid());
        assertThat(inbox.emailId(added.uid())).contains(added.email());
        assertThat(added.modSeq()).isGreaterThan(start).isEqualTo(feed.modSeq());
        mail.create(name("Mine"), Optional.empty());
        inbox.store(List.of(added.uid()), new FlagChange(FlagChange.Mode.ADD, Flags.of(Flags.SEEN)));
        long moved = inbox.move(List.of(added.uid()), name("Mine")).to().getFirst();
        mail.rename(name("Mine"), name("Yours"));
        mail.subscribe(name("Yours"), true);
        mail.subscribe(name("Yours"), true);
        mail.subscribe(name("Yours"), false);
        mail.delete(name("Yours"));
        List<Change> changes = feed.since(added.modSeq()).orElseThrow();
        assertThat(changes).extracting(Change::modSeq).isSorted();
        long[] at = changes.stream().mapToLong(Change::modSeq).toArray();
        assertThat(changes)
                .containsExactly(
                        new Change.MailboxCreated(at[0], name("Mine")),
                        new Change.FlagsChanged(at[1], MailboxName.INBOX, added.uid()),
                        new Change.Added(at[2], name("Mine"), moved, added.email()),
                        new Change.Expunged(at[3], MailboxName.INBOX, added.uid(), added.email()),
                        new Change.MailboxRenamed(at[4], name("Mine"), name("Yours")),
                        new Change.Subscribed(at[5], name("Yours"), true),
                        new Change.Subscribed(at[6], name("Yours"), false),
                        new Change.MailboxDeleted(at[7], name("Yours")));
        assertThat(feed.since(at[7])).contains(List.of());
        assertThat(feed.since(at[4]).orElseThrow()).isEqualTo(changes.subList(5, 8));
    }

    private static Change only(ChangeFeed feed, long point) throws IOException {
        List<Change> changes = feed.since(point).orElseThrow();
        assertThat(changes).hasSize(1);
        return changes.getFirst();
    }

    @Test
    void whatASessionIsToldIsPartOfTheFeed() throws Exception {
        deliver("A0000000001", "Subject: one\n\nbody\n");
        Mailbox inbox = inbox();
        long point = inbox.highestModSeq();
        append(mail(), SENT, "Subject: elsewhere\n\n", Flags.NONE);
        assertThat(inbox.changesSince(point).isEmpty()).isTrue();
        Message seen = inbox.store(uids(inbox), new FlagChange(FlagChange.Mode.ADD, Flags.of(Flags.SEEN)))
                .getFirst();
        assertThat(inbox.changesSince(point).changed()).containsExactly(seen);
        assertThat(mail().changes().modSeq()).isEqualTo(seen.modSeq());
        assertThat(inbox.highestModSeq()).isEqualTo(seen.modSeq());
    }

    @Test
    void theFeedGoesOnAfterARestart() throws Exception {
        ChangeFeed feed = mail().changes();
        deliver("A0000000001", "Subject: one\n\nbody\n");
        long last = feed.modSeq();
        reopen();
        assertThat(mail().changes().since(last)).contains(List.of());
        append(mail(), SENT, "Subject: a\n\n", Flags.NONE);
        assertThat(only(mail().changes(), last)).isInstanceOf(Change.Added.class);
        assertThat(mail().changes().modSeq()).isGreaterThan(last);
    }

    @Test
    void whatIsTooLongAgoOrUnknownIsNotTold() throws Exception {
        AccountMail mail = mail();
        long start = mail.changes().modSeq();
        for (int i = 0; i < 600; i++) {
            mail.subscribe(name("Some"), true);
            mail.subscribe(name("Some"), false);
        }
        long now = mail.changes().modSeq();
        assertThat(mail.changes().since(start)).isEmpty();
        assertThat(mail.changes().since(now + 1)).isEmpty();
        assertThat(mail.changes().since(now - 10).orElseThrow()).hasSize(10);
    }

    @Test
    void whoListensToTheFeedIsCalledUntilHeEndsIt() throws Exception {
        AccountMail mail = mail();
        long _ = mail.changes().modSeq();
        AtomicInteger calls = new AtomicInteger();
        java.io.Closeable listening = mail.changes().listen(calls::incrementAndGet);
        deliver("A0000000001", "Subject: one\n\nbody\n");
        assertThat(calls.getAndSet(0)).isPositive();
        mail.create(name("Mine"), Optional.empty());
        assertThat(calls.getAndSet(0)).isPositive();
        append(mail, SENT, "Subject: a\n\n", Flags.NONE);
        assertThat(calls.getAndSet(0)).isPositive();
        listening.close();
        append(mail, SENT, "Subject: b\n\n", Flags.NONE);
        assertThat(calls.get()).isZero();
    }
}
