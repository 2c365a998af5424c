package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.mailbox.maildir.MaildirFixture.text;
import static org.posthorn.mailbox.maildir.MaildirFixture.uids;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.mailbox.FlagChange;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Mailbox;

/** An account's files are put back as they were some time ago: UIDs that clients have seen since name nothing else. */
class RestoreTest {
    @TempDir
    Path root;

    @TempDir
    Path backup;

    private MaildirFixture maildir;
    private Path home;
    private long validity;

    /** Two messages are in the copy; two more, UIDs 3 and 4, came later. */
    @BeforeEach
    void backUp() throws Exception {
        Assumptions.assumeTrue(Birth.isAsked(root), "the file system does not keep the time of birth");
        maildir = new MaildirFixture(root);
        home = maildir.maildir.getParent();
        maildir.deliver("A0000000001");
        maildir.deliver("A0000000002");
        Mailbox inbox = maildir.inbox();
        assertThat(uids(inbox)).containsExactly(1L, 2L);
        inbox.store(List.of(2L), new FlagChange(FlagChange.Mode.ADD, new Flags(Flags.SEEN, Set.of("Work"))));
        validity = inbox.uidValidity();
        maildir.stop();
        copy(home, backup.resolve("home"));
        maildir.open();
        maildir.deliver("A0000000003");
        maildir.deliver("A0000000004");
        Mailbox later = maildir.inbox();
        assertThat(uids(later)).containsExactly(1L, 2L, 3L, 4L);
        assertThat(later.uidValidity()).isEqualTo(validity);
        maildir.stop();
    }

    @AfterEach
    void close() throws Exception {
        maildir.close();
    }

    /** As {@code cp -a}. */
    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (!Files.isDirectory(target)) {
                    Files.copy(path, target, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
                }
            }
        }
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.setLastModifiedTime(
                        to.resolve(from.relativize(path).toString()), Files.getLastModifiedTime(path));
            }
        }
    }

    private void restore() throws IOException {
        Trees.delete(home);
        copy(backup.resolve("home"), home);
        maildir.open();
    }

    private void loseIndex() throws IOException {
        for (String suffix : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(maildir.index().resolveSibling("index.db" + suffix));
        }
    }

    private void assertRenumbered() throws Exception {
        Mailbox inbox = maildir.inbox();
        assertThat(inbox.uidValidity()).isGreaterThan(validity);
        assertThat(inbox.messages()).hasSize(2);
        Flags seen = inbox.messages().getLast().flags();
        assertThat(seen.has(Flags.SEEN)).isTrue();
        assertThat(seen.hasKeyword("Work")).isTrue();
        long fresh = inbox.uidValidity();
        List<Long> numbers = uids(inbox);
        maildir.restart();
        // Once is enough.
        assertThat(maildir.inbox().uidValidity()).isEqualTo(fresh);
        assertThat(uids(maildir.inbox())).isEqualTo(numbers);
    }

    @Test
    void aCopyOfTheAccountGetsAnotherUidValidity() throws Exception {
        restore();
        assertRenumbered();
    }

    /** The programs that administrators take; each keeps times, and none a file's inode and birth. {@code $1} is copied to {@code $2}. */
    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            cp, rm -rf "$2" && cp -a "$1" "$2"
            tar, rm -rf "$2" && mkdir "$2" && tar -C "$1" -cf - . | tar -C "$2" -xpf -
            rsync, rm -rf "$2" && rsync -a "$1/" "$2"
            rsync, rsync -a --delete --ignore-times "$1/" "$2"
            rsync, rsync -a --delete --checksum "$1/" "$2"
            cpio, rm -rf "$2" && mkdir "$2" && cd "$1" && find . -depth -print0 | cpio -0pdm --quiet "$2"
            """)
    void aCopyByAnyProgramGetsAnotherUidValidity(String program, String command) throws Exception {
        Assumptions.assumeTrue(shell("command -v " + program, "", "") == 0, program + " is not installed");
        Path again = backup.resolve("again");
        assertThat(shell(command, backup.resolve("home").toString(), again.toString()))
                .isZero();
        assertThat(shell(command, again.toString(), home.toString())).isZero();
        maildir.open();
        assertRenumbered();
    }

    private static int shell(String command, String from, String to) throws Exception {
        return new ProcessBuilder("sh", "-c", command, "sh", from, to)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    @Test
    void alsoInMailboxesThatAreOpenedLater() throws Exception {
        restore();
        long other = maildir.select("Sent").uidValidity();
        maildir.restart();
        assertRenumbered();
        assertThat(maildir.select("Sent").uidValidity()).isEqualTo(other);
    }

    @Test
    void alsoWithoutTheIndex() throws Exception {
        Trees.delete(home);
        copy(backup.resolve("home"), home);
        loseIndex();
        maildir.open();
        assertRenumbered();
    }

    /** The list is of a release that did not write its birth, the index is of that release too. */
    @Test
    void alsoWhenOnlyTheIndexTells() throws Exception {
        Path list = backup.resolve("home/Maildir/dovecot-uidlist");
        Files.writeString(list, Files.readString(list).replaceFirst(" B[0-9.]+\n", "\n"));
        restore();
        assertRenumbered();
    }

    @Test
    void theMaildirAloneGoesOnAboveWhatTheIndexKnows() throws Exception {
        Trees.delete(maildir.maildir);
        copy(backup.resolve("home/Maildir"), maildir.maildir);
        maildir.open();
        Mailbox inbox = maildir.inbox();
        assertThat(inbox.uidValidity()).isEqualTo(validity);
        maildir.deliver("A0000000005");
        inbox.changesSince(1);
        assertThat(text(inbox, uids(inbox).getLast())).contains("A0000000005");
        assertThat(uids(inbox).getLast()).isGreaterThan(4);
    }

    @Test
    void theIndexAloneGoesOnAboveWhatTheListKnows() throws Exception {
        loseIndex();
        copyIndexBack();
        maildir.open();
        Mailbox inbox = maildir.inbox();
        assertThat(inbox.uidValidity()).isEqualTo(validity);
        assertThat(uids(inbox)).containsExactly(1L, 2L, 3L, 4L);
        assertThat(inbox.uidNext()).isGreaterThan(4);
    }

    private void copyIndexBack() throws IOException {
        for (String suffix : List.of("", "-wal", "-shm")) {
            Path from = backup.resolve("home/index.db" + suffix);
            if (Files.exists(from)) {
                Files.copy(from, home.resolve("index.db" + suffix), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    @Test
    void whatWasMovedKeepsItsNumbers() throws Exception {
        Path aside = root.resolve("aside");
        Files.move(home, aside);
        Files.move(aside, home);
        maildir.open();
        assertThat(maildir.inbox().uidValidity()).isEqualTo(validity);
        assertThat(uids(maildir.inbox())).containsExactly(1L, 2L, 3L, 4L);
    }

    /** The administrator knows that the copy is of the last state: he has moved to another machine. */
    @Test
    void copiesAreTakenForTheOriginalOnRequest() throws Exception {
        Files.createFile(root.resolve("keep-uidvalidity"));
        restore();
        assertThat(maildir.inbox().uidValidity()).isEqualTo(validity);
        maildir.stop();
        Files.delete(root.resolve("keep-uidvalidity"));
        maildir.open();
        assertThat(maildir.inbox().uidValidity()).isEqualTo(validity);
        assertThat(uids(maildir.inbox())).containsExactly(1L, 2L);
    }
}
