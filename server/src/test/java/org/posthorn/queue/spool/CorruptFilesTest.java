package org.posthorn.queue.spool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.queue.LineLog;
import org.posthorn.storage.LogPosition;
import org.posthorn.testing.WatchedFiles;

class CorruptFilesTest {
    @TempDir
    private Path spool;

    private final LineLog log = new LineLog();

    @Test
    void keepsDamagedOctetsUnderTheirPlaceAndTellsUntilTheyAreGone() throws IOException {
        CorruptFiles corrupt = new CorruptFiles(spool, log);
        assertThat(corrupt.isUsed()).isFalse();
        assertThat(corrupt.faults()).isEmpty();
        corrupt.keep(new LogPosition(7, 4096, 5), ByteBuffer.wrap("wrong".getBytes(UTF_8)), "its check sum is wrong");
        Path kept = spool.resolve("corrupt/0000000000000007-4096");
        assertThat(kept).hasContent("wrong");
        assertThat(corrupt.isUsed()).isTrue();
        assertThat(log.lines)
                .containsExactly("ERROR spool : record-set-aside [file, " + kept + ", reason, its check sum is wrong]");
        assertThat(corrupt.faults())
                .containsExactly(spool.resolve("corrupt")
                        + " holds 1 damaged records or messages; rescue what is wanted and remove them");
        // The next start finds the same; what somebody has made of it stays.
        Files.writeString(kept, "mended");
        corrupt.keep(new LogPosition(7, 4096, 5), ByteBuffer.wrap("wrong".getBytes(UTF_8)), "its check sum is wrong");
        assertThat(kept).hasContent("mended");
        Files.delete(kept);
        assertThat(corrupt.faults()).isEmpty();
    }

    @Test
    void movesFilesSoThatTheyStay() throws IOException {
        WatchedFiles files = new WatchedFiles(spool);
        CorruptFiles corrupt = new CorruptFiles(files.root(), log);
        Files.writeString(spool.resolve("MESSAGE"), "text");
        corrupt.move(files.root().resolve("MESSAGE"), "it may belong to a damaged record");
        assertThat(files.events()).containsExactly("move MESSAGE corrupt/MESSAGE", "sync corrupt");
        assertThat(spool.resolve("corrupt/MESSAGE")).hasContent("text");
        assertThat(corrupt.isUsed()).isTrue();
    }

    @Test
    void aFolderThatCannotBeReadIsAFaultToo() throws IOException {
        Files.writeString(spool.resolve("corrupt"), "no folder");
        assertThat(new CorruptFiles(spool, log).faults())
                .singleElement()
                .asString()
                .startsWith(spool.resolve("corrupt") + " cannot be read: ");
    }
}
