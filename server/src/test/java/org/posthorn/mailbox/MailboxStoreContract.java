package org.posthorn.mailbox;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.posthorn.mail.MessageContent;

/** What every back end of {@link MailboxStore} keeps; its test extends this. */
public abstract class MailboxStoreContract extends ChangeFeedContract {
    @Test
    void deliveredMessageIsReadAsItWasSent() throws Exception {
        long before = System.currentTimeMillis() / 1000 * 1000;
        deliver("A0000000001", "Subject: one\n\nbody\n");
        Mailbox inbox = inbox();
        assertThat(inbox.messages()).hasSize(1);
        Message message = inbox.messages().getFirst();
        String expected = "Return-Path: <bob@example.org>\r\nSubject: one\r\n\r\nbody\r\n";
        assertThat(text(inbox, message.uid())).isEqualTo(expected);
        assertThat(message.size()).isEqualTo(expected.length());
        assertThat(message.flags()).isEqualTo(Flags.NONE);
        assertThat(message.internalDate()).isBetween(before, System.currentTimeMillis());
        assertThat(inbox.uidNext()).isGreaterThan(message.uid());
    }

    @Test
    void partsOfTheContentAreExact() throws Exception {
        deliver("A0000000001", "Subject: one\n\n0123456789\n");
        Mailbox inbox = inbox();
        MessageContent content = inbox.content(uids(inbox).getFirst()).orElseThrow();
        String all = text(inbox, uids(inbox).getFirst());
        int at = all.indexOf("0123");
        assertThat(new String(content.open(at + 2, 3).readAllBytes(), US_ASCII)).isEqualTo("234");
        assertThat(content.open(content.size() - 2, 100).readAllBytes()).hasSize(2);
        assertThat(content.open(content.size() + 5, 100).readAllBytes()).isEmpty();
        var out = new java.io.ByteArrayOutputStream();
        content.transferTo(at, 4, out);
        assertThat(out.toString(US_ASCII)).isEqualTo("0123");
    }

    @Test
    void uidsAscendInOrderOfArrivalAndStayAcrossRestart() throws Exception {
        for (int i = 1; i <= 20; i++) {
            deliver("A00000000" + (10 + i), "Subject: " + i + "\n\nbody\n");
        }
        Mailbox inbox = inbox();
        List<Long> uids = uids(inbox);
        long validity = inbox.uidValidity();
        assertThat(uids).hasSize(20).isSorted();
        for (int i = 0; i < 20; i++) {
            assertThat(text(inbox, uids.get(i))).contains("Subject: " + (i + 1) + "\r\n");
        }
        inbox.expunge(List.of(uids.getLast()));
        reopen();
        Mailbox again = inbox();
        assertThat(again.uidValidity()).isEqualTo(validity);
        assertThat(uids(again)).isEqualTo(uids.subList(0, 19));
        deliver("B0000000001", "Subject: later\n\nbody\n");
        again = inbox();
        assertThat(uids(again).getLast()).isGreaterThan(uids.getLast());
    }

    @Test
    void appendIsThereWhenCommitReturns() throws Exception {
        AccountMail mail = mail();
        long date = 1_000_000_000_000L;
        Appender.Placed placed;
        try (Appender appender = mail.append(SENT, new Flags(Flags.SEEN, Set.of("$Forwarded")), Optional.of(date), 0)) {
            byte[] text = "Subject: x\n\nline\r\nlast\n".getBytes(US_ASCII);
            appender.write(text, 0, 5);
            appender.write(text, 5, text.length - 5);
            placed = appender.commit();
        }
        Mailbox sent = mail.select(SENT);
        assertThat(sent.uidValidity()).isEqualTo(placed.uidValidity());
        Message message = sent.message(placed.uid()).orElseThrow();
        assertThat(message.internalDate()).isEqualTo(date);
        assertThat(message.flags()).isEqualTo(new Flags(Flags.SEEN, Set.of("$Forwarded")));
        assertThat(text(sent, placed.uid())).isEqualTo("Subject: x\r\n\r\nline\r\nlast\r\n");
        reopen();
        assertThat(mail().select(SENT).message(placed.uid()).orElseThrow().flags())
                .isEqualTo(message.flags());
        assertThat(mail().select(SENT).message(placed.uid()).orElseThrow().internalDate())
                .isEqualTo(date);
    }

    @Test
    void appenderThatIsClosedWithoutCommitLeavesNothing() throws Exception {
        AccountMail mail = mail();
        try (Appender appender = mail.append(SENT, Flags.NONE, Optional.empty(), 0)) {
            appender.write(new byte[] {'x'}, 0, 1);
        }
        assertThat(mail.select(SENT).messages()).isEmpty();
        assertThat(mail.status(SENT).messages()).isZero();
    }

