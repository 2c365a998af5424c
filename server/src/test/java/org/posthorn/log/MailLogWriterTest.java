package org.posthorn.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.testing.Eventually;

class MailLogWriterTest {
    private static final String HEAD = "Nov  3 20:00:00 mx posthorn/";
    private static final String PID = "[" + ProcessHandle.current().pid() + "]: ";
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = directory.resolve("mail.log");
    }

    private MailLogWriter open(LogConfig config) throws IOException {
        return new MailLogWriter(config, InstantSource.fixed(Instant.parse("2026-11-03T20:00:00Z")), ZoneOffset.UTC);
    }

    private MailLogWriter open() throws IOException {
        return open(LogConfig.standard("mx").withFile(file));
    }

    @Test
    void saysThatItCannotBeWritten() throws IOException {
        try (MailLogWriter log = open()) {
            log.info("smtpd", "", "connect");
            log.flush(LIMIT);
            assertThat(log.faults()).isEmpty();
            assertThat(log.alive()).isTrue();
        }
        try (MailLogWriter log = open(LogConfig.standard("mx").withFile(Path.of("/dev/full")))) {
            log.info("smtpd", "", "connect");
            log.flush(LIMIT);
            assertThat(log.faults())
                    .containsExactly("cannot write the log: No space left on device; lines are lost until it can");
            assertThat(log.lost()).isEqualTo(1);
        }
    }

    @Test
    void writesHeadIdEventAndPairs() throws IOException {
        try (MailLogWriter log = open()) {
            log.info("smtpd", "a1", "connect", "client", "192.0.2.1", "port", 25);
            log.warning("imap", "", "login-failed", "user", "bob");
            log.line("smtp", "0ABCDEFGHIJ", "to=<bob@example.org>, relay=none, status=deferred (no route)");
        }
        assertThat(Files.readAllLines(file))
                .containsExactly(
                        HEAD + "smtpd" + PID + "a1: connect client=192.0.2.1 port=25",
                        HEAD + "imap" + PID + "warning: login-failed user=bob",
                        HEAD + "smtp" + PID
                                + "0ABCDEFGHIJ: to=<bob@example.org>, relay=none, status=deferred (no route)");
    }

    @Test
    void quotesValuesThatCouldPassForOtherPairs() throws IOException {
        try (MailLogWriter log = open()) {
            log.info("smtpd", "", "helo", "a", "x y", "b", "say \"hi\\\"", "c", "k=v", "d", "");
        }
        assertThat(Files.readString(file)).endsWith("helo a=\"x y\" b=\"say \\\"hi\\\\\\\"\" c=\"k=v\" d=\"\"\n");
    }

    @Test
    void noValueCanBeginALineOfItsOwn() throws IOException {
        try (MailLogWriter log = open()) {
            log.info("smtpd", "", "helo", "name", "evil\r\nNov 24 forged\u2028x\u0085y");
        }
        assertThat(Files.readAllLines(file)).hasSize(1).first().asString().contains("evil??Nov 24 forged?x?y");
    }

    @Test
    void cutsLongValues() throws IOException {
        try (MailLogWriter log = open()) {
            log.info("smtpd", "", "helo", "name", "x".repeat(5000));
        }
        assertThat(Files.readString(file)).endsWith("name=" + "x".repeat(1000) + "\n");
    }

    @Test
    void writesTheTraceOfAnErrorIndentedAndOfAWarningNotAtAll() throws IOException {
        IOException cause = new IOException("disk\nfull");
        try (MailLogWriter log = open()) {
            log.failure(MailLog.Level.WARNING, "qmgr", "q", "retry", cause);
            log.failure(MailLog.Level.ERROR, "qmgr", "q", "broken", cause, "file", "x");
        }
        List<String> lines = Files.readAllLines(file);
        assertThat(lines.get(0)).endsWith("warning: q: retry cause=IOException reason=\"disk?full\"".replace("\"", ""));
        assertThat(lines.get(1)).contains("error: q: broken file=x cause=IOException");
        assertThat(lines.subList(2, lines.size())).isNotEmpty().allMatch(line -> line.startsWith("    "));
    }

    @Test
    void leavesOutWhatIsBelowTheMinimum() throws IOException {
        LogConfig config = LogConfig.standard("mx").withFile(file);
        LogConfig quiet = new LogConfig(
                config.file(), "mx", "posthorn", MailLog.Level.WARNING, config.libraries(), config.queueBytes());
        try (MailLogWriter log = open(quiet)) {
            log.info("smtpd", "", "connect");
            log.line("smtp", "", "to=x");
            log.warning("smtpd", "", "refused");
        }
        assertThat(Files.readAllLines(file)).hasSize(1).first().asString().endsWith("warning: refused");
    }

    @Test
    void losesNothingWhenManyThreadsWriteFasterThanTheQueueIsLarge() throws Exception {
        LogConfig small = new LogConfig(
                Optional.of(file), "mx", "posthorn", MailLog.Level.INFO, java.util.logging.Level.WARNING, 4096);
        List<Thread> threads = new ArrayList<>();
        try (MailLogWriter log = open(small)) {
            for (int t = 0; t < 8; t++) {
                int number = t;
                threads.add(Thread.startVirtualThread(() ->
                        IntStream.range(0, 1000).forEach(i -> log.info("test", "t" + number, "line", "number", i))));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(8000);
        for (int t = 0; t < 8; t++) {
            String mark = "t" + t + ": line number=";
            assertThat(lines.stream()
                            .filter(line -> line.contains(mark))
                            .map(line -> Integer.parseInt(line.substring(line.indexOf(mark) + mark.length()))))
                    .containsExactlyElementsOf(IntStream.range(0, 1000).boxed().toList());
        }
    }

    @Test
    void reopenGoesOnInANewFileAfterRotation() throws Exception {
        Path rotated = directory.resolve("mail.log.1");
        try (MailLogWriter log = open()) {
            log.info("server", "", "before");
            log.flush(LIMIT);
            Files.move(file, rotated);
            log.info("server", "", "between");
            log.reopen();
            log.flush(LIMIT);
            Eventually.await(() -> Files.exists(file));
            log.info("server", "", "after");
        }
        assertThat(Files.readString(rotated)).contains("before").contains("between");
        assertThat(Files.readString(file)).contains("after").doesNotContain("between");
    }

    @Test
    void countsWhatADiskWithoutRoomLost() throws IOException {
        Path full = Path.of("/dev/full");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.exists(full), "no /dev/full here");
        try (MailLogWriter log = open(LogConfig.standard("mx").withFile(full))) {
            log.info("server", "", "one");
            log.info("server", "", "two");
            log.flush(LIMIT);
            assertThat(log.lost()).isEqualTo(2);
        }
    }

    @Test
    void takesWhatLibrariesLog() throws IOException {
        try (MailLogWriter log = open()) {
            LibraryLog.install(log, java.util.logging.Level.WARNING);
            Logger logger = Logger.getLogger("org.example.Library");
            logger.info("quiet");
            logger.log(java.util.logging.Level.WARNING, "number {0}", 7);
            logger.log(java.util.logging.Level.SEVERE, "bad", new IllegalStateException("why"));
        } finally {
            LogManager.getLogManager().readConfiguration();
        }
        assertThat(Files.readString(file))
                .contains("warning: library logger=org.example.Library text=\"number 7\"")
                .contains("error: library logger=org.example.Library text=bad cause=IllegalStateException reason=why")
                .doesNotContain("quiet");
    }

    @Test
    void usesTheTimeZoneGiven() throws IOException {
        try (MailLogWriter log = new MailLogWriter(
                LogConfig.standard("mx").withFile(file),
                InstantSource.fixed(Instant.parse("2026-11-23T23:30:09Z")),
                ZoneId.of("Europe/Berlin"))) {
            log.info("server", "", "x");
        }
        assertThat(Files.readString(file)).startsWith("Nov 24 00:30:09 mx ");
    }
}
