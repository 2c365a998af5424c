package org.posthorn.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mail that OpenDKIM has signed and Postfix has sent to an alias of ours, which leads back to that Postfix: we seal it, and dkimpy judges
 * what has arrived there.
 */
@ExtendWith(Peers.class)
class ForwardedMailTest {
    @TempDir
    static Path dir;

    private static PosthornServer posthorn;

    @BeforeAll
    static void start() throws Exception {
        Tool.require("python3");
        posthorn = PosthornServer.configured(dir.resolve("posthorn"), "inbound.authentication.exempt=[]");
        posthorn.command("alias", "add", "once@posthorn.test", "user14@peer.test")
                .succeeded();
        posthorn.command("alias", "add", "twice@posthorn.test", "back@peer.test")
                .succeeded();
        posthorn.command("alias", "add", "again@posthorn.test", "user15@peer.test")
                .succeeded();
    }

    @AfterAll
    static void stop() {
        posthorn.close();
    }

    /** Submits to Postfix as user1@peer.test; OpenDKIM signs. */
    private static void send(String to, String subject) {
        String message = "From: user1@peer.test\r\nTo: " + to + "\r\nSubject: " + subject
                + "\r\n\r\nspaces  at ends \t \r\n\r\nGrüße\r\n\r\n\r\n";
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "--ssl-reqd"));
        command.addAll(List.of("--cacert", Peers.DIR.resolve("tls/ca.crt").toString()));
        command.addAll(List.of("--url", "smtp://localhost:" + Peers.SUBMISSION, "--user", "user1@peer.test:secret-1"));
        command.addAll(List.of("--mail-from", "user1@peer.test", "--mail-rcpt", to, "--upload-file", "-"));
        Tool.run(Map.of(), message.getBytes(StandardCharsets.UTF_8), command).succeeded();
    }

    @Test
    void sealsWhatAnAliasSendsOn() throws Exception {
        send("once@posthorn.test", "forwarded-once");
        String received = Peers.awaitMessage(Peers.maildir(14), "Subject: forwarded-once");
        assertThat(received)
                .contains("ARC-Seal: i=1;")
                .containsPattern("ARC-Authentication-Results: i=1; mx\\.posthorn\\.test;")
                .containsPattern("dkim=pass[^;]*header\\.d=peer\\.test");
        assertThat(Dkimpy.chain(received)).isEqualTo("pass\n");
        // The author's own signature is whole still.
        assertThat(Dkimpy.signatures(received)).isEqualTo("rsa-sha256 pass\n");
    }

    @Test
    void sealsASecondTime() throws Exception {
        send("twice@posthorn.test", "forwarded-twice");
        String received = Peers.awaitMessage(Peers.maildir(15), "Subject: forwarded-twice");
        assertThat(received)
                .contains("ARC-Seal: i=1;")
                .contains("ARC-Seal: i=2;")
                .containsPattern(
                        "ARC-Authentication-Results: i=2; mx\\.posthorn\\.test;[^\\n]*(\\n[ \\t][^\\n]*)*arc=pass");
        assertThat(Dkimpy.chain(received)).isEqualTo("pass\n");
    }

    /** Else the judgement above would mean nothing. */
    @Test
    void dkimpySeesWhatIsChangedAfterTheSeal() throws Exception {
        send("once@posthorn.test", "changed-after");
        String received = Peers.awaitMessage(Peers.maildir(14), "Subject: changed-after");
        assertThat(Dkimpy.chain(received.replace("Subject: changed-after", "Subject: another")))
                .isEqualTo("fail\n");
    }
}
