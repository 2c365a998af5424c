package org.posthorn.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Postfix applies the DMARC policies of others by us in place of OpenDMARC. It is in a chroot, as on Debian, and reaches us by a
 * Unix socket there.
 */
@ExtendWith(Peers.class)
class MilterPolicyTest {
    private static final int MX_UNIX = 3627;
    private static final Path SOCKET = Peers.DIR.resolve("spool/posthorn/milter.sock");

    @TempDir
    static Path dir;

    private static PosthornServer posthorn;

    @BeforeAll
    static void start() throws Exception {
        posthorn = PosthornServer.configured(
                dir.resolve("posthorn"),
                "listen.milter=\"unix:" + SOCKET + "\"",
                "milter.enforce=true",
                "milter.internal-hosts=[]");
    }

    @AfterAll
    static void stop() {
        posthorn.close();
        assertThat(Files.exists(SOCKET, LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    /** Mail of earlier runs lies in the same mailboxes. */
    private static final String RUN = Long.toString(System.nanoTime(), 36);

    private static String send(String domain, String subject) throws IOException {
        String from = "somebody@" + domain;
        return SmtpDialog.send(
                MX_UNIX,
                from,
                "user13@peer.test",
                "From: " + from + "\r\nSubject: " + subject + "\r\n\r\nNobody has signed this.\r\n");
    }

    private static String mailQueue() {
        return Tool.run("postqueue", "-c", Peers.DIR.resolve("postfix").toString(), "-j")
                .succeeded()
                .output();
    }

    @Test
    void theSocketIsForPostfixAlone() throws IOException {
        PosixFileAttributes attributes = Files.readAttributes(SOCKET, PosixFileAttributes.class);
        assertThat(PosixFilePermissions.toString(attributes.permissions())).isEqualTo("rw-rw----");
        assertThat(attributes.group().getName()).isEqualTo("postfix");
    }

    @Test
    void refusesWhatItsDomainWantsRefused() throws Exception {
        assertThat(send("reject.test", "policy-reject" + RUN))
                .isEqualTo("550 5.7.26 DMARC: message fails the checks of reject.test, whose policy is reject "
                        + "(record of reject.test)");
        assertThat(Peers.log()).containsPattern("milter-reject: END-OF-MESSAGE from \\S+: 5\\.7\\.26 DMARC");
        assertThat(Peers.find(Peers.maildir(13), "policy-reject" + RUN)).isEmpty();
    }

    @Test
    void holdsWhatItsDomainWantsInQuarantine() throws Exception {
        String reply = send("quarantine.test", "policy-quarantine" + RUN);
        assertThat(reply).startsWith("250 2.0.0 Ok: queued as ");
        String id = reply.substring(reply.lastIndexOf(' ') + 1);
        String queue = Eventually.get("the held message", MilterPolicyTest::mailQueue, text -> text.contains(id));
        assertThat(queue.lines().filter(line -> line.contains(id)).toList())
                .singleElement()
                .asString()
                .contains("\"queue_name\": \"hold\"");
        Eventually.get("a line in Postfix's log", Peers::log, log -> log.contains("milter-hold: END-OF-MESSAGE"));
        Tool.run("postsuper", "-c", Peers.DIR.resolve("postfix").toString(), "-H", id)
                .succeeded();
        Peers.flushQueue();
        assertThat(Peers.awaitMessage(Peers.maildir(13), "policy-quarantine" + RUN))
                .contains("dmarc=fail header.from=quarantine.test");
    }

    @Test
    void takesWhatItsDomainOnlyWatchesAndWhatPasses() throws Exception {
        assertThat(send("soft.test", "policy-none" + RUN)).startsWith("250 ");
        assertThat(Peers.awaitMessage(Peers.maildir(13), "policy-none" + RUN))
                .contains("Authentication-Results: mx.posthorn.test;")
                .contains("spf=fail smtp.mailfrom=somebody@soft.test;")
                .contains("dmarc=fail header.from=soft.test");
        assertThat(send("peer.test", "policy-pass" + RUN)).startsWith("250 ");
        assertThat(Peers.awaitMessage(Peers.maildir(13), "policy-pass" + RUN))
                .contains("dmarc=pass header.from=peer.test");
    }
}
