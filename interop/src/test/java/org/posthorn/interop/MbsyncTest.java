package org.posthorn.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** mbsync keeps a mailbox of 5,000 real-world messages in step, both ways, and finds nothing to do the second time. */
@ExtendWith(Peers.class)
class MbsyncTest {
    private static final int MESSAGES = 5000;

    @TempDir
    static Path dir;

    private static PosthornServer posthorn;

    @BeforeAll
    static void start() throws Exception {
        Tool.require("mbsync");
        posthorn = PosthornServer.start(dir.resolve("posthorn"));
    }

    @AfterAll
    static void stop() {
        posthorn.close();
    }

    @Test
    void fiveThousandMessagesBothWaysTwice() throws Exception {
        Map<String, Integer> sent = fillLocalMaildir(dir.resolve("local/INBOX"));
        Path config = config("local", "user1", 1);
        mbsync(config);
        // Up: all of them lie on the server, each byte for byte.
        assertThat(checksums(posthorn.maildir("user1"))).isEqualTo(sent);
        String before = state(dir.resolve("local"));
        mbsync(config);
        assertThat(state(dir.resolve("local")))
                .as("nothing changed the second time")
                .isEqualTo(before);
        // Down: a second client fetches all of them, byte for byte.
        Path second = config("second", "user1", 1);
        mbsync(second);
        assertThat(checksums(dir.resolve("second/INBOX"))).isEqualTo(sent);
        String downBefore = state(dir.resolve("second"));
        mbsync(second);
        assertThat(state(dir.resolve("second"))).isEqualTo(downBefore);
        // Flags and deletions travel from one client through the server to the other.
        flagOneAndDeleteOne(dir.resolve("second/INBOX"));
        mbsync(second);
        mbsync(config);
        assertThat(Peers.messages(dir.resolve("local/INBOX"))).hasSize(MESSAGES - 1);
        assertThat(Peers.messages(dir.resolve("local/INBOX")))
                .filteredOn(file -> file.toString().matches(".*:2,[A-EG-Z]*F[A-Z]*"))
                .hasSize(1);
    }

    private static Path config(String name, String user, int number) throws IOException {
        Files.createDirectories(dir.resolve(name));
        Path config = dir.resolve(name + ".mbsyncrc");
        Files.writeString(config, """
                IMAPStore server
                Host localhost
                Port %d
                User %s@posthorn.test
                Pass secret-%d
                SSLType IMAPS
                CertificateFile %s

                MaildirStore files
                Path %s/
                Inbox %s/INBOX
                SubFolders Verbatim

                Channel all
                Far :server:
                Near :files:
                Patterns INBOX
                Create Both
                Expunge Both
                SyncState *
                """.formatted(
                        PosthornServer.IMAPS, user, number, posthorn.ca(), dir.resolve(name), dir.resolve(name)));
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-------"));
        return config;
    }

    private static void mbsync(Path config) {
        Tool.run(Map.of("HOME", dir.toString()), new byte[0], List.of("mbsync", "-c", config.toString(), "-a"))
                .succeeded();
    }

    /** Writes the messages, as copies of the real-world ones made different by a header; returns their checksums. */
    private static Map<String, Integer> fillLocalMaildir(Path maildir) throws Exception {
        for (String folder : List.of("new", "cur", "tmp")) {
            Files.createDirectories(maildir.resolve(folder));
        }
        List<byte[]> sources = sources();
        Map<String, Integer> sums = new TreeMap<>();
        for (int i = 0; i < MESSAGES; i++) {
            byte[] source = sources.get(i % sources.size());
            byte[] head = ("X-Copy: " + i + "\n").getBytes(StandardCharsets.US_ASCII);
            byte[] message = new byte[head.length + source.length];
            System.arraycopy(head, 0, message, 0, head.length);
            System.arraycopy(source, 0, message, head.length, source.length);
            Files.write(maildir.resolve("cur/" + (1_700_000_000 + i) + ".M" + i + ".local:2,S"), message);
            sums.merge(checksum(message), 1, Integer::sum);
        }
        return sums;
    }

    /** Messages that real programs wrote, with LF line ends. Where the vectors are absent, bodies of our own stand in. */
    private static List<byte[]> sources() throws IOException {
        Path vectors = Conformance.require("bounces-sisimai");
        List<byte[]> sources = new ArrayList<>();
        for (Path folder : List.of(vectors, Conformance.require("mime"))) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(f -> f.toString().matches(".*\\.(eml|msg)"))
                        .sorted()
                        .toList()) {
                    byte[] bytes = Files.readAllBytes(file);
                    // mbsync itself cannot carry NUL, and joins CR LF as it likes: those messages are for the parser's
                    // tests.
                    if (bytes.length > 0 && !contains(bytes, (byte) 0) && !contains(bytes, (byte) '\r')) {
                        sources.add(bytes);
                    }
                }
            }
        }
        assertThat(sources).hasSizeGreaterThan(300);
        return sources;
    }

    private static boolean contains(byte[] bytes, byte wanted) {
        for (byte b : bytes) {
            if (b == wanted) {
                return true;
            }
        }
        return false;
    }

    /** How often each message occurs, by the checksum of its form with LF, without the header that mbsync adds. */
    private static Map<String, Integer> checksums(Path maildir) throws Exception {
        Map<String, Integer> sums = new TreeMap<>();
        for (Path file : Peers.messages(maildir)) {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1)
                    .replace("\r\n", "\n")
                    .replaceFirst("(?m)^X-TUID: .*\n", "");
            sums.merge(checksum(text.getBytes(StandardCharsets.ISO_8859_1)), 1, Integer::sum);
        }
        return sums;
    }

    private static String checksum(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    /** All files with their sizes and contents' names, to see whether anything changed. */
    private static String state(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            StringBuilder state = new StringBuilder();
            files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith(".mbsyncstate.lock"))
                    .sorted(Comparator.naturalOrder())
                    .forEach(file -> state.append(file)
                            .append(' ')
                            .append(file.toFile().length())
                            .append('\n'));
            return state.toString();
        }
    }

    private static void flagOneAndDeleteOne(Path maildir) throws IOException {
        List<Path> files = Peers.messages(maildir).stream().sorted().toList();
        Path flagged = files.getFirst();
        Files.move(flagged, Path.of(flagged.toString().replaceFirst(":2,.*", ":2,FS")));
        Path deleted = files.getLast();
        Files.move(deleted, Path.of(deleted.toString().replaceFirst(":2,.*", ":2,ST")));
    }
}
