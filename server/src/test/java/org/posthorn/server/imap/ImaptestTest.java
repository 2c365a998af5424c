package org.posthorn.server.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.log.MailLog;
import org.posthorn.mailbox.maildir.MaildirConfig;
import org.posthorn.mailbox.maildir.MaildirStore;
import org.posthorn.testing.Conformance;

/** The scripted cases of imaptest that need no more than we announce, over Maildirs. */
class ImaptestTest {
    private static final Set<String> ANNOUNCED =
            Set.of("ID", "UIDPLUS", "IDLE", "MOVE", "NAMESPACE", "UNSELECT", "LITERAL+");

    @TempDir
    private Path directory;

    private String silentIn = "";

    private static List<Path> scripts() throws IOException {
        try (Stream<Path> files = Files.list(Conformance.require("imap-imaptest"))) {
            return files.filter(f -> !f.getFileName().toString().contains("."))
                    .sorted()
                    .toList();
        }
    }

    @TestFactory
    List<DynamicTest> passes() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path file : scripts()) {
            ImaptestScript script = new ImaptestScript(file);
            if (ANNOUNCED.containsAll(script.capabilities())) {
                tests.add(dynamicTest(file.getFileName().toString(), () -> play(file, script)));
            }
        }
        return tests;
    }

    /** A server that does not answer is waited for in one script, not in each. */
    private void play(Path file, ImaptestScript script) throws IOException {
        assertThat(silentIn).as("the script in which the server fell silent").isEmpty();
        Path mail = Files.createDirectories(directory.resolve(file.getFileName()));
        MaildirConfig config = new MaildirConfig(mail, "test", 100, 100, 1_000_000, false);
        try (ImapFixture server = ImapFixture.plain(new MaildirStore(config, MailLog.none(), Clock.systemUTC()))) {
            script.play(server);
        } catch (SocketTimeoutException e) {
            silentIn = file.getFileName().toString();
            throw e;
        }
    }

    /** What is left out, by the capability that it needs; a case that could be played must not be among them. */
    @Test
    void leavesOutOnlyWhatNeedsOtherExtensions() throws IOException {
        TreeMap<String, List<String>> skipped = new TreeMap<>();
        for (Path file : scripts()) {
            List<String> missing = new ArrayList<>(new ImaptestScript(file).capabilities());
            missing.removeAll(ANNOUNCED);
            if (!missing.isEmpty()) {
                skipped.put(file.getFileName().toString(), missing);
            }
        }
        System.out.println("imap-imaptest: skipped for want of a capability: " + skipped);
        assertThat(skipped).hasSize(21);
    }
}
