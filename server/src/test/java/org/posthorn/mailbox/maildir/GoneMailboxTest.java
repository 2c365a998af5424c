package org.posthorn.mailbox.maildir;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.posthorn.mailbox.maildir.MaildirFixture.uids;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.log.MailLog;
import org.posthorn.mailbox.AccountMail;
import org.posthorn.mailbox.Appender;
import org.posthorn.mailbox.FlagChange;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.Message;
import org.posthorn.testing.Eventually;

/** A mailbox that goes, or gets another name, under the hands of those who work with it. */
@Timeout(120)
class GoneMailboxTest {
    private static final MailboxName DOOMED = new MailboxName(List.of("Doomed"));
    private static final MailboxName RENAMED = new MailboxName(List.of("Renamed"));
    private static final FlagChange SEEN = new FlagChange(FlagChange.Mode.ADD, Flags.of(Flags.SEEN));

    @TempDir
    Path root;

    private MaildirFixture maildir;
    private AccountMail mail;
    private Mailbox inbox;
    private Mailbox doomed;
    private List<Long> messages;

    @BeforeEach
    void open() throws Exception {
        maildir = new MaildirFixture(root);
        mail = maildir.mail();
        mail.create(DOOMED, Optional.empty());
        maildir.append("Doomed", "Subject: 1\r\n\r\n1\r\n", Flags.NONE);
        maildir.append("Doomed", "Subject: 2\r\n\r\n2\r\n", Flags.NONE);
        maildir.append("INBOX", "Subject: 3\r\n\r\n3\r\n", Flags.NONE);
        inbox = maildir.inbox();
        doomed = maildir.select("Doomed");
        messages = uids(doomed);
    }

    @AfterEach
    void close() throws Exception {
        maildir.close();
    }

    /** Who has it open and who opens it next must have the same, or both give out the same UIDs. */
    @Test
    void staysItselfWhereSomethingElseLiesInTheNewPlace() throws Exception {
        Files.createDirectories(maildir.maildir.resolve(".Renamed/rest"));
        assertThatThrownBy(() -> mail.rename(DOOMED, RENAMED))
                .isInstanceOfSatisfying(
                        MailboxException.class,
                        e -> assertThat(e.reason()).isEqualTo(MailboxException.Reason.ALREADY_EXISTS));
        maildir.append("Doomed", "Subject: 4\r\n\r\n4\r\n", Flags.NONE);
        Mailbox again = maildir.select("Doomed");
        assertThat(again.uidValidity()).isEqualTo(doomed.uidValidity());
        assertThat(uids(again)).hasSize(3).containsAll(messages);
        assertThat(uids(doomed)).isEqualTo(uids(again));
    }

    /** Who still has the former one open is told that all is gone, and leaves nothing of it in the index for the next. */
    @Test
    void oneMadeAnewHasNothingOfTheFormer() throws Exception {
        long before = doomed.changesSince(0).modSeq();
        mail.delete(DOOMED);
        mail.create(DOOMED, Optional.empty());
        assertThat(doomed.changesSince(before).expunged()).containsAll(messages);
        assertThat(uids(doomed)).isEmpty();
        Mailbox anew = maildir.select("Doomed");
        assertThat(anew.uidValidity()).isNotEqualTo(doomed.uidValidity());
        assertThat(anew.id()).isNotEqualTo(doomed.id());
        assertThat(uids(anew)).isEmpty();
    }

    private Appender appender() throws Exception {
        Appender appender = mail.append(DOOMED, Flags.NONE, Optional.empty(), 0);
        appender.write("Subject: 4\r\n\r\n4\r\n".getBytes(US_ASCII), 0, 17);
        return appender;
    }

    private void remove(String by) throws Exception {
        if (by.equals("session")) {
            mail.delete(DOOMED);
        } else {
            Trees.delete(maildir.maildir.resolve(".Doomed"));
        }
    }

