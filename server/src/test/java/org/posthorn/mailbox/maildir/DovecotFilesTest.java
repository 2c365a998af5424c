package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.mailbox.maildir.MaildirFixture.uids;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.mailbox.FlagChange;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.Message;
import org.posthorn.mailbox.SpecialUse;

/** Files as Dovecot 2.3 writes them, taken over and left so that Dovecot can go on. */
class DovecotFilesTest {
    private static final String ONE = "1276528487.M364837P9451.kurkku,S=28,W=31";
    private static final String TWO = "1276528488.M364838P9451.kurkku,S=28,W=31";
    private static final String THREE = "1276528489.M364839P9451.kurkku,S=28,W=31";
    private static final String TEXT = "Subject: from dovecot\n\nbody\n";

    @TempDir
    Path root;

    private static void write(Path file, String... lines) throws Exception {
        Files.writeString(file, String.join("\n", lines) + "\n");
    }

    private Path dovecotMaildir() throws Exception {
        Path maildir = MaildirFixture.foreignMaildir(root);
        Files.writeString(maildir.resolve("cur/" + ONE + ":2,Sa"), TEXT);
        Files.writeString(maildir.resolve("cur/" + TWO + ":2,"), TEXT);
        Files.writeString(maildir.resolve("new/" + THREE), TEXT);
        return maildir;
    }

    @Test
    void uidsAndKeywordsOfVersion3AreAdopted() throws Exception {
        Path maildir = dovecotMaildir();
        write(
                maildir.resolve("dovecot-uidlist"),
                "3 V1275660208 N25022 G3085f01b7f11094c501100008c4a11c1",
                "25006 W31 S28 :" + ONE,
                "25017 :" + TWO,
                "25020 :1276528490.M1P1.gone,S=28");
        write(maildir.resolve("dovecot-keywords"), "0 $Forwarded", "1 Later");
        try (MaildirFixture fixture = new MaildirFixture(root)) {
            Mailbox inbox = fixture.inbox();
            assertThat(inbox.uidValidity()).isEqualTo(1_275_660_208L);
            assertThat(uids(inbox)).containsExactly(25_006L, 25_017L, 25_022L);
            assertThat(inbox.uidNext()).isEqualTo(25_023);
            Message first = inbox.messages().getFirst();
            assertThat(first.flags()).isEqualTo(new Flags(Flags.SEEN, Set.of("$Forwarded")));
            assertThat(first.size()).isEqualTo(31);
            assertThat(inbox.keywords()).containsExactly("$Forwarded", "Later");
            // What was there before us is recent for nobody, what had not been seen by Dovecot is.
            assertThat(inbox.recentFrom(false)).isEqualTo(25_022);
        }
    }

    @Test
    void uidsOfVersion1AreAdopted() throws Exception {
        Path maildir = dovecotMaildir();
        write(maildir.resolve("dovecot-uidlist"), "1 1275660208 44", "41 " + ONE + ":2,S", "43 " + TWO);
        try (MaildirFixture fixture = new MaildirFixture(root)) {
            assertThat(uids(fixture.inbox())).containsExactly(41L, 43L, 44L);
            assertThat(fixture.inbox().uidValidity()).isEqualTo(1_275_660_208L);
        }
    }

    @Test
    void uidsThatDovecotGaveMeanwhileAreKept() throws Exception {
        Path maildir = dovecotMaildir();
        long validity;
        long next;
        List<Long> ours;
        try (MaildirFixture fixture = new MaildirFixture(root)) {
            Mailbox inbox = fixture.inbox();
            validity = inbox.uidValidity();
            ours = uids(inbox);
            next = inbox.uidNext();
        }
        // Dovecot runs for a while, takes in a message and rewrites the list.
        String list = Files.readString(maildir.resolve("dovecot-uidlist"));
        assertThat(list).startsWith("3 V" + validity + " N");
        String fresh = "1276528499.M1P1.kurkku,S=28,W=31";
        Files.writeString(maildir.resolve("cur/" + fresh + ":2,S"), TEXT);
        Files.writeString(maildir.resolve("dovecot-uidlist"), list + (next + 7) + " :" + fresh + "\n");
        try (MaildirFixture fixture = new MaildirFixture(root)) {
            Mailbox inbox = fixture.inbox();
            assertThat(inbox.uidValidity()).isEqualTo(validity);
            assertThat(uids(inbox)).startsWith(ours.toArray(Long[]::new)).endsWith(next + 7);
            assertThat(inbox.uidNext()).isEqualTo(next + 8);
        }
    }

    @Test
    void listThatDovecotBeganAnewBeginsTheMailboxAnew() throws Exception {
        Path maildir = dovecotMaildir();
        try (MaildirFixture fixture = new MaildirFixture(root)) {
            fixture.inbox();
        }
        write(maildir.resolve("dovecot-uidlist"), "3 V1999999999 N8", "7 :" + ONE);
        try (MaildirFixture fixture = new MaildirFixture(root)) {
            assertThat(fixture.inbox().uidValidity()).isEqualTo(1_999_999_999L);
            assertThat(uids(fixture.inbox())).startsWith(7L, 8L);
        }
    }

    @Test
    void ourListIsOneThatDovecotReads() throws Exception {
        try (MaildirFixture fixture = new MaildirFixture(root)) {
            fixture.deliver("A0000000001");
            fixture.deliver("A0000000002");
            Mailbox inbox = fixture.inbox();
            long uid = fixture.append("INBOX", "Subject: x\n\n", Flags.NONE);
            List<String> lines = Files.readAllLines(fixture.maildir.resolve("dovecot-uidlist"));
            assertThat(lines.getFirst()).matches("3 V" + inbox.uidValidity() + " N\\d+ Pposthorn B\\d+\\.\\d+");
            assertThat(lines.subList(1, lines.size())).hasSize(3).allMatch(line -> line.matches("\\d+ :[^:]+"));
            assertThat(lines.getLast()).startsWith(uid + " :");
        }
    }

