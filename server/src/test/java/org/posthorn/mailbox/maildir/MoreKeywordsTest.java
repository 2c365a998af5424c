package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.posthorn.mailbox.maildir.MaildirFixture.uids;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.mailbox.AccountMail;
import org.posthorn.mailbox.FlagChange;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.Message;
import org.posthorn.storage.Sqlite;

/** Forty keywords, of which 26 have a letter: the others are in the index and in a file of their own, and each may be lost. */
class MoreKeywordsTest {
    private static final MailboxName OTHER = new MailboxName(List.of("Other"));

    @TempDir
    Path root;

    private MaildirFixture maildir;
    private Path file;

    @BeforeEach
    void open() throws Exception {
        maildir = new MaildirFixture(root);
        file = maildir.maildir.resolve("posthorn-keywords");
    }

    @AfterEach
    void close() throws Exception {
        maildir.close();
    }

    private static Set<String> keywords(int from, int to) {
        return new TreeSet<>(
                IntStream.range(from, to).mapToObj("Key%02d"::formatted).toList());
    }

    private static void add(Mailbox mailbox, long uid, Set<String> keywords) throws Exception {
        mailbox.store(List.of(uid), new FlagChange(FlagChange.Mode.ADD, new Flags(0, keywords)));
    }

    /** Three messages: with all forty, with two of which only one has a letter, with none. */
    private void fill() throws Exception {
        for (int i = 0; i < 3; i++) {
            maildir.deliver("A000000000" + i);
        }
        Mailbox inbox = maildir.inbox();
        assertThat(file).doesNotExist();
        for (int i = 0; i < 40; i++) {
            add(inbox, uids(inbox).getFirst(), keywords(i, i + 1));
        }
        add(inbox, uids(inbox).get(1), Set.of("Key01", "Key39", "Key38"));
        inbox.store(List.of(uids(inbox).get(1)), new FlagChange(FlagChange.Mode.REMOVE, new Flags(0, Set.of("key38"))));
    }

    private List<Set<String>> shown() throws Exception {
        List<Set<String>> all = new ArrayList<>();
        for (Message message : maildir.inbox().messages()) {
            all.add(new TreeSet<>(message.flags().keywords()));
        }
        return all;
    }

    private void assertAllThere() throws Exception {
        assertThat(shown()).containsExactly(keywords(0, 40), Set.of("Key01", "Key39"), Set.of());
    }

    private void loseIndex() throws Exception {
        maildir.stop();
        for (String suffix : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(maildir.index().resolveSibling("index.db" + suffix));
        }
    }

    @Test
    void surviveTheLossOfTheIndex() throws Exception {
        fill();
        for (int i = 0; i < 3; i++) {
            loseIndex();
            maildir.open();
            assertAllThere();
        }
        assertThat(maildir.inbox().keywords()).containsAll(keywords(0, 40));
    }

    @Test
    void surviveTheLossOfIndexAndUids() throws Exception {
        fill();
        loseIndex();
        Files.delete(maildir.maildir.resolve("dovecot-uidlist"));
        maildir.open();
        assertAllThere();
        add(maildir.inbox(), uids(maildir.inbox()).getLast(), keywords(39, 40));
        loseIndex();
        maildir.open();
        assertThat(shown()).containsExactly(keywords(0, 40), Set.of("Key01", "Key39"), Set.of("Key39"));
    }

