package org.posthorn.queue.spool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.log.MailLog;
import org.posthorn.mail.MessageContent;
import org.posthorn.storage.CommitLog;
import org.posthorn.storage.CommitLogConfig;
import org.posthorn.storage.LogFile;
import org.posthorn.storage.LogPosition;

/** Every range of a message is the same, wherever its octets lie. */
class ContentsTest {
    private static final String TEXT = "0123456789";

    @TempDir
    private Path directory;

    private static void hasRanges(MessageContent content) throws IOException {
        assertThat(content.size()).isEqualTo(10);
        for (int from = 0; from <= 11; from++) {
            for (int length : new int[] {0, 1, 2, 5, 9, 10, 11, 100}) {
                int start = Math.min(from, 10);
                String expected = TEXT.substring(start, Math.min(10, start + length));
                try (InputStream in = content.open(from, length)) {
                    assertThat(new String(in.readAllBytes(), UTF_8))
                            .as(from + "+" + length)
                            .isEqualTo(expected);
                }
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                content.transferTo(from, length, out);
                assertThat(out.toString(UTF_8)).as(from + "+" + length).isEqualTo(expected);
            }
        }
        try (InputStream in = content.open(3, 3)) {
            assertThat(in.read()).isEqualTo('3');
            assertThat(in.read(new byte[0])).isZero();
            byte[] into = "......".getBytes(UTF_8);
            assertThat(in.read(into, 1, 1)).isEqualTo(1);
            assertThat(in.read()).isEqualTo('5');
            assertThat(in.read()).isEqualTo(-1);
            assertThat(in.read(into, 3, 2)).isEqualTo(-1);
            assertThat(new String(into, UTF_8)).isEqualTo(".4....");
        }
    }

    private static MessageContent of(String text) {
        return MessageContent.of(text.getBytes(UTF_8));
    }

    @Test
    void anArrayOfWhichAPartIsUsed() throws IOException {
        hasRanges(new ArrayContent((TEXT + "stale").getBytes(UTF_8), 10));
    }

    @Test
    void twoPartsBehindEachOther() throws IOException {
        for (int cut = 0; cut <= 10; cut++) {
            hasRanges(MessageContent.joined(of(TEXT.substring(0, cut)), of(TEXT.substring(cut))));
        }
    }

    @Test
    void aRecordOfTheLog() throws IOException {
        try (CommitLog log = new CommitLog(
                directory, new CommitLogConfig(8192, 8192, 0), LogFile::onDisk, () -> new byte[0], MailLog.none())) {
            log.recover(new CommitLog.Replay() {
                @Override
                public void segment(byte[] stamp) {}

                @Override
                public void record(int type, LogPosition position, ByteBuffer payload) {}
            });
            log.start();
            LogPosition place =
                    log.keep(1, ("head" + TEXT + "tail").getBytes(UTF_8)).await();
            hasRanges(new LogContent(log, place, 4, 10));
            try (InputStream in = log(log, List.of((byte) 0xFF))) {
                assertThat(in.read()).isEqualTo(0xFF);
            }
        }
    }

    private static InputStream log(CommitLog log, List<Byte> octets) throws IOException {
        byte[] bytes = {octets.getFirst()};
        return new LogContent(log, log.keep(1, bytes).await(), 0, 1).open(0, 1);
    }

    @Test
    void aDraftInMemoryAndInItsFile() throws IOException {
        for (int limit : new int[] {3, 9, 10, 11, 100}) {
            DraftBuffer draft = new DraftBuffer(directory.resolve("draft"), limit);
            draft.write(("xx" + TEXT).getBytes(UTF_8), 2, 4);
            draft.write(TEXT.getBytes(UTF_8), 4, 6);
            assertThat(draft.size()).isEqualTo(10);
            assertThat(draft.inFile()).isEqualTo(limit < 10);
            hasRanges(draft.content());
            if (limit >= 10) {
                assertThat(new String(draft.inMemory(), UTF_8)).isEqualTo(TEXT);
            }
            draft.drop();
            assertThat(directory.resolve("draft")).doesNotExist();
        }
    }
}