    @Test
    void keywordsGetLettersAndTheRestLivesInTheIndex() throws Exception {
        try (MaildirFixture fixture = new MaildirFixture(root)) {
            fixture.deliver("A0000000001");
            Mailbox inbox = fixture.inbox();
            for (int i = 0; i < 40; i++) {
                inbox.store(uids(inbox), new FlagChange(FlagChange.Mode.ADD, new Flags(0, Set.of("Key" + i))));
            }
            assertThat(inbox.messages().getFirst().flags().keywords()).hasSize(40);
            assertThat(fixture.onlyFile("cur").toString()).endsWith(":2,abcdefghijklmnopqrstuvwxyz");
            assertThat(Files.readAllLines(fixture.maildir.resolve("dovecot-keywords")))
                    .hasSize(26)
                    .startsWith("0 Key0", "1 Key1");
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> inbox.store(
                            uids(inbox), new FlagChange(FlagChange.Mode.ADD, new Flags(0, Set.of("OneTooMany")))))
                    .isInstanceOf(org.posthorn.mailbox.MailboxException.class);
            fixture.restart();
            Flags flags = fixture.inbox().messages().getFirst().flags();
            assertThat(flags.keywords()).hasSize(40);
            // A change by another program leaves those alone that it cannot see.
            Path file = fixture.onlyFile("cur");
            Files.move(file, file.resolveSibling(file.getFileName().toString().replace(":2,a", ":2,S")));
            Flags after = fixture.inbox().messages().getFirst().flags();
            // A listing that took long is not repeated at once.
            for (int i = 0; i < 600 && !after.has(Flags.SEEN); i++) {
                Thread.sleep(100);
                after = fixture.inbox().messages().getFirst().flags();
            }
            assertThat(after.has(Flags.SEEN)).isTrue();
            assertThat(after.keywords()).hasSize(39).contains("Key39").doesNotContain("Key0");
        }
    }

    @Test
    void lettersThatMeanNothingToUsStay() throws Exception {
        try (MaildirFixture fixture = new MaildirFixture(root)) {
            fixture.mail();
            fixture.put("cur/1700000001.M1P1.other:2,Pz", "Subject: x\n\n");
            Mailbox inbox = fixture.inbox();
            inbox.store(uids(inbox), new FlagChange(FlagChange.Mode.REPLACE, Flags.of(Flags.SEEN)));
            assertThat(fixture.onlyFile("cur").toString()).endsWith(":2,PSz");
        }
    }

    @Test
    void subscriptionsOfBothVersionsAreRead() throws Exception {
        Path maildir = dovecotMaildir();
        write(maildir.resolve("subscriptions"), "V\t2", "", "Sent", "Work\t2026\\2e1", "&AOk-t&AOk-");
        try (MaildirFixture fixture = new MaildirFixture(root)) {
            assertThat(fixture.mail().subscriptions())
                    .containsExactlyInAnyOrder(
                            new MailboxName(List.of("Sent")),
                            new MailboxName(List.of("Work", "2026.1")),
                            new MailboxName(List.of("été")));
        }
        write(maildir.resolve("subscriptions"), "Sent", "Work.2026");
        try (MaildirFixture fixture = new MaildirFixture(root)) {
            fixture.mail().subscribe(new MailboxName(List.of("Später")), true);
            assertThat(fixture.mail().subscriptions()).contains(MailboxName.parse("Work/2026", '/'));
            assertThat(Files.readAllLines(maildir.resolve("subscriptions")))
                    .containsExactly("V\t2", "", "Sent", "Sp&AOQ-ter", "Work\t2026");
        }
    }

    @Test
    void usualNamesAreRecognisedAndNoneIsMadeInAnAdoptedMaildir() throws Exception {
        Path maildir = dovecotMaildir();
        for (String part : List.of("cur", "new", "tmp")) {
            Files.createDirectories(maildir.resolve(".Sent").resolve(part));
        }
        try (MaildirFixture fixture = new MaildirFixture(root)) {
            assertThat(fixture.mail().mailboxes())
                    .extracting(info -> info.name().toString())
                    .containsExactly("INBOX", "Sent");
            assertThat(fixture.mail()
                            .find(MailboxName.parse("Sent", '/'))
                            .orElseThrow()
                            .specialUse())
                    .contains(SpecialUse.SENT);
        }
    }

    @Test
    void newFoldersHaveDovecotsNamesAndTheMaildirfolderFile() throws Exception {
        try (MaildirFixture fixture = new MaildirFixture(root)) {
            fixture.mail().create(new MailboxName(List.of("~a.b/c\\d&e", "Grüße")), Optional.empty());
            Path folder = fixture.maildir.resolve(".\\7ea\\2eb\\2fc\\5cd&-e.Gr&APwA3w-e");
            assertThat(folder.resolve("cur")).isDirectory();
            assertThat(folder.resolve("maildirfolder")).isRegularFile();
        }
    }

    @Test
    void messagesAreWrittenWithCrlfAndTheirSizesInTheName() throws Exception {
        try (MaildirFixture fixture = new MaildirFixture(root)) {
            fixture.deliver("A0000000001");
            fixture.inbox();
            Path file = fixture.onlyFile("cur");
            String content = Files.readString(file);
            assertThat(content).isEqualTo("Subject: A0000000001\r\n\r\nbody\r\n");
            assertThat(file.getFileName().toString())
                    .matches("\\d+\\.QA0000000001\\.mail\\.posthorn\\.test,S=30,W=30:2,");
        }
    }
}
