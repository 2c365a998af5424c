package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.Message;
import org.posthorn.testing.ChildJvm;

/** A process that is killed in the middle of its work, again and again. */
@Tag("long")
class CrashTest {
    private static final int ROUNDS = 5;

    @TempDir
    Path root;

    private final Map<Long, String> subjects = new HashMap<>();
    private final Map<Long, Integer> flags = new HashMap<>();
    private final Set<String> promised = new HashSet<>();
    private final Set<Long> going = new HashSet<>();

    @Test
    void whatWasPromisedHoldsAfterKill() throws Exception {
        Random random = new Random(7);
        long validity = 0;
        for (int round = 0; round < ROUNDS; round++) {
            runAndKill(round, 150 + random.nextInt(400));
            try (MaildirFixture fixture = new MaildirFixture(root)) {
                Mailbox inbox = fixture.inbox();
                assertThat(validity == 0 || validity == inbox.uidValidity()).isTrue();
                validity = inbox.uidValidity();
                check(inbox);
            }
        }
        assertThat(subjects).hasSizeGreaterThan(50);
    }

    private void runAndKill(int round, int lines) throws Exception {
        Process child = ChildJvm.of(CrashChild.class, root.toString(), String.valueOf(round))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader reader = child.inputReader()) {
            int read = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                note(line.split(" ", -1));
                if (++read == lines) {
                    // SIGKILL; what the child has written until then is still read.
                    child.toHandle().destroyForcibly();
                }
            }
            assertThat(read).as("lines of a child that must not end by itself").isGreaterThanOrEqualTo(lines);
        }
        assertThat(child.waitFor()).isNotZero();
    }

    private void note(String[] words) {
        switch (words[0]) {
            case "there" -> promised.add(words[1]);
            case "uid" -> {
                String before = subjects.put(Long.valueOf(words[1]), words[2]);
                assertThat(before == null || before.equals(words[2]))
                        .as("UID %s was %s, now %s", words[1], before, words[2])
                        .isTrue();
            }
            case "going" -> going.add(Long.valueOf(words[1]));
            case "flags" -> flags.put(Long.valueOf(words[1]), Integer.valueOf(words[2]));
            default -> assertThat(words).containsExactly("ready");
        }
    }

    private void check(Mailbox inbox) throws Exception {
        List<String> found = new ArrayList<>();
        for (Message message : inbox.messages()) {
            String text = MaildirFixture.text(inbox, message.uid());
            assertThat(text).hasSize((int) message.size()).endsWith("body\r\n");
            String subject = text.substring(9, text.indexOf('\r'));
            found.add(subject);
            note(new String[] {"uid", String.valueOf(message.uid()), subject});
            Integer stored = flags.get(message.uid());
            assertThat(stored == null || message.flags().system() == stored).isTrue();
        }
        assertThat(found).doesNotHaveDuplicates();
        Set<String> mayBeGone = new HashSet<>();
        going.forEach(uid -> mayBeGone.add(subjects.getOrDefault(uid, "")));
        Set<String> missing = new HashSet<>(promised);
        found.forEach(missing::remove);
        missing.removeAll(mayBeGone);
        assertThat(missing).isEmpty();
        Set<Long> uids = new HashSet<>(MaildirFixture.uids(inbox));
        subjects.keySet().stream()
                .filter(uid -> !going.contains(uid))
                .forEach(uid -> assertThat(uids).contains(uid));
        // A flag change that the kill interrupted is not known to us: the next round starts afresh.
        flags.clear();
    }
}
