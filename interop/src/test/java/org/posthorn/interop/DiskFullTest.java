package org.posthorn.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** On a full disk senders are told to come back; nothing is lost, and all goes on by itself when there is room again. */
@ExtendWith(Peers.class)
class DiskFullTest {
    @TempDir
    Path dir;

    private Path small;
    private PosthornServer posthorn;

    @BeforeEach
    void start() throws Exception {
        small = Files.createDirectories(dir.resolve("small"));
        Tool.run("mount", "-t", "tmpfs", "-o", "size=220m", "tmpfs", small.toString())
                .succeeded();
        posthorn = PosthornServer.start(small.resolve("posthorn"));
    }

    @AfterEach
    void stop() {
        posthorn.close();
        Tool.run("umount", small.toString());
    }

    private static Tool send(String subject) {
        byte[] message =
                ("From: x@plain.test\r\nSubject: " + subject + "\r\n\r\nhello\r\n").getBytes(StandardCharsets.US_ASCII);
        return Tool.run(
                Map.of(),
                message,
                List.of(
                        "curl",
                        "-sSv",
                        "--url",
                        "smtp://127.0.0.1:" + PosthornServer.SMTP,
                        "--mail-from",
                        "x@plain.test",
                        "--mail-rcpt",
                        "bob@posthorn.test",
                        "--upload-file",
                        "-"));
    }

    @Test
    void answers452LosesNothingAndRecovers() throws Exception {
        send("before").succeeded();
        Peers.awaitMessage(posthorn.maildir("bob"), "Subject: before");
        Path ballast = small.resolve("ballast");
        Tool.run("sh", "-c", "dd if=/dev/zero of=" + ballast + " bs=64k 2>/dev/null; true");
        Tool refused = send("meanwhile");
        assertThat(refused.exit()).isNotZero();
        assertThat(refused.output()).contains("< 452 4.3.1");
        assertThat(Tool.run("curl", "-sS", "http://localhost:" + PosthornServer.HTTP + "/healthz")
                        .output())
                .contains("disk");
        Files.delete(ballast);
        Eventually.get("mail is taken again", () -> send("after").exit(), exit -> exit == 0);
        Peers.awaitMessage(posthorn.maildir("bob"), "Subject: after");
        Peers.awaitMessage(posthorn.maildir("bob"), "Subject: before");
        assertThat(Peers.find(posthorn.maildir("bob"), "Subject: meanwhile")).isEmpty();
    }
}