    private static void assertNonexistent(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MailboxException.class,
                        e -> assertThat(e.reason()).isEqualTo(MailboxException.Reason.NONEXISTENT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"session", "program"})
    void whoHasItOpenFindsNothingInIt(String by) throws Exception {
        remove(by);
        assertThat(doomed.store(messages, SEEN)).isEmpty();
        assertThat(doomed.expunge(messages)).isEmpty();
        assertThat(doomed.copy(messages, MailboxName.INBOX).to()).isEmpty();
        assertThat(doomed.move(messages, MailboxName.INBOX).to()).isEmpty();
        assertThat(doomed.messages()).isEmpty();
        assertThat(inbox.messages()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"session", "program"})
    void eachOfTheseAloneFindsThatOut(String by) throws Exception {
        remove(by);
        assertThat(doomed.move(messages, MailboxName.INBOX).to()).isEmpty();
        assertThat(doomed.store(messages, SEEN)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"session", "program"})
    void whatIsOnItsWayThereIsRefused(String by) throws Exception {
        try (Appender appender = appender()) {
            remove(by);
            assertNonexistent(appender::commit);
        }
        assertNonexistent(() -> inbox.copy(uids(inbox), DOOMED));
        assertNonexistent(() -> inbox.move(uids(inbox), DOOMED));
        assertNonexistent(() -> mail.select(DOOMED));
        assertNonexistent(() -> mail.status(DOOMED));
        assertNonexistent(() -> mail.rename(DOOMED, RENAMED));
        assertThat(inbox.messages()).hasSize(1);
        assertThat(maildir.maildir.resolve(".Doomed")).doesNotExist();
    }

    @Test
    void oneThatAnotherProgramRemovesAfterTheNamesWereReadCannotBeDeleted() throws Exception {
        FileTime before = FileTime.fromMillis(1_700_000_000_000L);
        Files.setLastModifiedTime(maildir.maildir, before);
        assertThat(mail.mailboxes()).anyMatch(info -> info.name().equals(DOOMED));
        remove("program");
        Files.setLastModifiedTime(maildir.maildir, before);
        assertNonexistent(() -> mail.delete(DOOMED));
        assertThat(mail.mailboxes()).noneMatch(info -> info.name().equals(DOOMED));
        mail.create(DOOMED, Optional.empty());
    }

    @Test
    void oneThatIsReplacedByALinkAfterTheNamesWereReadCannotBeOpened() throws Exception {
        mail.create(RENAMED, Optional.empty());
        FileTime before = FileTime.fromMillis(1_700_000_000_000L);
        Files.setLastModifiedTime(maildir.maildir, before);
        assertThat(mail.mailboxes()).anyMatch(info -> info.name().equals(RENAMED));
        Trees.delete(maildir.maildir.resolve(".Renamed"));
        Files.createSymbolicLink(maildir.maildir.resolve(".Renamed"), Path.of("nowhere"));
        Files.setLastModifiedTime(maildir.maildir, before);
        assertNonexistent(() -> mail.select(RENAMED));
        assertThat(mail.mailboxes()).noneMatch(info -> info.name().equals(RENAMED));
    }

    /** Removed between the look at the names and the work: nobody may be left waiting for it. */
    @Test
    void aCopyToAMailboxThatGoesMeanwhileLeavesNoLockBehind() throws Exception {
        try (MaildirStore store = maildir.store()) {
            Account account = new Account(store, root.resolve("alice@posthorn.test"));
            Folder source = account.folders().hold(MailboxName.INBOX);
            Folder target = account.folders().hold(DOOMED);
            Transfer transfer = new Transfer(account, source, target);
            Trees.delete(maildir.maildir.resolve(".Doomed"));
            List<Long> all = List.of(source.messages().getFirst().uid());
            assertNonexistent(() -> transfer.copy(all));
            assertNonexistent(() -> transfer.move(all));
            assertThat(CompletableFuture.supplyAsync(target::size).get()).isZero();
            assertThat(CompletableFuture.supplyAsync(source::size).get()).isOne();
            account.close();
        }
    }

    /** What is done in a folder at the very moment that its directory has moved and nobody knows yet. */
    @ParameterizedTest
    @ValueSource(strings = {"append", "date", "sync", "copies"})
    void aRenameThatGoesOnIsWaitedFor(String what) throws Exception {
        maildir.stop();
        MaildirConfig durable = new MaildirConfig(root, "mail.posthorn.test", 100, 40, 1_000_000, true);
        try (MaildirStore store = new MaildirStore(durable, MailLog.none(), InstantSource.system());
                FileChannel file = FileChannel.open(maildir.maildir.resolve("subscriptions"))) {
            Account account = new Account(store, root.resolve("alice@posthorn.test"));
            Folder folder = account.folders().hold(DOOMED);
            MaildirAppender begun = new MaildirAppender(account, folder, Flags.NONE, Optional.of(0L), 1000);
            Folder.Place<Object> work = there -> Files.getLastModifiedTime(there.cur());
            CompletableFuture<Object> done;
            folder.lock.lock();
            try {
                Path former = folder.files().folder();
                Path moved = Files.move(former, maildir.maildir.resolve("..moved"));
                done = CompletableFuture.supplyAsync(() -> {
                    try {
                        switch (what) {
                            case "append" ->
                                new MaildirAppender(account, folder, Flags.NONE, Optional.empty(), 1000).close();
                            case "date" -> begun.commit();
                            case "sync" -> account.sync(file, folder);
                            default -> account.syncCopies(folder);
                        }
                        return folder.inPlace(work);
                    } catch (IOException | MailboxException e) {
                        throw new AssertionError(e);
                    }
                });
                Eventually.await(() -> folder.lock.hasQueuedThreads() || done.isDone());
                Files.move(moved, former);
                folder.rename(RENAMED, maildir.maildir.resolve(".Renamed"));
            } finally {
                folder.lock.unlock();
            }
            assertThat(done.get()).isEqualTo(folder.inPlace(work));
            begun.close();
            account.close();
        }
    }

