package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.log.MailLog;
import org.posthorn.mailbox.AccountMail;
import org.posthorn.mailbox.Appender;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.testing.WatchedFiles;

/** What a client was told to be there has been synced by then, and nothing is told of what could not be. */
class PromisedOnDiskTest {
    private static final String CUR = "alice@posthorn.test/Maildir/cur";

    @TempDir
    private Path root;

    private WatchedFiles files;
    private MaildirStore store;
    private AccountMail mail;

    @BeforeEach
    void open() throws IOException {
        files = new WatchedFiles(root);
        MaildirConfig config = new MaildirConfig(files.root(), "mail.posthorn.test", 100, 40, 1_000_000, true);
        store = new MaildirStore(config, MailLog.none(), InstantSource.system());
        mail = store.open(MaildirFixture.ALICE);
    }

    @AfterEach
    void close() throws IOException {
        files.failOn(event -> false);
        mail.close();
        store.close();
    }

    private void append() throws Exception {
        byte[] text = "Subject: x\r\n\r\ntext\r\n".getBytes(StandardCharsets.US_ASCII);
        try (Appender appender = mail.append(MailboxName.INBOX, Flags.NONE, Optional.empty(), text.length)) {
            appender.write(text, 0, text.length);
            appender.commit();
        }
    }

    private List<String> since(int before) {
        return files.events().subList(before, files.events().size()).stream()
                .map(event -> event.replaceAll("(tmp|cur)/[^ ]+", "$1/FILE"))
                .toList();
    }

    private long inCur() throws IOException {
        try (Stream<Path> all = Files.list(root.resolve(CUR))) {
            return all.count();
        }
    }

    @Test
    void anAppendIsSyncedWithItsName() throws Exception {
        append();
        int before = files.events().size();
        append();
        assertThat(since(before))
                .containsSubsequence(
                        "move alice@posthorn.test/Maildir/tmp/FILE " + CUR + "/FILE",
                        "sync alice@posthorn.test/Maildir/tmp/FILE",
                        "sync " + CUR);
    }

    @Test
    void anAppendThatCannotBeSyncedIsNone() throws Exception {
        append();
        for (String failing : List.of("sync .*/tmp/.*", "sync .*/cur")) {
            files.failOn(event -> event.matches(failing));
            assertThatThrownBy(() -> append()).isInstanceOf(IOException.class);
            files.failOn(event -> false);
            assertThat(inCur()).isEqualTo(1);
            try (Mailbox inbox = mail.select(MailboxName.INBOX)) {
                assertThat(inbox.messages()).hasSize(1);
            }
        }
        try (Stream<Path> all = Files.list(root.resolve("alice@posthorn.test/Maildir/tmp"))) {
            assertThat(all).isEmpty();
        }
    }

    @Test
    void aCopyIsSyncedWithItsName() throws Exception {
        mail.create(MailboxName.parse("other", '/'), Optional.empty());
        append();
        try (Mailbox inbox = mail.select(MailboxName.INBOX)) {
            int before = files.events().size();
            inbox.copy(List.of(inbox.messages().getFirst().uid()), MailboxName.parse("other", '/'));
            assertThat(since(before)).contains("sync alice@posthorn.test/Maildir/.other/cur");
        }
    }
}