    @Test
    void areWrittenForTheOwnerOnly() throws Exception {
        fill();
        assertThat(Files.readAllLines(file))
                .startsWith("posthorn-keywords 1")
                .anyMatch(line -> line.matches("[0-9]+ 1 Key39 [^ :]+,W=[0-9]+"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .startsWith("rw-");
    }

    /** Data of the releases before: what only the index knows is taken over. */
    @Test
    void ofTheIndexAreTakenOver() throws Exception {
        fill();
        maildir.stop();
        Files.delete(file);
        maildir.open();
        assertAllThere();
        loseIndex();
        maildir.open();
        assertAllThere();
    }

    /** Who goes back one release changes keywords in the index alone; they are newer than the file. */
    @Test
    void thatAReleaseBeforeChangedAreTakenFromTheIndex() throws Exception {
        fill();
        maildir.stop();
        byte[] before = Files.readAllBytes(file);
        maildir.open();
        Mailbox inbox = maildir.inbox();
        inbox.store(
                List.of(uids(inbox).getFirst()), new FlagChange(FlagChange.Mode.REMOVE, new Flags(0, keywords(5, 38))));
        add(inbox, uids(inbox).getLast(), keywords(38, 39));
        maildir.stop();
        Files.write(file, before);
        maildir.open();
        List<Set<String>> expected = List.of(
                new TreeSet<>(List.of("Key00", "Key01", "Key02", "Key03", "Key04", "Key38", "Key39")),
                Set.of("Key01", "Key39"),
                Set.of("Key38"));
        assertThat(shown()).isEqualTo(expected);
        loseIndex();
        maildir.open();
        assertThat(shown()).isEqualTo(expected);
    }

    private void sql(String statement) throws Exception {
        try (var connection = Sqlite.open(maildir.index(), Sqlite.Durability.NORMAL);
                var update = connection.createStatement()) {
            update.execute(statement);
        }
    }

    /** The file is written before the client has its answer, the index some time later: killed between them. */
    @Test
    void areThereWhenTheIndexWasNotTold() throws Exception {
        fill();
        Mailbox inbox = maildir.inbox();
        Path wal = maildir.index().resolveSibling("index.db-wal");
        byte[] index = Files.readAllBytes(maildir.index());
        byte[] log = Files.readAllBytes(wal);
        inbox.store(
                List.of(uids(inbox).getLast()),
                new FlagChange(FlagChange.Mode.ADD, new Flags(Flags.SEEN, Set.of("Key30"))));
        long modSeq = inbox.messages().getLast().modSeq();
        maildir.stop();
        Files.write(maildir.index(), index);
        Files.write(wal, log);
        sql("UPDATE mailbox SET run = 'killed'");
        maildir.open();
        assertThat(shown().getLast()).containsExactly("Key30");
        assertThat(maildir.inbox().messages().getLast().modSeq()).isGreaterThanOrEqualTo(modSeq);
        assertThat(maildir.inbox().highestModSeq()).isGreaterThanOrEqualTo(modSeq);
        maildir.restart();
        assertThat(shown().getLast()).containsExactly("Key30");
    }

    @Test
    void aTornLineIsPassedOverAndNothingIsAddedToIt() throws Exception {
        fill();
        byte[] bytes = Files.readAllBytes(file);
        maildir.stop();
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 10));
        maildir.open();
        assertAllThere();
        add(maildir.inbox(), uids(maildir.inbox()).getLast(), keywords(39, 40));
        loseIndex();
        maildir.open();
        assertThat(shown()).containsExactly(keywords(0, 40), Set.of("Key01", "Key39"), Set.of("Key39"));
    }

    @Test
    void goWithTheMessageToOtherMailboxesAndNames() throws Exception {
        fill();
        AccountMail mail = maildir.mail();
        mail.create(OTHER, Optional.empty());
        Mailbox inbox = maildir.inbox();
        Mailbox other = maildir.select("Other");
        List<Long> second = uids(inbox).subList(1, 2);
        inbox.copy(second, OTHER);
        inbox.move(second, OTHER);
        mail.rename(OTHER, new MailboxName(List.of("Renamed")));
        mail.create(OTHER, Optional.empty());
        // Set in the mailbox that has got another name while it was open, not in the one that has its former name.
        add(other, uids(other).getFirst(), keywords(2, 30));
        add(other, uids(other).getLast(), Set.of("After"));
        assertThat(maildir.maildir.resolve(".Renamed/dovecot-keywords")).exists();
        loseIndex();
        maildir.open();
        Set<String> first = keywords(1, 30);
        first.add("Key39");
        assertThat(maildir.select("Renamed").messages())
                .extracting(message -> new TreeSet<>(message.flags().keywords()))
                .containsExactly(new TreeSet<>(first), new TreeSet<>(Set.of("Key01", "Key39", "After")));
        assertThat(maildir.select("Other").keywords()).isEmpty();
        assertThat(maildir.maildir.resolve(".Other/posthorn-keywords")).doesNotExist();
    }