    @Test
    void storedFlagsAreSeenByOtherSessionsAndAfterRestart() throws Exception {
        deliver("A0000000001", "Subject: one\n\nbody\n");
        Mailbox one = inbox();
        Mailbox two = inbox();
        long point = two.highestModSeq();
        long uid = uids(one).getFirst();
        List<Message> after =
                one.store(List.of(uid), new FlagChange(FlagChange.Mode.ADD, new Flags(Flags.SEEN, Set.of("Work"))));
        assertThat(after).singleElement().extracting(Message::flags).isEqualTo(new Flags(Flags.SEEN, Set.of("Work")));
        Changes changes = two.changesSince(point);
        assertThat(changes.changed()).isEqualTo(after);
        assertThat(changes.modSeq()).isGreaterThan(point);
        assertThat(two.changesSince(changes.modSeq()).isEmpty()).isTrue();
        one.store(List.of(uid), new FlagChange(FlagChange.Mode.REMOVE, new Flags(Flags.SEEN, Set.of("work"))));
        one.store(List.of(uid), new FlagChange(FlagChange.Mode.ADD, Flags.of(Flags.FLAGGED)));
        assertThat(two.message(uid).orElseThrow().flags()).isEqualTo(Flags.of(Flags.FLAGGED));
        one.store(List.of(uid), new FlagChange(FlagChange.Mode.REPLACE, new Flags(Flags.DRAFT, Set.of("WORK"))));
        assertThat(two.keywords()).contains("Work");
        reopen();
        assertThat(inbox().message(uid).orElseThrow().flags()).isEqualTo(new Flags(Flags.DRAFT, Set.of("Work")));
    }

    @Test
    void expungedMessagesAreGoneForAllSessions() throws Exception {
        deliver("A0000000001", "Subject: one\n\nbody\n");
        deliver("A0000000002", "Subject: two\n\nbody\n");
        Mailbox one = inbox();
        Mailbox two = inbox();
        long point = two.highestModSeq();
        List<Long> uids = uids(one);
        assertThat(one.expunge(List.of(uids.get(0), 4_000_000_000L))).containsExactly(uids.get(0));
        assertThat(one.expunge(List.of(uids.get(0)))).isEmpty();
        assertThat(two.changesSince(point).expunged()).containsExactly(uids.get(0));
        assertThat(two.content(uids.get(0))).isEmpty();
        assertThat(two.store(uids, new FlagChange(FlagChange.Mode.ADD, Flags.of(Flags.SEEN))))
                .extracting(Message::uid)
                .containsExactly(uids.get(1));
    }

    @Test
    void aSnapshotOfMessagesDoesNotChange() throws Exception {
        deliver("A0000000001", "Subject: one\n\nbody\n");
        Mailbox inbox = inbox();
        List<Message> before = inbox.messages();
        inbox.store(uids(inbox), new FlagChange(FlagChange.Mode.ADD, Flags.of(Flags.SEEN)));
        inbox.expunge(uids(inbox));
        assertThat(before).hasSize(1);
        assertThat(before.getFirst().flags()).isEqualTo(Flags.NONE);
    }

    @Test
    void aPartOfTheMessagesIsReadInTheirOrder() throws Exception {
        AccountMail mail = mail();
        for (int i = 0; i < 5; i++) {
            append(mail, SENT, "Subject: a\n\n", Flags.NONE);
        }
        Mailbox sent = mail.select(SENT);
        List<Message> all = sent.messages();
        long third = all.get(2).uid();
        sent.expunge(List.of(third));
        assertThat(sent.messagesFrom(third, 1)).containsExactly(all.get(3));
        assertThat(sent.messagesFrom(1, 3)).containsExactly(all.get(0), all.get(1), all.get(3));
        assertThat(sent.messagesFrom(all.get(4).uid(), 9)).containsExactly(all.get(4));
        assertThat(sent.messagesFrom(sent.uidNext(), 9)).isEmpty();
        assertThat(MessageRuns.of(sent)).containsExactlyElementsOf(sent.messages());
        assertThat(MessageRuns.from(sent, third)).containsExactly(all.get(3), all.get(4));
    }

