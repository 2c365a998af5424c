package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.mail.MessageContent;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.MailboxName;

/** The file system of the mailboxes goes away while the server runs. */
class GroundTest {
    private static final Address ALICE = Address.parse("alice@posthorn.test");

    @TempDir
    Path dir;

    private static void deliver(MaildirStore store, String key) throws Exception {
        MessageContent content = MessageContent.of("a: b\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        store.deliver(ALICE, MailboxName.INBOX, key, new byte[0], content, 0, Flags.NONE, false);
    }

    @Test
    void makesNoMailboxesInAnotherDirectory() throws Exception {
        Path mail = dir.resolve("mail");
        try (MaildirStore store = new MaildirStore(
                MaildirConfig.of(mail, "mail.posthorn.test"), MailLog.none(), InstantSource.system())) {
            deliver(store, "a");
            Path away = Files.move(mail, dir.resolve("away"));
            assertThatThrownBy(() -> deliver(store, "b"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(mail + ", is gone: is its file system mounted?");
            assertThatThrownBy(() -> store.open(ALICE)).isInstanceOf(IOException.class);
            assertThat(mail).doesNotExist();
            Files.createDirectory(mail);
            assertThatThrownBy(() -> deliver(store, "b"))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another directory is in the place of");
            assertThat(mail).isEmptyDirectory();
            Files.delete(mail);
            Files.move(away, mail);
            deliver(store, "b");
        }
    }

    @Test
    void doesNotStartBeforeItIsMounted() throws Exception {
        Path mail = dir.resolve("mail");
        Path note = dir.resolve("mail-there");
        MountNote mount = new MountNote(note, mail);
        mount.require();
        Files.createDirectories(mail.resolve("lost+found"));
        mount.require();
        mount.write();
        assertThat(note).doesNotExist();

        try (MaildirStore store = new MaildirStore(
                MaildirConfig.of(mail, "mail.posthorn.test"), MailLog.none(), InstantSource.system())) {
            deliver(store, "a");
        }
        mount.write();
        Path away = Files.move(mail, dir.resolve("away"));
        assertThatThrownBy(mount::require)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(mail + ", and there was: is its file system mounted?")
                .hasMessageContaining("remove " + note);
        Files.createDirectories(mail.resolve("lost+found"));
        assertThatThrownBy(mount::require).isInstanceOf(IOException.class);
        Files.delete(note);
        mount.require();

        Files.delete(mail.resolve("lost+found"));
        Files.delete(mail);
        Files.move(away, mail);
        mount.require();
        assertThat(note).exists();
    }
}
