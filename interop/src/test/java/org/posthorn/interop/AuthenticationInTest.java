package org.posthorn.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Mail from the real Postfix with OpenDKIM, and mail of forgers, as we judge it with the peers' DNS. */
@ExtendWith(Peers.class)
class AuthenticationInTest {
    @TempDir
    static Path dir;

    private static PosthornServer posthorn;

    @BeforeAll
    static void start() throws Exception {
        Tool.require("swaks");
        posthorn = PosthornServer.configured(dir.resolve("posthorn"), "inbound.authentication.exempt=[]");
    }

    @AfterAll
    static void stop() {
        posthorn.close();
    }

    private static Tool forge(String domain) {
        return Tool.run(
                Map.of(),
                new byte[0],
                List.of(
                        "swaks",
                        "--server",
                        "127.0.0.1:" + PosthornServer.SMTP,
                        "--helo",
                        "mx.peer.test",
                        "--from",
                        "ceo@" + domain,
                        "--to",
                        "alice@posthorn.test",
                        "--header",
                        "Subject: of-" + domain));
    }

    @Test
    void mailOfPostfixPassesEveryCheck() throws Exception {
        byte[] message = "From: user1@peer.test\r\nTo: alice@posthorn.test\r\nSubject: judged\r\n\r\nhello\r\n"
                .getBytes(StandardCharsets.UTF_8);
        Tool.run(
                        Map.of(),
                        message,
                        List.of(
                                "curl",
                                "-sS",
                                "--ssl-reqd",
                                "-k",
                                "--url",
                                "smtp://127.0.0.1:" + Peers.SUBMISSION,
                                "--user",
                                "user1@peer.test:secret-1",
                                "--mail-from",
                                "user1@peer.test",
                                "--mail-rcpt",
                                "alice@posthorn.test",
                                "--upload-file",
                                "-"))
                .succeeded();
        String received = Peers.awaitMessage(posthorn.maildir("alice"), "judged");
        assertThat(received)
                .contains("\r\nAuthentication-Results: mx.posthorn.test;\r\n")
                .contains("iprev=pass (mx.peer.test) policy.iprev=127.0.0.1")
                .contains("spf=pass smtp.mailfrom=user1@peer.test")
                // As OpenDKIM is told there; we sign relaxed/relaxed.
                .contains("\r\nDKIM-Signature: v=1; a=rsa-sha256; c=relaxed/simple; d=peer.test; s=s1;")
                .contains("dkim=pass header.d=peer.test")
                .contains("dmarc=pass header.from=peer.test")
                .contains("Received: from mx.peer.test (mx.peer.test [127.0.0.1])");
    }

    @Test
    void forgedMailOfDomainThatWantsItRefusedIsRefusedAtData() throws Exception {
        Tool refused = forge("reject.test");
        assertThat(refused.output()).contains("<** 550 5.7.26 DMARC: ");
        // The log is written on a thread of its own, and may come after the reply.
        assertThat(Eventually.get("the verdict in the log", posthorn::log, log -> log.contains("from=reject.test")))
                .contains("disposition=reject");
    }

    @Test
    void forgedMailOfDomainThatOnlyWatchesArrives() throws Exception {
        forge("soft.test").succeeded();
        assertThat(Peers.awaitMessage(posthorn.maildir("alice"), "of-soft.test"))
                .contains("dmarc=fail header.from=soft.test");
    }

    @Test
    void forgedMailOfDomainThatSuspectsItGoesToJunk() throws Exception {
        forge("quarantine.test").succeeded();
        assertThat(Peers.awaitMessage(posthorn.maildir("alice").resolve(".Junk"), "of-quarantine.test"))
                .contains("dmarc=fail header.from=quarantine.test");
    }
}
