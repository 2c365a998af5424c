package org.posthorn.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A Maildir is common ground: Dovecot opens one that we wrote, and we open one that Dovecot wrote, UIDs, flags and folders kept. */
@ExtendWith(Peers.class)
class MaildirExchangeTest {
    @TempDir
    static Path dir;

    private static PosthornServer posthorn;

    @BeforeAll
    static void start() throws Exception {
        Tool.require("doveadm");
        posthorn = PosthornServer.start(dir.resolve("posthorn"));
    }

    @AfterAll
    static void stop() {
        posthorn.close();
    }

    /** Runs the script against an IMAP server, which prints what it finds. */
    private static String imap(int port, String user, String password, String verb) {
        return Tool.run(
                        "/usr/bin/python3",
                        Repository.root()
                                .resolve("interop/peers/maildir-exchange.py")
                                .toString(),
                        String.valueOf(port),
                        user,
                        password,
                        verb)
                .succeeded()
                .output();
    }

    private static void copy(Path from, Path to, String owner) throws Exception {
        Tool.run("rm", "-rf", to.toString()).succeeded();
        Files.createDirectories(to.getParent());
        Tool.run("cp", "-a", from.toString(), to.toString()).succeeded();
        Tool.run("chown", "-R", owner, to.getParent().toString()).succeeded();
    }

    @Test
    void weOpenWhatDovecotWroteWithItsUidsFlagsAndFolders() throws Exception {
        imap(Peers.IMAP, "user10@peer.test", "secret-10", "fill");
        String written = imap(Peers.IMAP, "user10@peer.test", "secret-10", "show");
        assertThat(written).contains("Archive").contains("$Forwarded").contains("Gr");
        copy(Peers.maildir(10), posthorn.maildir("user10"), "root");
        assertThat(imap(PosthornServer.IMAP, "user10@posthorn.test", "secret-10", "show"))
                .isEqualTo(written);
    }

    @Test
    void dovecotOpensWhatWeWroteWithOurFlagsAndFolders() throws Exception {
        imap(PosthornServer.IMAP, "user11@posthorn.test", "secret-11", "fill");
        String written = imap(PosthornServer.IMAP, "user11@posthorn.test", "secret-11", "show");
        posthorn.stop();
        copy(posthorn.maildir("user11"), Peers.maildir(11), "5000:5000");
        posthorn.startAgain();
        assertThat(imap(Peers.IMAP, "user11@peer.test", "secret-11", "show")).isEqualTo(written);
    }

    @Test
    void mailPutIntoTheMaildirByAnotherProgramAppears() throws Exception {
        String before = imap(PosthornServer.IMAP, "user12@posthorn.test", "secret-12", "show");
        assertThat(before).doesNotContain("dropped");
        Path maildir = posthorn.maildir("user12");
        Files.writeString(maildir.resolve("tmp/1700000001.dropped.elsewhere"), "Subject: dropped in\n\nhello\n");
        Files.move(
                maildir.resolve("tmp/1700000001.dropped.elsewhere"),
                maildir.resolve("new/1700000001.dropped.elsewhere"));
        Eventually.get(
                "the message in the mailbox",
                () -> imap(PosthornServer.IMAP, "user12@posthorn.test", "secret-12", "show"),
                shown -> shown.contains("dropped in"));
    }

    @Test
    void aLostIndexIsRebuilt() throws Exception {
        imap(PosthornServer.IMAP, "user13@posthorn.test", "secret-13", "fill");
        String before = imap(PosthornServer.IMAP, "user13@posthorn.test", "secret-13", "show");
        posthorn.stop();
        Path account = posthorn.maildir("user13").getParent();
        try (Stream<Path> files = Files.walk(account)) {
            List<Path> index = files.filter(
                            file -> file.getFileName().toString().matches(".*(\\.db|\\.db-wal|\\.db-shm|index.*)"))
                    .toList();
            assertThat(index).isNotEmpty();
            for (Path file : index) {
                Files.delete(file);
            }
        }
        posthorn.startAgain();
        String after = imap(PosthornServer.IMAP, "user13@posthorn.test", "secret-13", "show");
        assertThat(withoutUids(after)).isEqualTo(withoutUids(before));
    }

    /** UIDs may begin anew with a new UIDVALIDITY when the index is lost; messages, flags and folders may not change. */
    private static String withoutUids(String shown) {
        return shown.replaceAll("uidvalidity=\\d+", "").replaceAll("uid=\\d+", "");
    }

    @Test
    void manyMessagesThatDovecotWroteReadTheSameThroughUs() throws Exception {
        Path vectors = Conformance.require("bounces-sisimai");
        try (Stream<Path> files = Files.list(vectors)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".eml"))
                    .sorted()
                    .limit(120)
                    .toList()) {
                Tool.run(
                                Map.of(),
                                Files.readAllBytes(file),
                                List.of(
                                        "doveadm",
                                        "-c",
                                        Peers.DIR
                                                .resolve("dovecot/dovecot.conf")
                                                .toString(),
                                        "save",
                                        "-u",
                                        "user18@peer.test"))
                        .succeeded();
            }
        }
        String theirs = imap(Peers.IMAP, "user18@peer.test", "secret-18", "structures");
        copy(Peers.maildir(18), posthorn.maildir("user18"), "root");
        String ours = imap(PosthornServer.IMAP, "user18@posthorn.test", "secret-18", "structures");
        List<String> expected =
                theirs.lines().map(MaildirExchangeTest::comparable).toList();
        List<String> got = ours.lines().map(MaildirExchangeTest::comparable).toList();
        assertThat(got).hasSameSizeAs(expected);
        long same = 0;
        StringBuilder differences = new StringBuilder();
        for (int i = 0; i < expected.size(); i++) {
            if (expected.get(i).equals(got.get(i))) {
                same++;
            } else {
                differences
                        .append("dovecot:  ")
                        .append(expected.get(i))
                        .append("\nposthorn: ")
                        .append(got.get(i))
                        .append("\n\n");
            }
        }
        Files.writeString(Path.of("target/structure-differences.txt"), differences, StandardCharsets.UTF_8);
        // Malformed messages are read differently by every server; well-formed ones are not.
        assertThat(same).as(differences.toString()).isGreaterThanOrEqualTo(expected.size() * 94L / 100);
    }

    /**
     * What both may say by RFC 3501 and say differently: Dovecot adds the charset that text has by default (RFC 2045 5.2), writes one
     * language as a list, puts words of its own where an address has none, keeps the case of types, and keeps a space before a folded Message-ID.
     */
    private static String comparable(String line) {
        return line.replace("(\"charset\" \"us-ascii\")", "NIL")
                .replace(" \"charset\" \"us-ascii\"", "")
                .replaceAll("\\((\"[a-z]{2}-[A-Z]{2}\")\\)", "$1")
                .replace("\"MISSING_MAILBOX\" \"MISSING_DOMAIN\"", "\"\" \"\"")
                .replace("\" <", "\"<")
                .toLowerCase(Locale.ROOT);
    }
}
