package org.posthorn.queue.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.queue.QueueBench;
import org.posthorn.queue.QueueRunner;
import org.posthorn.testing.ChildJvm;

/** A process that commits under load is killed again and again (SIGKILL): nothing that was acknowledged is lost or doubled. */
@Tag("long")
class SpoolCrashTest {
    private static final int KILLS = Integer.getInteger("posthorn.crash.kills", 10);

    @TempDir
    Path directory;

    private final Map<String, String> acknowledged = new HashMap<>();

    @Test
    void killedProcessLosesAndDoublesNothing() throws Exception {
        Random random = new Random(4);
        for (int kill = 0; kill < KILLS; kill++) {
            liveAndDie(kill, 20 + random.nextInt(300));
        }
        assertThat(acknowledged).hasSizeGreaterThan(KILLS);
        FileSpool spool = SpoolCrashChild.open(directory);
        try (QueueRunner runner = SpoolCrashChild.runner(spool, directory)) {
            runner.start();
            QueueBench.await(() -> spool.messages().isEmpty());
        } finally {
            spool.close();
        }
        for (Map.Entry<String, String> each : acknowledged.entrySet()) {
            assertThat(directory.resolve("mail").resolve(each.getKey())).hasContent(each.getValue());
        }
        assertThat(directory.resolve("double")).doesNotExist();
    }

    /** Lets a process live until it has acknowledged so many messages, and kills it in full flight. */
    private void liveAndDie(int seed, int messages) throws IOException, InterruptedException {
        Process process = ChildJvm.of(SpoolCrashChild.class, directory.toString(), Integer.toString(seed))
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("errors").toFile()))
                .start();
        int seen = 0;
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                String[] words = line.split(" ", -1);
                if (words.length == 3 && words[0].equals("OK")) {
                    assertThat(acknowledged.put(words[1], words[2]))
                            .as("id given twice")
                            .isNull();
                    seen++;
                    if (seen == messages) {
                        // Process.destroyForcibly would close the pipe, in which more acknowledgements wait.
                        process.toHandle().destroyForcibly();
                    }
                }
            }
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(Duration.ofSeconds(30))).isTrue();
        assertThat(seen).as("%s", Files.readString(directory.resolve("errors"))).isGreaterThanOrEqualTo(messages);
    }
}
