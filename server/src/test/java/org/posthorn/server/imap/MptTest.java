package org.posthorn.server.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.log.MailLog;
import org.posthorn.mailbox.maildir.MaildirConfig;
import org.posthorn.mailbox.maildir.MaildirStore;
import org.posthorn.testing.Conformance;
import org.posthorn.testing.Patience;

/** James's IMAP scripts over Maildirs. {@code resources/imap/mpt-excluded.txt} says which cannot pass here, and why. */
class MptTest {
    /** For scripts that wait for what does not come, in milliseconds. */
    private static final int SHORT = 2_000;

    @TempDir
    private Path directory;

    private String silentIn = "";

    @TestFactory
    List<DynamicTest> passes() throws IOException {
        Map<String, String> excluded = excluded();
        Map<String, List<String>> before = before();
        List<DynamicTest> tests = new ArrayList<>();
        scripts().forEach((name, file) -> {
            if (!excluded.containsKey(name)) {
                tests.add(dynamicTest(
                        name, () -> playUnlessSilent(name, file, before.getOrDefault(name, usual(name)))));
            }
        });
        return tests;
    }

    /** A server that does not answer is waited for in one script, not in each. */
    private void playUnlessSilent(String name, Path file, List<String> before) throws IOException {
        assertThat(silentIn).as("the script in which the server fell silent").isEmpty();
        try {
            play(name, file, before, Patience.millis());
        } catch (SocketTimeoutException e) {
            silentIn = name;
            throw e;
        }
    }

    /** A script that would pass must not be left out, nor one named that is not there. */
    @Test
    @Tag("long")
    void leavesOutOnlyWhatFails() throws IOException {
        Map<String, String> excluded = excluded();
        Map<String, List<String>> before = before();
        Map<String, Path> scripts = scripts();
        System.out.println("imap-mpt-james: left out: " + excluded);
        assertThat(scripts.keySet()).containsAll(excluded.keySet());
        List<String> wrong = new ArrayList<>();
        excluded.forEach((name, reason) -> {
            Path file = scripts.get(name);
            if (catchThrowable(() -> play(name, file, before.getOrDefault(name, usual(name)), SHORT)) == null) {
                wrong.add(name);
            }
        });
        assertThat(wrong).as("left out, but would pass").isEmpty();
        assertThat(scripts).hasSize(83);
    }

    private static List<String> usual(String name) {
        return switch (name) {
            case "Welcome" -> List.of();
            case "SelectedStateCleanup" -> List.of("welcome", "authenticate", "prepare mailbox");
            default -> List.of("welcome", "authenticate");
        };
    }

    private void play(String name, Path file, List<String> before, int patienceMillis) throws IOException {
        Path mail = Files.createDirectories(directory.resolve(name.replace('/', '-')));
        MaildirConfig config = new MaildirConfig(mail, "test", 100, 100, 1_000_000, false);
        try (ImapFixture server = ImapFixture.dotted(new MaildirStore(config, MailLog.none(), Clock.systemUTC()))) {
            new MptScript(file, before, patienceMillis).play(server);
        }
    }

    private static Map<String, Path> scripts() throws IOException {
        Path root = Conformance.require("imap-mpt-james").resolve("imap");
        Map<String, Path> scripts = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(f -> f.toString().endsWith(".test"))
                    .forEach(f -> scripts.put(root.relativize(f).toString().replace(".test", ""), f));
        }
        return scripts;
    }

    /** The prelude of each script: {@code "Name": {"before": ["welcome", ...]}}. */
    private static Map<String, List<String>> before() throws IOException {
        String json = Files.readString(Conformance.require("imap-mpt-james").resolve("setup.json"));
        Map<String, List<String>> before = new HashMap<>();
        Matcher entry = Pattern.compile("\"([^\"]+)\": \\{\\s*\"before\": \\[([^\\]]*)\\]")
                .matcher(json);
        while (entry.find()) {
            List<String> steps = new ArrayList<>();
            Matcher step = Pattern.compile("\"([^\"]+)\"").matcher(entry.group(2));
            while (step.find()) {
                steps.add(step.group(1));
            }
            before.put(entry.group(1), steps);
        }
        return before;
    }

    private static Map<String, String> excluded() throws IOException {
        Map<String, String> excluded = new TreeMap<>();
        try (InputStream in = MptTest.class.getResourceAsStream("/imap/mpt-excluded.txt")) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(line -> {
                if (!line.isBlank() && !line.startsWith("#")) {
                    excluded.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 2));
                }
            });
        }
        return excluded;
    }
}
