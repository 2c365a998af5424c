package org.posthorn.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MessageContentTest {
    @TempDir
    private Path folder;

    @Test
    void readsRangesOfMemoryAndFileAlike() throws IOException {
        byte[] bytes = "0123456789".getBytes(StandardCharsets.US_ASCII);
        Path file = folder.resolve("message");
        Files.write(file, "before0123456789after".getBytes(StandardCharsets.US_ASCII));
        for (MessageContent content : List.of(MessageContent.of(bytes), MessageContent.ofFile(file, 6, 10))) {
            assertThat(content.size()).isEqualTo(10);
            assertThat(read(content.open())).isEqualTo("0123456789");
            assertThat(read(content.open(3, 4))).isEqualTo("3456");
            assertThat(read(content.open(8, 100))).isEqualTo("89");
            assertThat(read(content.open(100, 1))).isEmpty();
            assertThat(read(content.open(0, 0))).isEmpty();
            assertThat(transferred(content, 2, 3)).isEqualTo("234");
            assertThat(transferred(content, 9, Long.MAX_VALUE)).isEqualTo("9");
            try (InputStream in = content.open(1, 5)) {
                assertThat(in.skip(2)).isEqualTo(2);
                assertThat(in.read()).isEqualTo('3');
            }
        }
    }

    @Test
    void copiesLargeFileWhole() throws IOException {
        byte[] bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);
        Path file = Files.write(folder.resolve("large"), bytes);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        MessageContent content = MessageContent.ofFile(file, 0, bytes.length);
        content.transferTo(0, content.size(), out);

        assertThat(out.toByteArray()).isEqualTo(bytes);
    }

    @Test
    void failsWhenFileIsShorterThanItWas() throws IOException {
        Path file = Files.writeString(folder.resolve("short"), "abc");
        assertThatThrownBy(() -> read(MessageContent.ofFile(file, 0, 4).open())).isInstanceOf(EOFException.class);
        Files.delete(file);
        assertThatThrownBy(() -> MessageContent.ofFile(file, 0, 4).open()).isInstanceOf(NoSuchFileException.class);
    }

    private static String read(InputStream in) throws IOException {
        try (in) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static String transferred(MessageContent content, long from, long length) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        content.transferTo(from, length, out);
        return out.toString(StandardCharsets.US_ASCII);
    }

    @Test
    void streamsKnowWhatIsLeft() throws IOException {
        Path file = Files.writeString(folder.resolve("seven"), "0123456");
        try (InputStream in = MessageContent.ofFile(file, 1, 5).open()) {
            assertThat(in.available()).isEqualTo(5);
            assertThat(in.read(new byte[0])).isZero();
            assertThat(in.read()).isEqualTo('1');
            assertThat(in.skip(-1)).isZero();
            assertThat(in.skip(2)).isEqualTo(2);
            assertThat(in.available()).isEqualTo(2);
            assertThat(in.skip(9)).isEqualTo(2);
            assertThat(in.read()).isEqualTo(-1);
            assertThat(in.available()).isZero();
        }
        byte[] high = {(byte) 0xff};
        Files.write(file, high);
        try (InputStream in = MessageContent.ofFile(file, 0, 1).open()) {
            assertThat(in.read()).isEqualTo(255);
        }
    }

    /** A channel that its owner keeps stays open, one that was opened for the stream does not. */
    @Test
    void closesWhatItOpened() throws IOException {
        Path file = Files.writeString(folder.resolve("three"), "abc");
        try (FileChannel kept = FileChannel.open(file, StandardOpenOption.READ)) {
            assertThat(read(MessageContent.ofChannel(kept, 1, 2).open())).isEqualTo("bc");
            assertThat(kept.isOpen()).isTrue();
        }
        FileChannel opened = FileChannel.open(file, StandardOpenOption.READ);
        assertThat(read(MessageContent.ofFile(() -> opened, 0, 3).open())).isEqualTo("abc");
        assertThat(opened.isOpen()).isFalse();
    }
}