    @Test
    void theFileDoesNotGrowWithoutEnd() throws Exception {
        fill();
        Mailbox inbox = maildir.inbox();
        long uid = uids(inbox).getLast();
        for (int i = 0; i < 1_500; i++) {
            inbox.store(
                    List.of(uid),
                    new FlagChange(
                            i % 2 == 0 ? FlagChange.Mode.ADD : FlagChange.Mode.REMOVE, new Flags(0, keywords(38, 39))));
        }
        assertThat(Files.readAllLines(file)).hasSizeBetween(3, 1_010);
        loseIndex();
        maildir.open();
        assertAllThere();
    }

    @Test
    void anUnknownVersionIsRefusedAndNothingIsChanged() throws Exception {
        fill();
        maildir.stop();
        String text = "posthorn-keywords 2" + Files.readString(file).substring("posthorn-keywords 1".length());
        Files.writeString(file, text);
        maildir.open();
        assertThatThrownBy(() -> maildir.inbox()).hasMessageContaining("Nothing was changed");
        assertThat(file).hasContent(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense\n",
                "posthorn-keywords 1\n1\n1 1\n1 1 x\n1 99999 x y\n-1 1 x y\n1 1 x)\\r\\n*BYE y\n9999999999999999999999 1 x y\n\n1 0 \n",
                "posthorn-keywords 1\n1 2 a b\n1 1  a\n1 1 a \n"
            })
    void aFileOfNonsenseSaysNothing(String text) throws Exception {
        fill();
        maildir.stop();
        Files.writeString(file, text);
        maildir.open();
        assertAllThere();
        loseIndex();
        maildir.open();
        assertAllThere();
    }

    /** Its user may write what he wants, but a client must not see what no client could have sent. */
    @Test
    void keywordsThatAreNoAtomsAreNotShown() throws Exception {
        maildir.deliver("A0000000000");
        maildir.inbox();
        String base = maildir.onlyFile("cur").getFileName().toString().replaceAll(":.*", "");
        maildir.stop();
        Files.writeString(maildir.maildir.resolve("dovecot-keywords"), "0 a) b\n1 good\n2 (x\n");
        Path cur = maildir.onlyFile("cur");
        Files.move(cur, cur.resolveSibling(base + ":2,abc"));
        Files.writeString(
                file,
                "posthorn-keywords 1\n1 1 fine " + base + "\n2 1 b{3} " + base + "\n2 1 " + "l".repeat(101) + " " + base
                        + "\n");
        loseIndex();
        maildir.open();
        assertThat(shown()).containsExactly(Set.of("fine", "good"));
    }

    @Test
    void aThousandKeywordsAreKnownAtMost() throws Exception {
        maildir.deliver("A0000000000");
        maildir.inbox();
        String base = maildir.onlyFile("cur").getFileName().toString().replaceAll(":.*", "");
        loseIndex();
        Files.writeString(
                file,
                "posthorn-keywords 1\n1 2000 "
                        + String.join(
                                " ",
                                IntStream.range(0, 2_000).mapToObj(i -> "k" + i).toList()) + " " + base + "\n");
        maildir.open();
        assertThat(shown().getFirst()).hasSize(1_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "posthorn-keywords",
                "dovecot-keywords",
                "dovecot-uidlist",
                "subscriptions",
                "posthorn-special-use"
            })
    @Timeout(60)
    void filesBesideTheMailAreNoLinksAndNoFifos(String name) throws Exception {
        maildir.deliver("A0000000000");
        maildir.inbox();
        Path other = Files.writeString(root.resolve("foreign"), "0 secret\n");
        for (String trap : List.of("ln -s " + other, "mkfifo")) {
            maildir.stop();
            Path place = maildir.maildir.resolve(name);
            Files.deleteIfExists(place);
            assertThat(new ProcessBuilder("sh", "-c", trap + " '" + place + "'")
                            .start()
                            .waitFor())
                    .isZero();
            maildir.open();
            assertThatThrownBy(() -> {
                        maildir.mail().mailboxes();
                        maildir.inbox();
                    })
                    .as(trap)
                    .hasMessageContaining("is not a regular file");
            assertThat(other).hasContent("0 secret");
        }
    }
}