    @Test
    void copyKeepsFlagsDateAndContent() throws Exception {
        deliver("A0000000001", "Subject: one\n\nbody\n");
        deliver("A0000000002", "Subject: two\n\nbody\n");
        Mailbox inbox = inbox();
        List<Long> uids = uids(inbox);
        inbox.store(uids, new FlagChange(FlagChange.Mode.ADD, new Flags(Flags.SEEN, Set.of("Work"))));
        Mailbox.Copied copied = inbox.copy(List.of(uids.get(0), 4_000_000_000L, uids.get(1)), SENT);
        assertThat(copied.from()).isEqualTo(uids);
        Mailbox sent = mail().select(SENT);
        assertThat(copied.uidValidity()).isEqualTo(sent.uidValidity());
        assertThat(copied.to()).isEqualTo(uids(sent)).hasSize(2);
        for (int i = 0; i < 2; i++) {
            Message from = inbox.message(uids.get(i)).orElseThrow();
            Message to = sent.message(copied.to().get(i)).orElseThrow();
            assertThat(to.flags()).isEqualTo(from.flags());
            assertThat(to.internalDate()).isEqualTo(from.internalDate());
            assertThat(text(sent, to.uid())).isEqualTo(text(inbox, from.uid()));
        }
        inbox.expunge(uids);
        assertThat(text(sent, copied.to().get(0))).contains("Subject: one");
        Mailbox.Copied again = sent.copy(copied.to(), SENT);
        assertThat(uids(sent)).hasSize(4).containsAll(again.to());
    }

    @Test
    void moveTakesMessagesAway() throws Exception {
        deliver("A0000000001", "Subject: one\n\nbody\n");
        Mailbox inbox = inbox();
        long point = inbox.highestModSeq();
        long uid = uids(inbox).getFirst();
        Mailbox.Copied moved = inbox.move(List.of(uid), SENT);
        assertThat(inbox.messages()).isEmpty();
        assertThat(inbox.changesSince(point).expunged()).containsExactly(uid);
        Mailbox sent = mail().select(SENT);
        assertThat(uids(sent)).isEqualTo(moved.to());
        Mailbox.Copied back = sent.move(moved.to(), MailboxName.INBOX);
        assertThat(back.to().getFirst()).isGreaterThan(uid);
        Mailbox.Copied itself = inbox.move(back.to(), MailboxName.INBOX);
        assertThat(uids(inbox)).isEqualTo(itself.to());
        assertThat(text(inbox, itself.to().getFirst())).contains("Subject: one");
    }

    @Test
    void copyToNowhereIsRefused() throws Exception {
        deliver("A0000000001", "Subject: one\n\nbody\n");
        Mailbox inbox = inbox();
        assertReason(() -> inbox.copy(uids(inbox), name("No/Such")), MailboxException.Reason.NONEXISTENT);
        assertReason(() -> mail().select(name("No/Such")), MailboxException.Reason.NONEXISTENT);
    }

    @Test
    void newAccountHasTheUsualMailboxes() throws Exception {
        assertThat(mail().mailboxes())
                .extracting(info -> info.name().toString())
                .containsExactly("INBOX", "Archive", "Drafts", "Junk", "Sent", "Trash");
        assertThat(mail().find(SENT).orElseThrow().specialUse()).contains(SpecialUse.SENT);
        assertThat(mail().subscriptions()).contains(MailboxName.INBOX, SENT);
    }

    @Test
    void mailboxesAreMadeRenamedAndDeletedWithTheirChildren() throws Exception {
        AccountMail mail = mail();
        MailboxName deep = new MailboxName(List.of("Pläne", "v1.0/x", "日本~&"));
        mail.create(deep, Optional.empty());
        assertReason(() -> mail.create(deep, Optional.empty()), MailboxException.Reason.ALREADY_EXISTS);
        append(mail, deep, "Subject: kept\n\n", Flags.NONE);
        long validity = mail.status(deep).uidValidity();
        assertThat(mail.find(name("Pläne")).orElseThrow().selectable()).isFalse();
        mail.rename(name("Pläne"), name("Archive/Pläne"));
        MailboxName moved = new MailboxName(List.of("Archive", "Pläne", "v1.0/x", "日本~&"));
        assertThat(mail.find(deep)).isEmpty();
        assertThat(mail.status(moved).messages()).isEqualTo(1);
        assertThat(mail.status(moved).uidValidity()).isEqualTo(validity);
        reopen();
        AccountMail later = mail();
        assertThat(later.find(moved)).isPresent();
        later.delete(moved);
        assertThat(later.find(moved)).isEmpty();
        later.create(moved, Optional.empty());
        assertThat(later.status(moved).uidValidity()).isGreaterThan(validity);
        assertThat(later.status(moved).messages()).isZero();
        assertReason(() -> later.delete(MailboxName.INBOX), MailboxException.Reason.CANNOT);
        assertReason(() -> later.delete(name("nothing")), MailboxException.Reason.NONEXISTENT);
    }

    @Test
    void renamingInboxMovesItsMessages() throws Exception {
        deliver("A0000000001", "Subject: one\n\nbody\n");
        AccountMail mail = mail();
        mail.rename(MailboxName.INBOX, name("Old"));
        assertThat(mail.status(name("Old")).messages()).isEqualTo(1);
        assertThat(mail.status(MailboxName.INBOX).messages()).isZero();
    }

