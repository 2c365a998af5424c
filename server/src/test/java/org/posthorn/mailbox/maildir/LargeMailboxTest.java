package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.mailbox.maildir.MaildirFixture.uids;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.mailbox.FlagChange;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.MailboxName;

/** A mailbox of 50,000 messages. */
@Tag("long")
class LargeMailboxTest {
    private static final int MESSAGES = 50_000;

    @TempDir
    Path root;

    @Test
    void fiftyThousandMessagesAreAdoptedChangedAndFoundAgain() throws Exception {
        Path maildir = MaildirFixture.foreignMaildir(root);
        for (int i = 0; i < MESSAGES; i++) {
            // Names that tell all there is to know, so that the files may be empty; not by us, whose short files are
            // torn.
            Files.createFile(maildir.resolve("cur/" + (1_700_000_000 + i) + ".M" + i + ".elsewhere,S=1000,W=1020:2,S"));
        }
        try (MaildirFixture fixture = new MaildirFixture(root)) {
            Mailbox inbox = fixture.inbox();
            List<Long> uids = uids(inbox);
            assertThat(uids).hasSize(MESSAGES).isSorted();
            assertThat(uids.getLast() - uids.getFirst()).isEqualTo(MESSAGES - 1);
            long point = inbox.highestModSeq();
            inbox.store(uids.subList(100, 1100), new FlagChange(FlagChange.Mode.ADD, Flags.of(Flags.DELETED)));
            assertThat(inbox.expunge(uids.subList(100, 1100))).hasSize(1000);
            assertThat(inbox.changesSince(point).expunged()).hasSize(1000);
            assertThat(inbox.copy(uids.subList(2000, 2500), MailboxName.INBOX).to())
                    .hasSize(500);
            List<Long> after = uids(inbox);
            fixture.restart();
            assertThat(uids(fixture.inbox())).isEqualTo(after).hasSize(MESSAGES - 500);
            assertThat(fixture.inbox().messages().get(3000).flags()).isEqualTo(Flags.of(Flags.SEEN));
        }
    }
}
