package org.posthorn.server.imap;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.log.MailLog;
import org.posthorn.mail.MessageContent;
import org.posthorn.mailbox.maildir.MaildirConfig;
import org.posthorn.mailbox.maildir.MaildirStore;
import org.posthorn.stress.Stress;

/** A few seconds of what {@code ./posthorn prove stress} does for minutes, and what it notices. */
@Timeout(300)
@Tag("long")
class StressTest {
    @TempDir
    Path directory;

    private static List<String> run(ImapFixture server, Optional<Path> maildir, int seconds) throws Exception {
        return Stress.run(
                new Stress.Settings(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()),
                        "alice",
                        "secret",
                        maildir,
                        6,
                        TimeUnit.SECONDS.toNanos(seconds),
                        1,
                        60_000),
                new PrintStream(OutputStream.nullOutputStream(), false, US_ASCII));
    }

    @Test
    void sessionsAndAnotherProgramAtOneAccountAgree() throws Exception {
        MaildirConfig config = new MaildirConfig(directory, "test", 100, 100, 30_000_000, false);
        try (ImapFixture server = ImapFixture.plain(new MaildirStore(config, MailLog.none(), Clock.systemUTC()))) {
            Path maildir = directory.resolve("alice@posthorn.test/Maildir");
            server.connect().login("alice").close();
            assertThat(Files.isDirectory(maildir)).isTrue();
            assertThat(run(server, Optional.of(maildir), 5)).isEmpty();
        }
    }

    /** A server whose messages are not what was appended. */
    @Test
    void aServerThatChangesMessagesIsNoticed() throws Exception {
        MessageContent other = MessageContent.of("Subject: other\r\nX-Check: 0.0\r\n\r\nother\r\n".getBytes(US_ASCII));
        try (ImapFixture server = ImapFixture.plain(new MemoryMailboxStore(content -> other))) {
            assertThat(run(server, Optional.empty(), 2)).anyMatch(fault -> fault.contains("is not whole"));
        }
    }
}
