package org.posthorn.mailbox.maildir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.posthorn.mail.Address;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.storage.UnknownFormatException;

class NamesTest {
    @Test
    void fileNameTellsSizesAndKey() {
        FileName name = FileName.parse("1700000000.QABC-x1_2.host,S=10,W=12,X=y:2,FS");
        assertThat(name.seconds()).isEqualTo(1_700_000_000L);
        assertThat(name.fileSize()).hasValue(10);
        assertThat(name.virtualSize()).hasValue(12);
        assertThat(name.key()).isEqualTo("QABC");
        assertThat(name.tellsDate()).isFalse();
        assertThat(FileName.parse("1700000000.QABC.a-host,S=1").tellsDate()).isTrue();
        assertThat(FileName.parse("1700000000.M1P2.Q,S=1").key()).isEmpty();
        assertThat(name.text()).isEqualTo("1700000000.QABC-x1_2.host,S=10,W=12,X=y:2,FS");
        assertThat(FileName.parse("nonsense").seconds()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void keysAreMadeSafeForFileNames() {
        assertThat(FileName.unique("../A:b,c")).isEqualTo("Q___A_b_c");
    }

    @Test
    void folderNamesComeBack() {
        for (List<String> levels : List.of(
                List.of("Work"),
                List.of("a.b", "c/d"),
                List.of("~x", "y~"),
                List.of("Ä&B"),
                List.of("\\2e"),
                List.of("INBOX", "x"))) {
            MailboxName name = new MailboxName(levels);
            assertThat(FolderNames.mailbox(FolderNames.directory(name))).contains(name);
        }
    }

    @Test
    void directoriesThatAreNoMailboxAreNone() {
        for (String directory :
                List.of("cur", ".", "..", "..x", ".a..b", ".a.", ".INBOX", ".inbox", "." + "x".repeat(300))) {
            assertThat(FolderNames.mailbox(directory)).as(directory).isEmpty();
        }
    }

    @Test
    void accountsCannotLeaveTheirDirectory() {
        assertThat(FolderNames.account(
                        new Address("../../etc", Address.parse("a@b.test").domain())))
                .isEqualTo("%22..%2f..%2fetc%22@b.test");
        assertThat(FolderNames.account(Address.parse("Ünal@posthorn.test"))).isEqualTo("%c3%bcnal@posthorn.test");
    }

    @Test
    void listWithoutHeaderIsRefused() {
        for (String text : List.of("", "3 N5\n", "x V5 N5\n", "3 V0 N5\n", "3 V99999999999 N5\n", "3 V5 N5")) {
            assertThatThrownBy(() -> UidList.read(new ByteArrayInputStream(text.getBytes(UTF_8))))
                    .isInstanceOf(MalformedUidListException.class);
        }
    }

    /** Another program's newer list must not be taken for damage, and be written anew. */
    @Test
    void listOfAnotherVersionIsLeftAlone() {
        for (String text : List.of("2 V5 N5\n", "4 V5 N5\n", "999 V5 N5\n")) {
            assertThatThrownBy(() -> UidList.read(new ByteArrayInputStream(text.getBytes(UTF_8))))
                    .isInstanceOf(UnknownFormatException.class);
        }
    }

    @Test
    void linesThatAreNoEntriesArePassedOver() throws Exception {
        String text = String.join(
                "\n",
                "3 V5 N5",
                "7 :seven:2,S",
                "",
                "x :y",
                "6 :six",
                "8 S1 W2 :eight",
                "9 " + "z".repeat(5000),
                "10 :torn");
        UidList list = UidList.read(new ByteArrayInputStream(text.getBytes(UTF_8)));
        assertThat(list.uids())
                .containsOnlyKeys("seven", "eight")
                .containsEntry("seven", 7L)
                .containsEntry("eight", 8L);
        assertThat(list.next()).isEqualTo(9);
    }

    @Test
    void fuzzTargetsHoldForRandomInput() {
        Random random = new Random(1);
        byte[] alphabet = ".:,=2SWQ&-\\~/INBOXinbox0123456789 \n3VN\0\u00ff"
                .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        for (int i = 0; i < 20_000; i++) {
            byte[] input = new byte[random.nextInt(60)];
            for (int j = 0; j < input.length; j++) {
                input[j] = alphabet[random.nextInt(alphabet.length)];
            }
            MaildirFuzzing.names(input);
            MaildirFuzzing.uidList(input);
        }
    }
}