    @Test
    void specialUseBelongsToOneMailboxAndFollowsItsName() throws Exception {
        AccountMail mail = mail();
        assertReason(() -> mail.create(name("Sent2"), Optional.of(SpecialUse.SENT)), MailboxException.Reason.CANNOT);
        mail.rename(SENT, name("Gesendet"));
        reopen();
        assertThat(mail().find(name("Gesendet")).orElseThrow().specialUse()).contains(SpecialUse.SENT);
        mail().delete(name("Gesendet"));
        mail().create(SENT, Optional.of(SpecialUse.SENT));
        assertThat(mail().find(SENT).orElseThrow().specialUse()).contains(SpecialUse.SENT);
    }

    @Test
    void subscriptionsAreKeptForMailboxesThatDoNotExist() throws Exception {
        MailboxName none = new MailboxName(List.of("Not", "there.yet", "ü"));
        mail().subscribe(none, true);
        mail().subscribe(SENT, false);
        reopen();
        assertThat(mail().subscriptions()).contains(none).doesNotContain(SENT);
    }

    @Test
    void recentMessagesAreClaimedByOneSession() throws Exception {
        deliver("A0000000001", "Subject: one\n\nbody\n");
        assertThat(mail().status(MailboxName.INBOX).recent()).isEqualTo(1);
        Mailbox one = inbox();
        assertThat(one.recentFrom(false)).isEqualTo(uids(one).getFirst());
        assertThat(one.recentFrom(true)).isEqualTo(uids(one).getFirst());
        assertThat(inbox().recentFrom(true)).isGreaterThan(uids(one).getFirst());
        reopen();
        assertThat(mail().status(MailboxName.INBOX).recent()).isZero();
    }

    @Test
    void deliveryAndChangesAreAnnounced() throws Exception {
        Mailbox one = inbox();
        AtomicInteger calls = new AtomicInteger();
        one.onChange(calls::incrementAndGet);
        long point = one.highestModSeq();
        deliver("A0000000001", "Subject: one\n\nbody\n");
        assertThat(calls.get()).isPositive();
        assertThat(one.changesSince(point).changed()).hasSize(1);
        int before = calls.get();
        inbox().store(uids(one), new FlagChange(FlagChange.Mode.ADD, Flags.of(Flags.SEEN)));
        assertThat(calls.get()).isGreaterThan(before);
        one.close();
        int closed = calls.get();
        inbox().expunge(uids(inbox()));
        assertThat(calls.get()).isEqualTo(closed);
    }

    @Test
    void statusCountsWithoutSelecting() throws Exception {
        AccountMail mail = mail();
        append(mail, SENT, "Subject: a\n\n", Flags.of(Flags.SEEN));
        append(mail, SENT, "Subject: b\n\n", Flags.of(Flags.DELETED));
        MailboxStatus status = mail.status(SENT);
        assertThat(status.messages()).isEqualTo(2);
        assertThat(status.unseen()).isEqualTo(1);
        assertThat(status.deleted()).isEqualTo(1);
        assertThat(status.size()).isEqualTo(28);
    }

    @Test
    void repeatedDeliveryIsFoundEvenWhenTheMessageWasMoved() throws Exception {
        deliver("A0000000001", "Subject: one\n\nbody\n");
        repeat("A0000000001");
        Mailbox inbox = inbox();
        assertThat(inbox.messages()).hasSize(1);
        inbox.move(uids(inbox), SENT);
        repeat("A0000000001");
        assertThat(inbox().messages()).isEmpty();
        repeat("A0000000002");
        assertThat(inbox().messages()).hasSize(1);
    }

    private void repeat(String key) throws Exception {
        store.deliver(
                ALICE,
                MailboxName.INBOX,
                key,
                bytes("Return-Path: <bob@example.org>\n"),
                MessageContent.of(bytes("Subject: one\n\nbody\n")),
                System.currentTimeMillis(),
                Flags.NONE,
                true);
    }

    @Test
    void deletedAccountIsGone() throws Exception {
        deliver("A0000000001", "Subject: one\n\nbody\n");
        mail().create(name("Mine"), Optional.empty());
        store.delete(ALICE);
        assertThat(mail().find(name("Mine"))).isEmpty();
        assertThat(inbox().messages()).isEmpty();
    }

    /** A request about mailboxes. */
    protected interface Request {
        void run() throws Exception;
    }

    protected static void assertReason(Request request, MailboxException.Reason reason) {
        assertThatThrownBy(request::run)
                .isInstanceOfSatisfying(
                        MailboxException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
