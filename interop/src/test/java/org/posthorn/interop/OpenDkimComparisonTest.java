package org.posthorn.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The same mail through the same Postfix, with OpenDKIM for its milter and with us. The differences are in docs/milter.md. */
@ExtendWith(Peers.class)
class OpenDkimComparisonTest {
    private static final int OUR_MILTER = 3892;
    private static final int MX_OURS = 3626;

    /** Mail of earlier runs lies in the same mailboxes. */
    private static final String RUN = "compare-" + Long.toString(System.nanoTime(), 36) + "-";

    /** Attributes for XCLIENT; 192.0.2.1 is the internal host of both. */
    private static final Map<String, String> CLIENTS = Map.of(
            "stranger", "ADDR=198.51.100.7 NAME=stranger.test",
            "internal", "ADDR=192.0.2.1 NAME=inside.peer.test",
            "login", "ADDR=198.51.100.7 NAME=stranger.test LOGIN=user1");

    /** Who sends, the fields that name an author, and whether it is signed. */
    private static final Map<String, Boolean> SIGNED = signed();

    private static Map<String, Boolean> signed() {
        Map<String, Boolean> signed = new LinkedHashMap<>();
        for (String client : List.of("stranger", "internal", "login")) {
            boolean ours = !client.equals("stranger");
            signed.put(client + ", From: user1@peer.test", ours);
            signed.put(client + ", From: User <user1@PEER.test>", ours);
            signed.put(client + ", From: \"a@other.test\" <user1@peer.test>", ours);
            signed.put(client + ", From: (user1@peer.test) a@other.test", false);
            signed.put(client + ", From: \"user1@peer.test\" <a@other.test>", false);
            signed.put(client + ", From: a@sub.peer.test", false);
            signed.put(client + ", From: a@peer.test.other.test", false);
            signed.put(client + ", From: a@other.test + Sender: user1@peer.test", false);
            signed.put(client + ", From: user1@peer.test + Sender: a@other.test", ours);
            signed.put(client + ", From: user1@peer.test, a@other.test", ours);
            signed.put(client + ", From: a@other.test, user1@peer.test", false);
            // Postfix completes the one and adds the other, both with peer.test.
            signed.put(client + ", From: nobody", ours);
            signed.put(client + ", Sender: a@other.test", ours);
        }
        return signed;
    }

    @TempDir
    static Path dir;

    private static PosthornServer posthorn;

    @BeforeAll
    static void start() throws Exception {
        posthorn = PosthornServer.configured(
                dir.resolve("posthorn"),
                "listen.milter=\"127.0.0.1:" + OUR_MILTER + "\"",
                "milter.internal-hosts=[\"192.0.2.1\"]",
                "dkim.\"peer.test\".s1=\"" + Peers.DIR.resolve("dkim/peer.s1.pem") + "\"");
    }

    @AfterAll
    static void stop() {
        posthorn.close();
    }

    @Test
    void verifiesAsOpenDkimDoesButForTheDifferencesThatAreDocumented() throws Exception {
        List<DkimCase> cases = DkimCase.all();
        List<String> replies = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            replies.add(send(Peers.SMTP, RUN + i + "-theirs", cases.get(i).message()));
            replies.add(send(MX_OURS, RUN + i + "-ours", cases.get(i).message()));
        }
        assertThat(replies).allMatch(reply -> reply.startsWith("250 "));
        List<String> expected = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            DkimCase one = cases.get(i);
            String theirs = result("mx.peer.test", RUN + i + "-theirs");
            String ours = result("mx.posthorn.test", RUN + i + "-ours");
            seen.add(one.name() + ": OpenDKIM " + theirs + ", Posthorn " + ours);
            expected.add(one.name() + ": OpenDKIM " + one.theirs() + ", Posthorn " + one.ours());
        }
        assertThat(seen).isEqualTo(expected);
    }

    private static String send(int port, String mark, CraftedMail message) throws Exception {
        String marked = message.before("X-Mark: " + mark + "\r\n").text();
        return marked.endsWith("\r\n")
                ? SmtpDialog.send(port, "user1@peer.test", "user14@peer.test", marked)
                : SmtpDialog.sendChunk(port, "user1@peer.test", "user14@peer.test", marked);
    }

    /** What the milter of this name has written of the signatures of a message. */
    private static String result(String authservId, String mark) throws Exception {
        String received = Peers.awaitMessage(Peers.maildir(14), "X-Mark: " + mark + "\n");
        Matcher field = Pattern.compile(
                        "^Authentication-Results: " + Pattern.quote(authservId) + ";((?:.*\n[ \t])*.*)$",
                        Pattern.MULTILINE)
                .matcher(received);
        if (!field.find()) {
            return "nothing";
        }
        Matcher result = Pattern.compile("\\bdkim=([a-z]+)").matcher(field.group(1));
        return String.join(" ", result.results().map(match -> match.group(1)).toList());
    }

    @Test
    void signsWhatOpenDkimSigns() throws Exception {
        List<String> seen = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        int number = 0;
        for (Map.Entry<String, Boolean> one : SIGNED.entrySet()) {
            String[] client = one.getKey().split(", ", 2);
            String message = client[1].replace(" + ", "\r\n") + "\r\nSubject: signed or not\r\n\r\nbody\r\n";
            String mark = RUN + "sign-" + number++;
            for (int port : new int[] {Peers.SMTP, MX_OURS}) {
                String marked = "X-Mark: " + mark + "-" + port + "\r\n" + message;
                assertThat(SmtpDialog.sendAs(
                                CLIENTS.get(client[0]), port, "user1@peer.test", "user15@peer.test", marked))
                        .startsWith("250 ");
                String received = Peers.awaitMessage(Peers.maildir(15), "X-Mark: " + mark + "-" + port + "\n");
                boolean signed = received.contains("DKIM-Signature:");
                seen.add(one.getKey() + (port == MX_OURS ? ", Posthorn " : ", OpenDKIM ") + signed);
                expected.add(one.getKey() + (port == MX_OURS ? ", Posthorn " : ", OpenDKIM ") + one.getValue());
                if (signed) {
                    String whole = received.substring(received.indexOf("DKIM-Signature:"));
                    assertThat(Dkimpy.signatures(whole)).isEqualTo("rsa-sha256 pass\n");
                    String again = "X-Mark: " + mark + "-again-" + port + "\r\n" + whole.replace("\n", "\r\n");
                    SmtpDialog.send(Peers.SMTP, "user1@peer.test", "user15@peer.test", again);
                    assertThat(Peers.awaitMessage(Peers.maildir(15), "X-Mark: " + mark + "-again-" + port + "\n"))
                            .contains("dkim=pass");
                }
            }
        }
        assertThat(seen).isEqualTo(expected);
    }
}
