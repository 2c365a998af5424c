package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.testing.WatchedFiles;

class SyncThreadTest {
    @TempDir
    private Path directory;

    private WatchedFiles files;

    @BeforeEach
    void watch() {
        files = new WatchedFiles(directory);
    }

    private FileChannel file() throws IOException {
        return FileChannel.open(files.root().resolve("file"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    @Test
    void syncsTheFileThenItsDirectoryAndLeavesTheFileOpen() throws IOException {
        try (SyncThread thread = new SyncThread(directory);
                FileChannel file = file()) {
            thread.sync(Optional.of(file), files.root());
            assertThat(files.events()).containsExactly("sync file", "sync .");
            assertThat(file.isOpen()).isTrue();
            Files.createDirectory(directory.resolve("folder"));
            thread.sync(Optional.empty(), files.root().resolve("folder"));
            assertThat(files.events()).containsExactly("sync file", "sync .", "sync folder");
        }
    }

    @Test
    void whoWaitsHearsOfAFailureAndTheNextIsServed() throws IOException {
        try (SyncThread thread = new SyncThread(directory);
                FileChannel file = file()) {
            for (String failing : List.of("sync file", "sync .")) {
                files.failOn(event -> event.equals(failing));
                assertThatThrownBy(() -> thread.sync(Optional.of(file), files.root()))
                        .isInstanceOf(IOException.class)
                        .hasMessage("not made durable: " + directory)
                        .hasRootCauseMessage("cannot " + failing);
                files.failOn(event -> false);
                thread.sync(Optional.of(file), files.root());
            }
            assertThat(thread.alive()).isTrue();
        }
    }

    @Test
    void manyAtATimeAreAllServed() throws Exception {
        AtomicInteger served = new AtomicInteger();
        try (SyncThread thread = new SyncThread(directory);
                FileChannel file = file()) {
            List<Thread> waiting = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                waiting.add(Thread.startVirtualThread(() -> {
                    try {
                        thread.sync(Optional.of(file), files.root());
                        served.incrementAndGet();
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                }));
            }
            for (Thread each : waiting) {
                each.join();
            }
        }
        assertThat(served.get()).isEqualTo(50);
    }

    @Test
    void aThreadThatWasEndedIsNotCalledDead() {
        SyncThread thread = new SyncThread(directory);
        assertThat(thread.alive()).isTrue();
        thread.close();
        assertThat(thread.alive()).isTrue();
    }
}
