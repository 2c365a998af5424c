package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.MailboxException;

/** A letter that a file name shows is in the file of keywords: whoever reads the mailbox next must know what it means. */
class KeywordsTest {
    @TempDir
    Path folder;

    private Path file;
    private Keywords keywords;

    @BeforeEach
    void begin() {
        file = folder.resolve("dovecot-keywords");
        keywords = new Keywords(() -> folder, 2);
    }

    private static Flags flags(String... keywords) {
        return new Flags(0, Set.of(keywords));
    }

    private Flags read(String info) throws Exception {
        Keywords others = new Keywords(() -> folder, 2);
        others.read();
        return others.flags(info);
    }

    @Test
    void aLetterGivenWhereAnotherKeywordWasTooManyIsWrittenDown() throws Exception {
        keywords.learn(flags("one"));
        assertThatThrownBy(() -> keywords.learn(flags("two", "three"))).isInstanceOf(MailboxException.class);
        String second = keywords.all().contains("two") ? "two" : "three";
        keywords.learn(flags(second));
        assertThat(Files.readAllLines(file)).containsExactly("0 one", "1 " + second);
        assertThat(read(keywords.info(flags(second), ""))).isEqualTo(flags(second));
    }

    @Test
    void aLetterThatCouldNotBeWrittenIsWrittenLater() throws Exception {
        Path away = folder.resolveSibling(folder.getFileName() + ".away");
        Files.move(folder, away);
        assertThatThrownBy(() -> keywords.learn(flags("one"))).isInstanceOf(java.io.IOException.class);
        Files.move(away, folder);
        keywords.learn(flags("one"));
        assertThat(read(keywords.info(flags("one"), ""))).isEqualTo(flags("one"));
    }

    @Test
    void aFileThatAnotherProgramHasRemovedIsWrittenAnew() throws Exception {
        keywords.learn(flags("one"));
        keywords.learn(flags("two"));
        Files.delete(file);
        keywords.learn(flags("two"));
        assertThat(Files.readAllLines(file)).containsExactly("0 one", "1 two");
    }

    /** The first letter is one like the others. */
    @Test
    void aFileThatAnotherProgramHasRemovedIsWrittenAnewForTheFirstLetterAlone() throws Exception {
        keywords.learn(flags("one"));
        Files.delete(file);
        keywords.learn(flags("one"));
        assertThat(Files.readAllLines(file)).containsExactly("0 one");
    }

    /** What a file name showed before is not remembered. */
    @Test
    void aLetterMeansSomethingOnceItIsGiven() throws Exception {
        assertThat(keywords.flags("2,a")).isEqualTo(Flags.of(0));
        keywords.learn(flags("one"));
        assertThat(keywords.flags("2,a")).isEqualTo(flags("one"));
    }

    @Test
    void aLetterThatAnotherProgramHasGivenIsNotGivenAgain() throws Exception {
        keywords = new Keywords(() -> folder, 3);
        keywords.learn(flags("one"));
        Files.writeString(file, "0 one\n1 ofAnother\n");
        keywords.learn(flags("two"));
        assertThat(Files.readAllLines(file)).containsExactly("0 one", "1 ofAnother", "2 two");
    }

    @Test
    void theFileIsLeftAloneAsLongAsItTellsEverything() throws Exception {
        keywords.learn(flags("one"));
        Files.writeString(file, "0 one\n1 ofAnother\n");
        keywords.learn(flags("one"));
        assertThat(Files.readAllLines(file)).containsExactly("0 one", "1 ofAnother");
    }

    @Test
    void whatAnotherProgramHasTakenFromTheFileMeansNothing() throws Exception {
        Files.writeString(file, "0 one\n1 two\n");
        keywords.read();
        assertThat(keywords.flags("2,ab")).isEqualTo(flags("one", "two"));
        Files.writeString(file, "0 one\n");
        keywords.read();
        assertThat(keywords.all()).containsExactly("one");
        assertThat(keywords.flags("2,ab")).isEqualTo(flags("one"));
    }

    @Test
    void linesThatAreNoEntriesArePassedOver() throws Exception {
        Files.writeString(
                file, "0 one\n26 beyond\n100 long\n/ slash\n: colon\n1x mixed\n2\n3 \n 4 four\n5 two words\n25 last\n");
        keywords.read();
        assertThat(keywords.all()).containsExactly("one", "last");
        assertThat(keywords.flags("2,az")).isEqualTo(flags("last", "one"));
    }
}
