package org.posthorn.queue.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.queue.QueueBench;

/** A disk that really is full: a small tmpfs, which takes root to mount. */
class FullDiskTest {
    @TempDir
    Path directory;

    private boolean mounted;

    @BeforeEach
    void mount() throws Exception {
        mounted = System.getProperty("user.name").equals("root")
                && run("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", directory.toString());
        Assumptions.assumeTrue(mounted, "a tmpfs cannot be mounted");
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertThat(run("umount", "-l", directory.toString())).isTrue();
        }
    }

    private static boolean run(String... command) throws Exception {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void refusesWhenFullLosesNothingAndGoesOn() throws IOException {
        Set<String> committed = new HashSet<>();
        try (QueueBench queue = new QueueBench(directory.resolve("spool")).openSpool()) {
            int refused = 0;
            for (int i = 0; refused < 3; i++) {
                refused += send(queue, committed, i, i % 7 == 0 ? 200_000 : 3000) ? 0 : 1;
            }
            assertThat(committed).isNotEmpty();
            queue.start();
            queue.awaitEmpty();
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            queue.spool.maintain();
            while (!send(queue, committed, -1, 3000)) {
                assertThat(System.nanoTime()).isLessThan(deadline);
            }
            queue.awaitEmpty();
            assertThat(queue.local.got)
                    .extracting(got -> got.content().lines().skip(1).findFirst().orElse(""))
                    .containsExactlyInAnyOrderElementsOf(committed);
        }
    }

    private static boolean send(QueueBench queue, Set<String> committed, int number, int size) {
        String first = "number " + number;
        try {
            queue.send(first + "\r\n" + "x".repeat(size), "a@far.test", "bob@here.test");
            committed.add(first);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