    @Test
    void whatIsOnItsWayFollowsItsName() throws Exception {
        try (Appender appender = appender();
                Appender unused = appender()) {
            mail.rename(DOOMED, RENAMED);
            appender.commit();
            unused.write(new byte[] {'x'}, 0, 1);
        }
        assertThat(maildir.select("Renamed").messages()).hasSize(3);
        try (var left = Files.list(maildir.maildir.resolve(".Renamed/tmp"))) {
            assertThat(left).isEmpty();
        }
    }

    /** Who still has the former mailbox of that name open must not take the other one's messages for its own. */
    @Test
    void aMailboxThatGetsTheNameOfOneThatIsGoneIsAnother() throws Exception {
        mail.create(RENAMED, Optional.empty());
        maildir.append("Renamed", "Subject: 6\r\n\r\n6\r\n", Flags.NONE);
        Mailbox renamed = maildir.select("Renamed");
        remove("program");
        mail.rename(RENAMED, DOOMED);
        assertThat(doomed.store(messages, SEEN)).isEmpty();
        assertThat(doomed.changesSince(0).changed()).isEmpty();
        assertThat(doomed.messages()).isEmpty();
        Mailbox again = maildir.select("Doomed");
        assertThat(again.uidValidity()).isEqualTo(renamed.uidValidity()).isNotEqualTo(doomed.uidValidity());
        assertThat(again.messages()).hasSize(1);
        remove("program");
        mail.create(DOOMED, Optional.empty());
        assertThat(again.messages()).isEmpty();
        assertThat(maildir.select("Doomed").uidValidity()).isNotEqualTo(again.uidValidity());
    }

    private Path keywordsOfDoomed() {
        return maildir.maildir.resolve(".Doomed/dovecot-keywords");
    }

    /** Makes the mailbox anew, with a message that has a keyword. */
    private Mailbox successor() throws Exception {
        mail.create(DOOMED, Optional.empty());
        maildir.append("Doomed", "Subject: 7\r\n\r\n7\r\n", new Flags(0, Set.of("kept")));
        return maildir.select("Doomed");
    }

    /** Letters mean something in their own mailbox only, whoever still has one of the same name open. */
    @ParameterizedTest
    @ValueSource(strings = {"session", "program"})
    void aKeywordThatComesTooLateDoesNotChangeThoseOfTheNextOfThatName(String by) throws Exception {
        remove(by);
        Mailbox next = successor();
        assertThat(doomed.store(messages, new FlagChange(FlagChange.Mode.ADD, new Flags(0, Set.of("stray")))))
                .isEmpty();
        assertThat(Files.readAllLines(keywordsOfDoomed())).containsExactly("0 kept");
        Path file = maildir.onlyFile(".Doomed/cur");
        Files.move(file, file.resolveSibling(file.getFileName().toString().replace(":2,a", ":2,Fa")));
        assertThat(next.store(uids(next), SEEN))
                .singleElement()
                .extracting(Message::flags)
                .isEqualTo(new Flags(Flags.SEEN | Flags.FLAGGED, Set.of("kept")));
    }

