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
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.log.MailLog;
import org.posthorn.mail.MessageContent;
import org.posthorn.mailbox.AccountMail;
import org.posthorn.mailbox.Appender;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.MailboxName;

/** What users may fill. */
class LimitsTest {
    private static final MailboxName SENT = new MailboxName(List.of("Sent"));

    @TempDir
    Path root;

    private static MaildirStore store(MaildirConfig config) throws IOException {
        return new MaildirStore(config, MailLog.none(), InstantSource.system());
    }

    private MaildirConfig withReserve(long reserve) {
        return new MaildirConfig(root, "h", 100, 40, 1_000_000, reserve, false);
    }

    private static void append(AccountMail mail) throws Exception {
        try (Appender appender = mail.append(MailboxName.INBOX, Flags.NONE, Optional.empty())) {
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
        long reserve = Files.getFileStore(root).getUsableSpace() / 10 * 6;
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

    /** The room goes while the message comes: nothing of it stays, the rest is read over, and the end says why. */
    @Test
    void aMessageThatTheDiskCannotHoldLeavesNothing() throws Exception {
        long reserve = (Files.getFileStore(root).getUsableSpace() - 200_000_000) / 2;
        try (MaildirStore store =
                        store(new MaildirConfig(root, "h", 100, 40, Long.MAX_VALUE / 2, Math.max(reserve, 0), false));
                AccountMail mail = store.open(MaildirFixture.ALICE);
                Appender appender = mail.append(MailboxName.INBOX, Flags.NONE, Optional.empty())) {
            byte[] block = new byte[1 << 20];
            for (int i = 0; i < 1_000; i++) {
                appender.write(block, 0, block.length);
            }
            Path tmp = root.resolve("alice@posthorn.test/Maildir/tmp");
            try (var files = Files.list(tmp)) {
                assertThat(Files.size(files.findFirst().orElseThrow())).isZero();
            }
            assertRefused(MailboxException.Reason.OVER_QUOTA, appender::commit);
        }
    }
}
