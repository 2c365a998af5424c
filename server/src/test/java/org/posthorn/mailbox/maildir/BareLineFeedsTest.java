package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.testing.WatchedFiles;

/** How many octets more a message has for a client than its file: what is announced must be what is sent. */
class BareLineFeedsTest {
    private static final int BLOCK = 32 * 1024;

    @TempDir
    Path directory;

    private long count(byte[] content) throws IOException {
        Path file = Files.write(directory.resolve("message"), content);
        try (FileChannel channel = FileChannel.open(file)) {
            return FolderFiles.bareLineFeeds(channel);
        }
    }

    private static long oneByOne(byte[] content) {
        long count = 0;
        for (int i = 0; i < content.length; i++) {
            count += content[i] == '\n' && (i == 0 || content[i - 1] != '\r') ? 1 : 0;
        }
        return count;
    }

    @Test
    void aLineEndMayLieAcrossTwoBlocks() throws IOException {
        byte[] content = new byte[2 * BLOCK + 1];
        content[BLOCK - 1] = '\r';
        content[BLOCK] = '\n';
        content[2 * BLOCK] = '\n';
        assertThat(count(content)).isEqualTo(1);
        content[BLOCK - 1] = 'x';
        assertThat(count(content)).isEqualTo(2);
    }

    @Test
    void countsAsOneWhoLooksAtEachOctet() throws IOException {
        Random random = new Random(7);
        for (int size : new int[] {0, 1, 2, 7, 8, 9, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 100_003}) {
            byte[] content = new byte[size];
            for (int i = 0; i < size; i++) {
                content[i] = (byte) "\r\nab\u008a".charAt(random.nextInt(5));
            }
            assertThat(count(content)).as("%s octets", size).isEqualTo(oneByOne(content));
        }
    }

    /** As some file systems do it; not to be taken for the end. */
    @Test
    void aReadMayGiveLessThanIsAskedFor() throws IOException {
        byte[] content = "a line\nanother\r\n".repeat(5_000).getBytes(StandardCharsets.US_ASCII);
        Files.write(directory.resolve("message"), content);
        try (FileChannel channel =
                FileChannel.open(new WatchedFiles(directory).root().resolve("message"))) {
            assertThat(FolderFiles.bareLineFeeds(channel)).isEqualTo(5_000);
        }
    }
}