    @Test
    void aCopyThatComesTooLateDoesNotChangeThemEither() throws Exception {
        inbox.store(uids(inbox), new FlagChange(FlagChange.Mode.ADD, new Flags(0, Set.of("stray"))));
        try (MaildirStore store = maildir.store()) {
            Account account = new Account(store, root.resolve("alice@posthorn.test"));
            Folder source = account.folders().hold(MailboxName.INBOX);
            Folder target = account.folders().hold(DOOMED);
            Transfer transfer = new Transfer(account, source, target);
            account.delete(DOOMED);
            account.create(DOOMED, Optional.empty());
            account.folders().hold(DOOMED);
            List<Long> all = List.of(source.messages().getFirst().uid());
            assertNonexistent(() -> transfer.copy(all));
            assertNonexistent(() -> transfer.move(all));
            assertThat(keywordsOfDoomed()).doesNotExist();
            assertThat(source.size()).isOne();
            account.close();
        }
    }

    /** As when a mailbox is put back from a copy while a client has it open. */
    @Test
    void whatAnotherProgramPutsInItsPlaceCanBeOpened() throws Exception {
        remove("program");
        assertThat(doomed.store(messages, SEEN)).isEmpty();
        for (String part : List.of("cur", "new", "tmp")) {
            Files.createDirectories(maildir.maildir.resolve(".Doomed").resolve(part));
        }
        maildir.put(".Doomed/new/1700000000.P1.elsewhere", "Subject: 8\n\n8\n");
        Mailbox next = maildir.select("Doomed");
        assertThat(next.messages()).hasSize(1);
        assertThat(next.uidValidity()).isNotEqualTo(doomed.uidValidity());
        maildir.append("Doomed", "Subject: 9\r\n\r\n9\r\n", Flags.NONE);
        assertThat(next.messages()).hasSize(2);
        assertThat(doomed.messages()).isEmpty();
    }

    @Test
    void aListOfUidsThatWasRemovedIsWrittenAnew() throws Exception {
        Path list = maildir.maildir.resolve(".Doomed/dovecot-uidlist");
        Files.delete(list);
        long uid = maildir.append("Doomed", "Subject: 5\r\n\r\n5\r\n", Flags.NONE);
        assertThat(Files.readAllLines(list))
                .hasSize(4)
                .first()
                .asString()
                .startsWith("3 V" + doomed.uidValidity() + " N");
        assertThat(Files.readAllLines(list).getLast()).startsWith(uid + " :");
    }

    /** Their directories are made durable together: one that is gone is its own session's business. */
    @Test
    void aDirectoryThatIsGoneIsNobodyElsesFailure() throws Exception {
        Path there = Files.createDirectory(root.resolve("there"));
        try (SyncThread syncs = new SyncThread(root)) {
            AtomicBoolean end = new AtomicBoolean();
            CompletableFuture<Void> missing = CompletableFuture.runAsync(() -> {
                while (!end.get()) {
                    assertThatThrownBy(() -> syncs.sync(Optional.empty(), root.resolve("missing")))
                            .isInstanceOf(NoSuchFileException.class);
                }
            });
            for (int i = 0; i < 300; i++) {
                syncs.sync(Optional.empty(), there);
            }
            end.set(true);
            missing.get();
        }
    }

    /** A script that moves the mailbox away and removes it, as often as it comes: each CREATE makes it, or finds it there. */
    @Test
    void createBesideAProgramThatRemoves() throws Exception {
        AtomicBoolean end = new AtomicBoolean();
        Path place = maildir.maildir.resolve(".Renamed");
        CompletableFuture<Integer> program = CompletableFuture.supplyAsync(() -> {
            int removed = 0;
            while (!end.get()) {
                Path aside = maildir.maildir.resolve("..removed-" + removed);
                try {
                    Files.move(place, aside);
                    Trees.delete(aside);
                    removed++;
                } catch (NoSuchFileException e) {
                    Thread.onSpinWait();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return removed;
        });
        try {
            for (int round = 0; round < 1000; round++) {
                try {
                    mail.create(RENAMED, Optional.empty());
                } catch (MailboxException e) {
                    assertThat(e.reason()).isEqualTo(MailboxException.Reason.ALREADY_EXISTS);
                }
            }
        } finally {
            end.set(true);
        }
        assertThat(program.get()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void createWhereAFileOrALinkLies(boolean link) throws Exception {
        Path place = maildir.maildir.resolve(".Renamed");
        Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
        if (link) {
            Files.createSymbolicLink(place, elsewhere);
        } else {
            Files.writeString(place, "a note");
        }
        assertThatThrownBy(() -> mail.create(RENAMED, Optional.empty()))
                .isInstanceOfSatisfying(
                        MailboxException.class, e -> assertThat(e.reason()).isEqualTo(MailboxException.Reason.CANNOT))
                .hasMessageContaining("in the place of Renamed");
        assertThat(elsewhere).isEmptyDirectory();
    }
}
