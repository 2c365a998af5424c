package org.posthorn.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 fifty times in a row under load: every message that was answered with 250 lies in the Maildir exactly once, and no UID ever
 * names another message.
 */
@ExtendWith(Peers.class)
class CrashTest {
    private static final int KILLS = 50;

    @TempDir
    Path dir;

    @Test
    void nothingAcceptedIsLostOrDoubled() throws Exception {
        PosthornServer posthorn = PosthornServer.start(dir.resolve("posthorn"));
        try {
            Set<String> accepted = new HashSet<>();
            Map<String, String> uids = new HashMap<>();
            for (int round = 0; round < KILLS; round++) {
                Path record = dir.resolve("accepted-" + round);
                Process load = smtpLoad(round, record);
                // A different moment each time: while connecting, in the middle of data, between commit and delivery.
                Thread.sleep(150 + 37L * (round % 11));
                posthorn.kill();
                if (!load.waitFor(60, TimeUnit.SECONDS)) {
                    load.destroyForcibly();
                }
                accepted.addAll(Files.readAllLines(record));
                posthorn.startAgain();
                if (round % 5 == 0) {
                    checkUids(uids);
                }
            }
            assertThat(accepted)
                    .as("the load must get through between the kills")
                    .hasSizeGreaterThan(500);
            Eventually.get(
                    "all accepted messages",
                    () -> occurrences(posthorn.maildir("user1")).keySet().containsAll(accepted),
                    all -> all);
            assertThat(occurrences(posthorn.maildir("user1")).entrySet())
                    .filteredOn(entry -> entry.getValue() != 1)
                    .isEmpty();
            checkUids(uids);
        } finally {
            posthorn.close();
        }
    }

    /** Sends numbered messages on several connections until the server is gone; notes each that was answered with 250. */
    private static Process smtpLoad(int round, Path record) throws Exception {
        return new ProcessBuilder(
                        "/usr/bin/python3",
                        Repository.root()
                                .resolve("interop/peers/numbered-load.py")
                                .toString(),
                        String.valueOf(PosthornServer.SMTP),
                        "user1@posthorn.test",
                        String.valueOf(round),
                        record.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Sees each UID with the same message as before. */
    private static void checkUids(Map<String, String> known) {
        String shown = Tool.run(
                        "/usr/bin/python3",
                        Repository.root().resolve("interop/peers/uids.py").toString(),
                        String.valueOf(PosthornServer.IMAP),
                        "user1@posthorn.test",
                        "secret-1")
                .succeeded()
                .output();
        List<String> changed = new ArrayList<>();
        shown.lines().forEach(line -> {
            String[] uidAndNumber = line.split(" ", -1);
            String before = known.putIfAbsent(uidAndNumber[0], uidAndNumber[1]);
            if (before != null && !before.equals(uidAndNumber[1])) {
                changed.add(line + " was " + before);
            }
        });
        assertThat(changed).isEmpty();
    }

    /** How often each numbered message lies in the Maildir. */
    private static Map<String, Integer> occurrences(Path maildir) throws Exception {
        Map<String, Integer> found = new HashMap<>();
        for (Path file : Peers.messages(maildir)) {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            int at = text.indexOf("X-Number: ");
            found.merge(text.substring(at + 10, text.indexOf('\r', at)), 1, Integer::sum);
        }
        return found;
    }
}
