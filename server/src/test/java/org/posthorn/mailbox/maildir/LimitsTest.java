package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.posthorn.mailbox.maildir.MaildirFixture.uids;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.log.MailLog;
import org.posthorn.mail.MessageContent;
import org.posthorn.mailbox.AccountMail;
import org.posthorn.mailbox.Appender;
import org.posthorn.mailbox.FlagChange;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.storage.FreeSpace;

/** What users may fill. */
class LimitsTest {
    private static final MailboxName SENT = new MailboxName(List.of("Sent"));

    @TempDir
    Path root;

    private static MaildirStore store(MaildirConfig config) throws IOException {
        return new MaildirStore(config, MailLog.none(), InstantSource.system());
    }

    private MaildirConfig withReserve(long reserve) {
        return new MaildirConfig(root, "h", 100, 40, 1_000, 1_000, 1_000_000, reserve, false);
    }

    private static void append(AccountMail mail) throws Exception {
        try (Appender appender = mail.append(MailboxName.INBOX, Flags.NONE, Optional.empty(), 0)) {
            appender.write(new byte[] {'x'}, 0, 1);
            appender.commit();
        }
    }

    private static void assertRefused(MailboxException.Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MailboxException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void usersStopAtTwiceTheReserve() throws Exception {
        assertThat(MaildirConfig.of(root, "h").reserve()).isEqualTo(64L * 1024 * 1024);
        try (MaildirStore store = store(withReserve(0));
                AccountMail mail = store.open(MaildirFixture.ALICE)) {
            append(mail);
        }
        // Of what is free now, the reserve is six tenths: twice as much is not there.
        long reserve = root.toFile().getUsableSpace() / 10 * 6;
        try (MaildirStore store = store(withReserve(reserve));
                AccountMail mail = store.open(MaildirFixture.ALICE);
                Mailbox inbox = mail.select(MailboxName.INBOX)) {
            assertRefused(MailboxException.Reason.OVER_QUOTA, () -> append(mail));
            assertRefused(MailboxException.Reason.OVER_QUOTA, () -> inbox.copy(uids(inbox), SENT));
            store.deliver(
                    MaildirFixture.ALICE,
                    MailboxName.INBOX,
                    "key",
                    new byte[0],
                    MessageContent.of(new byte[] {'y'}),
                    0,
                    Flags.NONE,
                    false);
            assertThat(inbox.changesSince(1).changed()).hasSize(2);
            assertThat(inbox.move(uids(inbox), SENT).to()).hasSize(2);
        }
    }

    @Test
    void movesStopAtTheReserveAndRemovalsNever() throws Exception {
        try (MaildirStore store = store(withReserve(0));
                AccountMail mail = store.open(MaildirFixture.ALICE)) {
            append(mail);
        }
        try (MaildirStore store = store(withReserve(Long.MAX_VALUE / 4));
                AccountMail mail = store.open(MaildirFixture.ALICE);
                Mailbox inbox = mail.select(MailboxName.INBOX)) {
            assertRefused(MailboxException.Reason.OVER_QUOTA, () -> inbox.move(uids(inbox), SENT));
            assertThat(inbox.expunge(uids(inbox))).hasSize(1);
        }
    }

    /** So that a client which waits for leave to send its message need not send it. */
    @Test
    void aMessageThatIsAnnouncedTooLargeIsRefusedBeforeItComes() throws Exception {
        long free = Files.getFileStore(root).getUsableSpace();
        MaildirConfig config = new MaildirConfig(root, "h", 100, 40, 1_000, 1_000, 2 * free, 0, false);
        try (MaildirStore store = store(config);
                AccountMail mail = store.open(MaildirFixture.ALICE)) {
            assertRefused(MailboxException.Reason.OVER_QUOTA, () -> announce(mail, 2 * free));
            assertRefused(MailboxException.Reason.LIMIT, () -> announce(mail, 2 * free + 1));
            try (var files = Files.list(root.resolve("alice@posthorn.test/Maildir/tmp"))) {
                assertThat(files).isEmpty();
            }
            announce(mail, 1_000);
        }
    }

    private static void announce(AccountMail mail, long octets) throws Exception {
        mail.append(MailboxName.INBOX, Flags.NONE, Optional.empty(), octets).close();
    }

    @Test
    void belowTheReserveNothingIsMadeAndAllCanGo() throws Exception {
        MailboxName old = new MailboxName(List.of("Old"));
        MailboxName other = new MailboxName(List.of("Other"));
        try (MaildirStore store = store(withReserve(0));
                AccountMail mail = store.open(MaildirFixture.ALICE)) {
            append(mail);
            mail.create(old, Optional.empty());
            mail.subscribe(old, true);
        }
        try (MaildirStore store = store(withReserve(Long.MAX_VALUE / 4));
                AccountMail mail = store.open(MaildirFixture.ALICE);
                Mailbox inbox = mail.select(MailboxName.INBOX)) {
            assertRefused(MailboxException.Reason.OVER_QUOTA, () -> mail.create(other, Optional.empty()));
            assertRefused(MailboxException.Reason.OVER_QUOTA, () -> mail.subscribe(other, true));
            mail.subscribe(old, false);
            mail.rename(old, other);
            mail.delete(other);
            FlagChange deleted = new FlagChange(FlagChange.Mode.ADD, Flags.of(Flags.DELETED));
            assertThat(inbox.store(uids(inbox), deleted)).hasSize(1);
            assertThat(inbox.expunge(uids(inbox))).hasSize(1);
        }
    }

    /** The room goes while the message comes: nothing of it stays, the rest is read over, and the end says why. */
    @Test
    void aMessageThatTheDiskCannotHoldLeavesNothing() throws Exception {
        AtomicLong free = new AtomicLong(10_000_000);
        MaildirConfig config = new MaildirConfig(root, "h", 100, 40, 1_000, 1_000, 100_000_000, 1_000_000, false);
        try (MaildirStore store = new MaildirStore(
                        config,
                        MailLog.none(),
                        InstantSource.system(),
                        new FreeSpace(root, free::get, config.reserve()));
                AccountMail mail = store.open(MaildirFixture.ALICE);
                Appender appender = mail.append(MailboxName.INBOX, Flags.NONE, Optional.empty(), 0)) {
            byte[] block = new byte[1 << 20];
            appender.write(block, 0, block.length);
            Path tmp = root.resolve("alice@posthorn.test/Maildir/tmp");
            assertThat(written(tmp)).isPositive();
            free.set(2_000_000);
            // The disk is asked every tenth of a second.
            for (int i = 0; i < 600 && written(tmp) > 0; i++) {
                Thread.sleep(10);
                appender.write(block, 0, 100_000);
            }
            assertThat(written(tmp)).isZero();
            assertRefused(MailboxException.Reason.OVER_QUOTA, appender::commit);
        }
    }

    private static long written(Path tmp) throws IOException {
        try (var files = Files.list(tmp)) {
            return Files.size(files.findFirst().orElseThrow());
        }
    }

    private MaildirConfig withMessages(int ofMailbox, int ofAccount) {
        return new MaildirConfig(root, "h", 10, 40, ofMailbox, ofAccount, 1_000_000, 0, false);
    }

    private static void deliver(MaildirStore store, String key) throws Exception {
        store.deliver(
                MaildirFixture.ALICE,
                MailboxName.INBOX,
                key,
                new byte[0],
                MessageContent.of(new byte[] {'y'}),
                0,
                Flags.NONE,
                false);
    }

    @Test
    void theUsualLimitsOfMessages() {
        assertThat(MaildirConfig.of(root, "h").maxMessages()).isEqualTo(200_000);
        assertThat(MaildirConfig.of(root, "h").maxAccountMessages()).isEqualTo(500_000);
    }

    @Test
    void aMailboxTakesNoMoreMessagesThanItMayHave() throws Exception {
        try (MaildirStore store = store(withMessages(3, 100));
                AccountMail mail = store.open(MaildirFixture.ALICE);
                Mailbox inbox = mail.select(MailboxName.INBOX);
                Mailbox sent = mail.select(SENT)) {
            append(mail);
            append(mail);
            List<Long> both = uids(inbox);
            assertRefused(MailboxException.Reason.LIMIT, () -> inbox.copy(both, MailboxName.INBOX));
            assertThat(inbox.messages()).hasSize(2);
            inbox.copy(both, SENT);
            append(mail);
            assertRefused(MailboxException.Reason.LIMIT, () -> append(mail));
            assertRefused(MailboxException.Reason.LIMIT, () -> inbox.move(both, SENT));
            assertThat(sent.messages()).hasSize(2);
            assertThat(inbox.move(both, MailboxName.INBOX).from()).hasSize(2);
            assertRefused(MailboxException.Reason.OVER_QUOTA, () -> deliver(store, "one"));
        }
        // Opened with a lower limit all of it is there, and can go.
        try (MaildirStore store = store(withMessages(1, 1));
                AccountMail mail = store.open(MaildirFixture.ALICE);
                Mailbox inbox = mail.select(MailboxName.INBOX)) {
            assertThat(inbox.expunge(uids(inbox))).hasSize(3);
        }
    }

    @Test
    void anAccountTakesNoMoreMessagesThanItMayHave() throws Exception {
        try (MaildirStore store = store(withMessages(100, 4));
                AccountMail mail = store.open(MaildirFixture.ALICE);
                Mailbox inbox = mail.select(MailboxName.INBOX)) {
            append(mail);
            deliver(store, "one");
            inbox.changesSince(1);
            inbox.copy(uids(inbox), SENT);
            assertRefused(MailboxException.Reason.LIMIT, () -> append(mail));
            assertRefused(MailboxException.Reason.LIMIT, () -> inbox.copy(uids(inbox), SENT));
            assertRefused(MailboxException.Reason.OVER_QUOTA, () -> deliver(store, "two"));
            assertThat(inbox.move(uids(inbox), SENT).to()).hasSize(2);
        }
    }

    @Test
    void whoRemovedMessagesMayGoOnAfterTenSeconds() throws Exception {
        AtomicLong millis = new AtomicLong(1_000_000);
        MessageTally tally = new MessageTally(2_000, millis::get);
        tally.take(2_000, () -> 0, MailboxException.Reason.LIMIT);
        assertRefused(MailboxException.Reason.LIMIT, () -> tally.take(1, () -> 2_000, MailboxException.Reason.LIMIT));
        assertRefused(MailboxException.Reason.LIMIT, () -> tally.take(1, () -> 0, MailboxException.Reason.LIMIT));
        millis.addAndGet(10_000);
        tally.take(1, () -> 0, MailboxException.Reason.LIMIT);
    }

    @Test
    void subscriptionsAreTwiceTheMailboxes() throws Exception {
        try (MaildirStore store = store(withMessages(1, 1));
                AccountMail mail = store.open(MaildirFixture.ALICE)) {
            int free = 20 - mail.subscriptions().size();
            for (int i = 0; i < free; i++) {
                mail.subscribe(new MailboxName(List.of("s" + i)), true);
            }
            MailboxName more = new MailboxName(List.of("more"));
            assertRefused(MailboxException.Reason.LIMIT, () -> mail.subscribe(more, true));
            mail.subscribe(new MailboxName(List.of("s0")), true);
            mail.subscribe(new MailboxName(List.of("s0")), false);
            mail.subscribe(more, true);
            assertThat(mail.subscriptions()).hasSize(20).contains(more);
        }
    }

    @Test
    void atTheLimitOfMailboxesTheyCanBeRenamed() throws Exception {
        try (MaildirStore store = store(withMessages(1, 1));
                AccountMail mail = store.open(MaildirFixture.ALICE)) {
            MailboxName name = new MailboxName(List.of("m0"));
            int made = mail.mailboxes().size();
            for (int i = made; i < 10; i++) {
                mail.create(new MailboxName(List.of("m" + (i - made))), Optional.empty());
            }
            MailboxName renamed = new MailboxName(List.of("other"));
            assertRefused(MailboxException.Reason.LIMIT, () -> mail.create(renamed, Optional.empty()));
            mail.rename(name, renamed);
            assertThat(mail.find(renamed)).isPresent();
            assertThat(mail.mailboxes()).hasSize(10);
        }
    }
}
