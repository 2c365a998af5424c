package org.posthorn.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Postfix waits for our verdict beyond its own time limit, because it hears that we are at it. */
@ExtendWith(Peers.class)
class MilterPatienceTest {
    /** In a chroot, with milter_content_timeout = 12s. */
    private static final int MX_UNIX = 3627;

    @TempDir
    static Path dir;

    @Test
    void judgingLastsLongerThanPostfixWouldWait() throws Exception {
        String mark = "patience-" + System.nanoTime();
        try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                PosthornServer _ = PosthornServer.startAsking(
                        "127.0.0.1:" + silent.getLocalPort(),
                        dir.resolve("posthorn"),
                        "--set",
                        "listen.milter=\"unix:" + Peers.DIR.resolve("spool/posthorn/milter.sock") + "\"",
                        "--set",
                        "milter.internal-hosts=[]",
                        "--set",
                        "dns.timeout=\"1m\"",
                        "--set",
                        "inbound.authentication.timeout=\"25s\"")) {
            String message = "From: a@slow.test\r\nSubject: " + mark + "\r\n\r\ntext\r\n";
            assertThat(SmtpDialog.send(MX_UNIX, "a@slow.test", "user13@peer.test", message))
                    .startsWith("250 ");
            assertThat(Peers.awaitMessage(Peers.maildir(13), mark)).contains("dmarc=temperror header.from=slow.test");
        }
    }
}
