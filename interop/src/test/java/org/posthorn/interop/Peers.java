package org.posthorn.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The real stack, started once for all tests and stopped after the last. */
final class Peers implements BeforeAllCallback {
    static final int SMTP = 3625;
    static final int SUBMISSION = 3687;
    static final int IMAP = 3643;
    static final String RESOLVER = "127.0.0.1:5400";
    static final Path DIR = Path.of("/tmp/posthorn-interop-peers");

    /** Stops the stack when JUnit closes its store. */
    private record Started() implements AutoCloseable {
        @Override
        public void close() {
            script("stop");
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        boolean root = System.getProperty("user.name").equals("root");
        if (!root && System.getenv("CI") != null) {
            throw new AssertionError("the peers need root; in CI nothing may be absent");
        }
        assumeTrue(root, "the peers need root");
        context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL).computeIfAbsent(Started.class, _ -> {
            // Mail of an earlier run could be taken for that of this one.
            script("clean");
            script("start").succeeded();
            return new Started();
        });
    }

    static Tool script(String verb) {
        return Tool.run(
                Map.of("PEERS_DIR", DIR.toString(), "PEERS_USERS", "20"),
                new byte[0],
                List.of(Repository.root().resolve("interop/peers/peers.sh").toString(), verb));
    }

    static Path maildir(int user) {
        return DIR.resolve("mail/user" + user + "@peer.test/Maildir");
    }

    static String log() throws IOException {
        return Files.readString(DIR.resolve("log/postfix.log"));
    }

    /** Has Postfix try its queue now. */
    static void flushQueue() {
        Tool.run("postqueue", "-c", DIR.resolve("postfix").toString(), "-f").succeeded();
    }

    /** The messages in new and cur of a Maildir. */
    static List<Path> messages(Path maildir) throws IOException {
        List<Path> result = new ArrayList<>();
        for (String folder : List.of("new", "cur")) {
            if (Files.isDirectory(maildir.resolve(folder))) {
                try (Stream<Path> files = Files.list(maildir.resolve(folder))) {
                    files.forEach(result::add);
                }
            }
        }
        return result;
    }

    /** Waits for a message that holds the text, and returns its bytes as ISO 8859-1. */
    static String awaitMessage(Path maildir, String text) throws Exception {
        return Eventually.get(
                "a message with \"" + text + "\" in " + maildir, () -> find(maildir, text), found -> !found.isEmpty());
    }

    static String find(Path maildir, String text) throws IOException {
        for (Path file : messages(maildir)) {
            String content;
            try {
                content = Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
            } catch (java.nio.file.NoSuchFileException e) {
                continue; // moved from new to cur meanwhile
            }
            if (content.contains(text)) {
                return content;
            }
        }
        return "";
    }
}
