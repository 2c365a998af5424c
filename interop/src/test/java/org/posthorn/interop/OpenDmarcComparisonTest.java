package org.posthorn.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same mail through the same Postfix, with OpenDKIM and OpenDMARC for its milters and with us: once where nothing is enforced, to
 * see how it is judged, and once where policies are applied, to see what becomes of it. The differences are in docs/milter.md.
 */
@ExtendWith(Peers.class)
class OpenDmarcComparisonTest {
    private static final int OUR_MILTER = 3892;
    private static final int MX_OURS = 3626;
    private static final int MX_OPENDMARC = 3628;
    private static final int MX_OPENDMARC_ENFORCING = 3629;

    private static final String RECIPIENT = "user20@peer.test";
    /** Mail of earlier runs lies in the same mailbox. */
    private static final String RUN = "dmarc-" + Long.toString(System.nanoTime(), 36) + "-";

    private static final Pattern RESULT = Pattern.compile("\\bdmarc=([a-z]+)");

    @TempDir
    static Path dir;

    @BeforeAll
    static void start() {
        Peers.script("opendmarc").succeeded();
    }

    @Test
    void judgesAndEnforcesAsOpenDmarcDoesButForTheDifferencesThatAreDocumented() throws Exception {
        List<DmarcCase> cases = DmarcCase.all();
        List<String> judged = new ArrayList<>();
        List<String> ourJudged = new ArrayList<>();
        List<String> theirReplies = new ArrayList<>();
        try (PosthornServer _ = posthorn("watching", false)) {
            for (int i = 0; i < cases.size(); i++) {
                theirReplies.add(send(MX_OPENDMARC, RUN + i + "-theirs", cases.get(i)));
                assertThat(send(MX_OURS, RUN + i + "-ours", cases.get(i))).startsWith("250 ");
            }
            for (int i = 0; i < cases.size(); i++) {
                String theirs = theirReplies.get(i);
                judged.add(
                        theirs.startsWith("250 ")
                                ? result("mx.peer.test", RUN + i + "-theirs")
                                : fate(theirs, Set.of()));
                ourJudged.add(result("mx.posthorn.test", RUN + i + "-ours"));
            }
        }
        List<String> replies = new ArrayList<>();
        List<String> ourReplies = new ArrayList<>();
        Set<String> theirsOfHalf = new HashSet<>();
        Set<String> oursOfHalf = new HashSet<>();
        try (PosthornServer _ = posthorn("enforcing", true)) {
            for (DmarcCase one : cases) {
                replies.add(send(MX_OPENDMARC_ENFORCING, RUN + "enforced", one));
                ourReplies.add(send(MX_OURS, RUN + "enforced", one));
            }
            // OpenDMARC applies it to half of the mail, by chance.
            DmarcCase half = DmarcCase.ofHalf();
            for (int i = 0; i < 60; i++) {
                theirsOfHalf.add(fate(send(MX_OPENDMARC_ENFORCING, RUN + "half", half), Set.of()));
            }
            oursOfHalf.add(fate(send(MX_OURS, RUN + "half", half), Set.of()));
        }
        assertThat(theirsOfHalf).containsExactlyInAnyOrder("accepted", "refused");
        assertThat(oursOfHalf).containsExactly("refused");
        Set<String> held = held();
        List<String> seen = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            DmarcCase one = cases.get(i);
            seen.add(one.name() + ": OpenDMARC " + judged.get(i) + " " + fate(replies.get(i), held) + ", Posthorn "
                    + ourJudged.get(i) + " " + fate(ourReplies.get(i), held));
            expected.add(one.name() + ": OpenDMARC " + one.theirs() + ", Posthorn " + one.ours());
        }
        assertThat(seen).isEqualTo(expected);
    }

    private static PosthornServer posthorn(String name, boolean enforce) throws Exception {
        return PosthornServer.configured(
                dir.resolve(name), "listen.milter=\"127.0.0.1:" + OUR_MILTER + "\"", "milter.enforce=" + enforce);
    }

    private static String send(int port, String mark, DmarcCase one) throws Exception {
        return SmtpDialog.sendAs(
                "ADDR=198.51.100.7 NAME=stranger.test",
                one.helo(),
                port,
                one.sender(),
                RECIPIENT,
                one.message().before("X-Mark: " + mark + "\r\n").text());
    }

    /** What the milter of this name has written. */
    private static String result(String authservId, String mark) throws Exception {
        String received = Peers.awaitMessage(Peers.maildir(20), "X-Mark: " + mark + "\n");
        String results = Pattern.compile(
                        "^Authentication-Results: " + Pattern.quote(authservId) + ";(?:.*\n[ \t])*.*$",
                        Pattern.MULTILINE)
                .matcher(received)
                .results()
                .map(field -> field.group())
                .collect(Collectors.joining());
        Matcher result = RESULT.matcher(results);
        return result.find() ? result.group(1) : "nothing";
    }

    private static String fate(String reply, Set<String> held) {
        return switch (reply.charAt(0)) {
            case '2' -> held.contains(reply.substring(reply.lastIndexOf(' ') + 1)) ? "held" : "accepted";
            case '4' -> "deferred";
            case '5' -> "refused";
            default -> reply;
        };
    }

    /** The identifiers of the messages on hold, which end with this. */
    private static Set<String> held() {
        String postfix = Peers.DIR.resolve("postfix").toString();
        String queue = Tool.run("postqueue", "-c", postfix, "-j").succeeded().output();
        Set<String> ids = Pattern.compile("\"queue_name\": \"hold\", \"queue_id\": \"([^\"]+)\"")
                .matcher(queue)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
        ids.forEach(id -> Tool.run("postsuper", "-c", postfix, "-d", id).succeeded());
        return ids;
    }
}
