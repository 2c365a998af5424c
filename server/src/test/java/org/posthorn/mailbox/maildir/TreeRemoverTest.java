package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.log.MailLog;
import org.posthorn.mailbox.AccountMail;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.testing.Eventually;

/** Deleted mail is out of sight at once and leaves the disk later; what stays on it is told. */
class TreeRemoverTest {
    private static final MailboxName MINE = MailboxName.parse("Mine", '/');

    @TempDir
    Path root;

    private static List<Path> in(Path directory) throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(path -> path.getFileName().toString().contains("deleted-"))
                    .toList();
        }
    }

    private Path tree(String name) throws Exception {
        Path tree = Files.createDirectories(root.resolve(name).resolve("cur")).getParent();
        Files.writeString(tree.resolve("cur/1"), "x");
        Files.createSymbolicLink(tree.resolve("link"), root.resolve("kept"));
        return tree;
    }

    @Test
    void removesOneTreeAfterAnotherAndWhatIsGoneIsNoFailure() throws Exception {
        Path kept =
                Files.writeString(Files.createDirectories(root.resolve("kept")).resolve("file"), "x");
        try (TreeRemover remover = new TreeRemover(MailLog.none())) {
            Path one = tree("one");
            remover.remove(one);
            remover.remove(root.resolve("none"));
            Eventually.await(() -> Files.notExists(one));
            // The thread has ended by now, or ends: another is begun.
            Path two = tree("two");
            remover.remove(two);
            Eventually.await(() -> Files.notExists(two));
            assertThat(remover.faults()).isEmpty();
        }
        assertThat(kept).exists();
    }

    @Test
    void nothingIsRemovedAfterTheEnd() throws Exception {
        TreeRemover remover = new TreeRemover(MailLog.none());
        remover.close();
        Path tree = tree("one");
        remover.remove(tree);
        remover.close();
        assertThat(tree.resolve("cur/1")).exists();
    }

    @Test
    void tellsWhatItCannotRemove() throws Exception {
        Path tree = tree("one");
        AtomicReference<Optional<Throwable>> trouble =
                new AtomicReference<>(Optional.of(new IOException("disk is ill")));
        TreeRemover.Way way = (root, stop) -> {
            switch (trouble.get().orElse(null)) {
                case IOException e -> throw e;
                case Error e -> throw e;
                case null, default -> Trees.delete(root, stop);
            }
        };
        try (TreeRemover remover = new TreeRemover(MailLog.none(), way)) {
            remover.remove(tree);
            Eventually.await(() -> !remover.faults().isEmpty());
            assertThat(remover.faults())
                    .containsExactly("deleted mail cannot be removed from the disk: 1 directory, " + tree
                            + ": java.io.IOException: disk is ill");
            trouble.set(Optional.of(new StackOverflowError("a defect")));
            remover.remove(root.resolve("z"));
            Eventually.await(
                    () -> remover.faults().getFirst().contains("2 directories, the first " + tree + ": java.io"));
            trouble.set(Optional.empty());
            // Not before ten minutes have passed.
            remover.retry();
            Path later = tree("later");
            remover.remove(later);
            Eventually.await(() -> Files.notExists(later));
            assertThat(remover.faults()).hasSize(1);
            assertThat(tree).exists();
            remover.remove(tree);
            remover.remove(root.resolve("z"));
            Eventually.await(() -> remover.faults().isEmpty());
        }
        assertThat(tree).doesNotExist();
    }

    @Test
    void aStopLeavesTheRestAndTheNextStartRemovesIt() throws Exception {
        Path tree = tree("one");
        Trees.delete(tree, () -> true);
        assertThat(tree.resolve("cur/1")).exists();
        try (MaildirFixture maildir = new MaildirFixture(root)) {
            AccountMail mail = maildir.mail();
            mail.create(MINE, Optional.empty());
            maildir.append("Mine", "Subject: x\r\n\r\n", Flags.NONE);
            maildir.stop();
            // As a stop has left them: a mailbox that was deleted, one that was being made, an account.
            Files.move(maildir.maildir.resolve(".Mine"), maildir.maildir.resolve("..deleted-1"));
            Files.createDirectories(maildir.maildir.resolve("..deleted-new/cur"));
            Files.move(tree, root.resolve(".deleted-2"));
            maildir.open();
            AccountMail again = maildir.mail();
            assertThat(again.find(MINE)).isEmpty();
            assertThat(maildir.maildir.resolve("..deleted-new")).doesNotExist();
            again.create(MINE, Optional.empty());
            Eventually.await(() -> Files.notExists(maildir.maildir.resolve("..deleted-1")));
            Eventually.await(() -> Files.notExists(root.resolve(".deleted-2")));
            assertThat(maildir.store().faults()).isEmpty();
        }
    }

    @Test
    void aDeletedMailboxAndADeletedAccountLeaveTheDisk() throws Exception {
        try (MaildirFixture maildir = new MaildirFixture(root)) {
            AccountMail mail = maildir.mail();
            mail.create(MINE, Optional.empty());
            maildir.append("Mine", "Subject: x\r\n\r\n", Flags.NONE);
            mail.delete(MINE);
            Eventually.await(() -> {
                try {
                    return in(maildir.maildir).isEmpty();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            maildir.store().delete(MaildirFixture.ALICE);
            assertThat(maildir.maildir).doesNotExist();
            Eventually.await(() -> {
                try {
                    return in(root).isEmpty();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
        }
    }
}
