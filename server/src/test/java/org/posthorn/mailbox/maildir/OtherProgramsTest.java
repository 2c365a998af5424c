package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.posthorn.mailbox.maildir.MaildirFixture.text;
import static org.posthorn.mailbox.maildir.MaildirFixture.uids;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.mailbox.Changes;
import org.posthorn.mailbox.FlagChange;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.Message;
import org.posthorn.testing.Eventually;

/** What other programs do to a Maildir that we have open, or had. */
class OtherProgramsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path root;

    private MaildirFixture maildir;

    @BeforeEach
    void open() throws Exception {
        maildir = new MaildirFixture(root);
    }

    @AfterEach
    void close() throws Exception {
        maildir.close();
    }

    /** Asks again, as a session does, until there is something to tell. */
    private static Changes nextChanges(Mailbox mailbox, long since) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            Changes changes = mailbox.changesSince(since);
            if (!changes.isEmpty()) {
                return changes;
            }
            Thread.sleep(20);
        }
        throw new AssertionError("nothing was noticed");
    }

    @Test
    void mailPutIntoNewOrCurAppears() throws Exception {
        Mailbox inbox = maildir.inbox();
        long point = inbox.highestModSeq();
        maildir.put("new/1700000001.M1P1.other", "Subject: new\n\nbody\n");
        Changes first = nextChanges(inbox, point);
        maildir.put("cur/1700000002.M2P1.other:2,FS", "Subject: cur\n\nbody\n");
        Changes second = nextChanges(inbox, first.modSeq());
        assertThat(first.changed()).hasSize(1);
        Message added = second.changed().getFirst();
        assertThat(added.uid()).isGreaterThan(first.changed().getFirst().uid());
        assertThat(added.flags()).isEqualTo(Flags.of(Flags.SEEN | Flags.FLAGGED));
        assertThat(text(inbox, added.uid())).isEqualTo("Subject: cur\r\n\r\nbody\r\n");
    }

    @Test
    void idleSessionIsToldOfMailFromOthers() throws Exception {
        Mailbox inbox = maildir.inbox();
        CountDownLatch told = new CountDownLatch(1);
        inbox.onChange(told::countDown);
        maildir.put("new/1700000001.M1P1.other", "Subject: new\n\nbody\n");
        assertThat(told.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void flagsChangedByOthersAreNoticed() throws Exception {
        maildir.deliver("A0000000001");
        Mailbox inbox = maildir.inbox();
        long point = inbox.highestModSeq();
        Path file = maildir.onlyFile("cur");
        Files.move(file, file.resolveSibling(file.getFileName() + "RS"));
        Changes changes = nextChanges(inbox, point);
        assertThat(changes.changed())
                .singleElement()
                .extracting(Message::flags)
                .isEqualTo(Flags.of(Flags.SEEN | Flags.ANSWERED));
        assertThat(changes.expunged()).isEmpty();
    }

    @Test
    void keywordsThatOthersAddAreReadFromTheirFile() throws Exception {
        maildir.deliver("A0000000001");
        Mailbox inbox = maildir.inbox();
        long point = inbox.highestModSeq();
        maildir.put("dovecot-keywords", "0 $Forwarded\n3 Later\n");
        Path file = maildir.onlyFile("cur");
        Files.move(file, file.resolveSibling(file.getFileName() + "ad"));
        assertThat(nextChanges(inbox, point).changed().getFirst().flags())
                .isEqualTo(new Flags(0, Set.of("$Forwarded", "Later")));
    }

    /** What mutt does with a message that its user marks new. */
    @Test
    void aFileMovedBackToNewKeepsItsUid() throws Exception {
        long uid = maildir.append("INBOX", "Subject: one\r\n\r\n1\r\n", Flags.of(Flags.SEEN));
        Mailbox inbox = maildir.inbox();
        long point = inbox.highestModSeq();
        moveBack();
        Changes changes = nextChanges(inbox, point);
        assertThat(changes.expunged()).isEmpty();
        assertThat(changes.changed()).singleElement().extracting(Message::flags).isEqualTo(Flags.NONE);
        assertThat(uids(inbox)).containsExactly(uid);
        moveBack();
        assertThat(text(inbox, uid)).contains("one");
        moveBack();
        maildir.restart();
        Mailbox later = maildir.inbox();
        assertThat(uids(later)).containsExactly(uid);
        assertThat(later.expunge(List.of(uid))).containsExactly(uid);
        assertThat(maildir.maildir.resolve("cur")).isEmptyDirectory();
        assertThat(maildir.maildir.resolve("new")).isEmptyDirectory();
    }

    private void moveBack() throws Exception {
        Path file = maildir.onlyFile("cur");
        String name = file.getFileName().toString();
        Files.move(file, maildir.maildir.resolve("new").resolve(name.substring(0, name.indexOf(':'))));
    }

    /** Looking for a file that others have renamed must not find what has just been moved. */
    @Test
    void aMoveWithinAMailboxWhoseFilesOthersRenameGivesEachMessageOneUid() throws Exception {
        for (int i = 1; i <= 3; i++) {
            maildir.append("INBOX", "Subject: " + i + "\r\n\r\nx\r\n", Flags.NONE);
        }
        Mailbox inbox = maildir.inbox();
        List<Long> before = uids(inbox);
        Path second = fileWith("Subject: 2");
        Files.move(second, second.resolveSibling(second.getFileName() + "F"));
        Mailbox.Copied moved = inbox.move(before, MailboxName.INBOX);
        assertThat(moved.from()).isEqualTo(before);
        assertThat(moved.to()).isEqualTo(uids(inbox)).hasSize(3).isSorted();
        for (int i = 0; i < 3; i++) {
            assertThat(text(inbox, moved.to().get(i))).startsWith("Subject: " + (i + 1));
        }
        inbox.store(List.of(moved.to().getFirst()), new FlagChange(FlagChange.Mode.ADD, new Flags(0, Set.of("mine"))));
        Path third = fileWith("Subject: 3");
        Files.move(third, third.resolveSibling(third.getFileName() + "F"));
        assertThat(inbox.expunge(List.of(moved.to().getLast()))).hasSize(1);
        assertThat(inbox.messages())
                .extracting(Message::flags)
                .containsExactly(new Flags(0, Set.of("mine")), Flags.of(Flags.FLAGGED));
    }

    private Path fileWith(String text) throws Exception {
        try (Stream<Path> files = Files.list(maildir.maildir.resolve("cur"))) {
            for (Path file : files.toList()) {
                if (Files.readString(file).contains(text)) {
                    return file;
                }
            }
        }
        throw new AssertionError("no file with " + text);
    }

    @Test
    void aFolderRemovedByOthersIsNoMailbox() throws Exception {
        MailboxName name = MailboxName.parse("gone", '/');
        maildir.mail().create(name, java.util.Optional.empty());
        maildir.append("gone", "Subject: 1\r\n\r\n1\r\n", Flags.NONE);
        Trees.delete(maildir.maildir.resolve(".gone"));
        assertThatThrownBy(() -> maildir.select("gone"))
                .isInstanceOfSatisfying(
                        MailboxException.class,
                        e -> assertThat(e.reason()).isEqualTo(MailboxException.Reason.NONEXISTENT));
        assertThatThrownBy(() -> maildir.mail().status(name)).isInstanceOf(MailboxException.class);
        assertThatThrownBy(() -> maildir.append("gone", "x", Flags.NONE)).isInstanceOf(MailboxException.class);
    }

    @Test
    void aNameUsedAgainAfterRenameHasAnotherUidValidity() throws Exception {
        MailboxName from = MailboxName.parse("from", '/');
        for (boolean restart : new boolean[] {false, true}) {
            maildir.mail().create(from, java.util.Optional.empty());
            maildir.append("from", "Subject: 1\r\n\r\n1\r\n", Flags.NONE);
            long validity = maildir.mail().status(from).uidValidity();
            if (restart) {
                maildir.restart();
            }
            maildir.mail().rename(from, MailboxName.parse("to" + restart, '/'));
            maildir.mail().create(from, java.util.Optional.empty());
            assertThat(maildir.mail().status(from).uidValidity()).isNotEqualTo(validity);
            assertThat(maildir.mail()
                            .status(MailboxName.parse("to" + restart, '/'))
                            .uidValidity())
                    .isEqualTo(validity);
            maildir.mail().delete(from);
        }
    }

    @Test
    void messagesRemovedByOthersAreExpunged() throws Exception {
        maildir.deliver("A0000000001");
        Mailbox inbox = maildir.inbox();
        long point = inbox.highestModSeq();
        long uid = uids(inbox).getFirst();
        Files.delete(maildir.onlyFile("cur"));
        assertThat(nextChanges(inbox, point).expunged()).containsExactly(uid);
    }

    @Test
    void losingARaceIsNoError() throws Exception {
        for (int i = 0; i < 4; i++) {
            maildir.deliver("A000000000" + i);
        }
        Mailbox inbox = maildir.inbox();
        List<Long> uids = uids(inbox);
        List<Path> files;
        try (var listing = Files.list(maildir.maildir.resolve("cur"))) {
            files = listing.toList();
        }
        for (Path file : files) {
            if (file.toString().contains("A0000000000")) {
                Files.delete(file);
            } else {
                Files.move(file, file.resolveSibling(file.getFileName() + "F"));
            }
        }
        // Nobody has looked at the disk since: every name that we know is wrong.
        assertThat(inbox.content(uids.get(0))).isEmpty();
        assertThat(text(inbox, uids.get(1))).contains("A0000000001");
        assertThat(inbox.store(uids, new FlagChange(FlagChange.Mode.ADD, Flags.of(Flags.SEEN))))
                .extracting(Message::flags)
                .containsOnly(Flags.of(Flags.SEEN | Flags.FLAGGED))
                .hasSize(3);
        assertThat(inbox.copy(uids, MailboxName.parse("Sent", '/')).to()).hasSize(3);
        assertThat(inbox.expunge(uids)).isEqualTo(uids.subList(1, 4));
    }

    @Test
    void renamesByOthersDuringOurOwnAreFound() throws Exception {
        maildir.deliver("A0000000001");
        Mailbox inbox = maildir.inbox();
        long uid = uids(inbox).getFirst();
        for (int i = 0; i < 20; i++) {
            Path file = maildir.onlyFile("cur");
            String name = file.getFileName().toString();
            String flagged = name.endsWith("F") ? name.substring(0, name.length() - 1) : name + "F";
            Files.move(file, file.resolveSibling(flagged));
            FlagChange.Mode mode = i % 2 == 0 ? FlagChange.Mode.ADD : FlagChange.Mode.REMOVE;
            assertThat(inbox.store(List.of(uid), new FlagChange(mode, Flags.of(Flags.SEEN))))
                    .hasSize(1);
        }
    }

    @Test
    void filesWithBareLineFeedsAreServedWithCrlf() throws Exception {
        maildir.mail();
        StringBuilder unix = new StringBuilder("Subject: long\n\n");
        for (int i = 0; i < 5000; i++) {
            unix.append("line ").append(i).append(i % 7 == 0 ? "\r\n" : "\n");
        }
        unix.append("a lone \r stays\n\n\nend without line end");
        String dos = unix.toString().replace("\r\n", "\n").replace("\n", "\r\n");
        maildir.put("cur/1700000001.M1P1.other,S=" + unix.length() + ":2,", unix.toString());
        Mailbox inbox = maildir.inbox();
        Message message = inbox.messages().getFirst();
        assertThat(message.size()).isEqualTo(dos.length());
        assertThat(text(inbox, message.uid())).isEqualTo(dos);
        var content = inbox.content(message.uid()).orElseThrow();
        // In pieces, as large messages are fetched, and out of order.
        StringBuilder pieces = new StringBuilder();
        for (int at = 0; at < dos.length(); at += 777) {
            pieces.append(new String(content.open(at, 777).readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII));
        }
        assertThat(pieces).hasToString(dos);
        assertThat(content.open(10, 20).readAllBytes()).asString().isEqualTo(dos.substring(10, 30));
        assertThat(content.open(dos.length() - 3, 20).readAllBytes()).asString().isEqualTo("end");
    }

    @Test
    void wrongSizesInNamesOfOthersDoNoHarm() throws Exception {
        maildir.mail();
        maildir.put("cur/1700000001.M1P1.other,S=5,W=5:2,", "Subject: x\n\nbody\n");
        maildir.put("cur/1700000002.M1P1.other,S=,W=z,S=99999999999999999999:2,", "Subject: y\n\nbody\n");
        Mailbox inbox = maildir.inbox();
        for (Message message : inbox.messages()) {
            assertThat(text(inbox, message.uid())).hasSize((int) message.size()).endsWith("body\r\n");
        }
        assertThat(inbox.messages()).hasSize(2);
    }

    @Test
    void wrongConvertedSizeInANameDoesNotReachTheContent() throws Exception {
        maildir.mail();
        maildir.put("cur/1700000001.M1P1.other,S=17,W=500:2,", "Subject: x\n\nbody\n");
        Mailbox inbox = maildir.inbox();
        var content = inbox.content(uids(inbox).getFirst()).orElseThrow();
        assertThat(content.size()).isEqualTo(20);
        assertThat(content.open().readAllBytes()).hasSize(20);
    }

    @Test
    void mailboxDeletedByAnotherProgramIsEmptyForWhoHasItOpen() throws Exception {
        maildir.append("Sent", "Subject: x\n\n", Flags.NONE);
        Mailbox sent = maildir.select("Sent");
        long point = sent.highestModSeq();
        Trees.delete(maildir.maildir.resolve(".Sent"));
        assertThat(nextChanges(sent, point).expunged()).hasSize(1);
        assertThat(sent.messages()).isEmpty();
    }

    @Test
    void leftoversOfCutOffWorkAreCleared() throws Exception {
        maildir.mail();
        Path old = maildir.put("tmp/1600000000.M1P1.other", "cut off");
        Files.setLastModifiedTime(old, java.nio.file.attribute.FileTime.fromMillis(1_600_000_000_000L));
        Path young = maildir.put("tmp/1700000000.M1P1.other", "being written");
        Files.createDirectories(maildir.maildir.resolve("..deleted-x/cur"));
        Files.createDirectories(root.resolve(".deleted-y/Maildir/cur"));
        maildir.restart();
        maildir.inbox();
        assertThat(old).doesNotExist();
        assertThat(young).exists();
        Eventually.await(() -> Files.notExists(maildir.maildir.resolve("..deleted-x")));
        Eventually.await(() -> Files.notExists(root.resolve(".deleted-y")));
    }

    @Test
    void directoriesAndDotFilesAmongMessagesAreLeftAlone() throws Exception {
        maildir.mail();
        Files.createDirectory(maildir.maildir.resolve("cur/.nfs0001"));
        Files.createDirectory(maildir.maildir.resolve("cur/1700000001.dir"));
        assertThat(maildir.inbox().messages()).isEmpty();
    }

    @Test
    void mailboxMadeByAnotherProgramIsListed() throws Exception {
        maildir.mail().mailboxes();
        for (String part : List.of("cur", "new", "tmp")) {
            Files.createDirectories(
                    maildir.maildir.resolve(".Work.2026\\2e1.&ZeVnLIqe-").resolve(part));
        }
        MailboxName name = new MailboxName(List.of("Work", "2026.1", "日本語"));
        assertThat(maildir.mail().find(name)).isPresent();
        assertThat(maildir.mail().status(name).messages()).isZero();
    }
}
