package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.posthorn.mailbox.maildir.MaildirFixture.text;
import static org.posthorn.mailbox.maildir.MaildirFixture.uids;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.mailbox.HeldMessage;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.MailboxInfo;

/** A Maildir whose user lays traps for a server that may read more than he may. */
class HostileMaildirTest {
    @TempDir
    Path root;

    private MaildirFixture maildir;
    private Path secret;

    @BeforeEach
    void open() throws Exception {
        maildir = new MaildirFixture(root);
        maildir.append("INBOX", "Subject: own\r\n\r\nown\r\n", org.posthorn.mailbox.Flags.NONE);
        secret = Files.createDirectories(root.resolve("secret"));
        for (String part : List.of("cur", "new", "tmp")) {
            Files.writeString(Files.createDirectories(secret.resolve(part)).resolve("1.x.y"), "Subject: theirs\n\nx\n");
        }
    }

    @AfterEach
    void close() throws Exception {
        maildir.close();
    }

    private void replace(String part) throws IOException {
        Files.move(maildir.maildir.resolve(part), maildir.maildir.resolve(part + ".old"));
        Files.createSymbolicLink(maildir.maildir.resolve(part), secret.resolve(part));
    }

    @Test
    void filesThatAreLinksAreNoMessages() throws Exception {
        Path theirs = secret.resolve("cur/1.x.y");
        Files.createSymbolicLink(maildir.maildir.resolve("cur/1700000001.x.h:2,"), theirs);
        Files.createSymbolicLink(maildir.maildir.resolve("new/1700000002.Qy.h,S=19,W=21"), theirs);
        maildir.restart();
        Mailbox inbox = maildir.inbox();
        assertThat(uids(inbox)).hasSize(1);
        assertThat(text(inbox, uids(inbox).getFirst())).contains("own");
    }

    @Test
    void aMessageReplacedByALinkIsNotRead() throws Exception {
        Mailbox inbox = maildir.inbox();
        Path file = maildir.onlyFile("cur");
        Files.delete(file);
        Files.createSymbolicLink(file, secret.resolve("cur/1.x.y"));
        assertThatThrownBy(() -> inbox.hold(uids(inbox).getFirst())).isInstanceOf(IOException.class);
    }

    @Test
    @Timeout(60)
    void aFifoIsNotOpened() throws Exception {
        Path fifo = maildir.maildir.resolve("cur/1700000000.Qfifo.h,S=100,W=100:2,");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        maildir.restart();
        Mailbox inbox = maildir.inbox();
        assertThat(uids(inbox)).hasSize(1);
    }

    @Test
    void foldersThatAreLinksAreNoMailboxes() throws Exception {
        Files.createSymbolicLink(maildir.maildir.resolve(".Theirs"), secret);
        assertThat(maildir.mail().mailboxes())
                .extracting(MailboxInfo::name)
                .noneMatch(n -> n.toString().contains("Theirs"));
        assertThatThrownBy(() -> maildir.select("Theirs")).isInstanceOf(MailboxException.class);
    }

    @Test
    void directoriesThatAreLinksAreNotFollowed() throws Exception {
        for (String part : List.of("cur", "new", "tmp")) {
            replace(part);
            assertThatThrownBy(() -> maildir.inbox()).as(part).isInstanceOf(MailboxException.class);
            assertThat(secret.resolve(part).resolve("1.x.y")).exists();
            Files.delete(maildir.maildir.resolve(part));
            Files.move(maildir.maildir.resolve(part + ".old"), maildir.maildir.resolve(part));
        }
        replace("tmp");
        assertThatThrownBy(() -> maildir.deliver("A0000000001")).isInstanceOf(IOException.class);
        assertThat(secret.resolve("tmp")).isDirectoryContaining("glob:**1.x.y");
    }

    @Test
    void sizesInNamesAreNotBelieved() throws Exception {
        maildir.put("cur/1.Qx.h,S=99999999,W=99999999:2,S", "Subject: 1\n\nx");
        maildir.put("cur/2.Qz.h,S=13,W=13:2,S", "Subject: 2\n\nx");
        maildir.put("cur/3.Qy.h,S=13,W=999999999999:2,S", "Subject: 3\n\nx");
        maildir.restart();
        Mailbox inbox = maildir.inbox();
        assertThat(uids(inbox)).hasSize(4);
        for (long uid : uids(inbox)) {
            try (HeldMessage held = inbox.hold(uid).orElseThrow()) {
                String read =
                        new String(held.content().open().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII);
                assertThat(read).hasSize((int) held.content().size()).doesNotContainPattern("(?<!\r)\n");
            }
        }
        assertThat(inbox.messages()).allMatch(message -> message.size() < 50);
    }

    @Test
    void aHeldMessageCanBeReadAfterItWasRemoved() throws Exception {
        Mailbox inbox = maildir.inbox();
        try (HeldMessage held = inbox.hold(uids(inbox).getFirst()).orElseThrow()) {
            assertThat(inbox.expunge(uids(inbox))).hasSize(1);
            for (int i = 0; i < 2; i++) {
                assertThat(held.content().open().readAllBytes())
                        .hasSize((int) held.content().size());
            }
        }
    }
}
