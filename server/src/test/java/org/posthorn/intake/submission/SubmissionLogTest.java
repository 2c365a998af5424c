package org.posthorn.intake.submission;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.posthorn.directory.Directory;
import org.posthorn.intake.IncomingMessage;
import org.posthorn.intake.IncomingMessage.Verdict;
import org.posthorn.intake.SmtpClient;
import org.posthorn.mail.Address;
import org.posthorn.mail.Envelope;
import org.posthorn.protocol.smtp.SmtpReply;
import org.posthorn.queue.Destination;
import org.posthorn.queue.Router;
import org.posthorn.signing.DkimKeyFile;
import org.posthorn.signing.DkimSigners;
import org.posthorn.testing.MemorySpool;
import org.posthorn.testing.RecordedLog;

/** What the log tells of messages that are submitted, and that none of their drafts stays. */
class SubmissionLogTest {
    private static final Address ALICE = Address.parse("alice@posthorn.test");
    private static final SmtpReply NO_ROOM = SmtpReply.of(452, "4.3.1", "Insufficient system storage");
    private static final String CLIENT = "client=unknown[127.0.0.1], sasl_username=alice@posthorn.test, session=s1";

    /** Lets everybody of posthorn.test send as each other. */
    private static final Directory DIRECTORY = (Directory) Proxy.newProxyInstance(
            Directory.class.getClassLoader(), new Class<?>[] {Directory.class}, (proxy, method, arguments) -> {
                if (!method.getName().equals("maySendAs")) {
                    throw new UnsupportedOperationException(method.getName());
                }
                return ((Address) arguments[1]).domain().name().equals("posthorn.test");
            });

    private final MemorySpool spool = new MemorySpool();
    private final RecordedLog log = new RecordedLog();
    private List<DkimKeyFile> keys = List.of();

    @AfterEach
    void noDraftStays() {
        assertThat(spool.open).isZero();
    }

    private Verdict submit(String message) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000);
        SmtpClient client =
                new SmtpClient("s1", address, address, "laptop", "ESMTPSA", Optional.empty(), Optional.of(ALICE));
        SubmissionPipeline pipeline = new SubmissionPipeline(
                new SubmissionConfig("mx.posthorn.test", true),
                DIRECTORY,
                recipient -> new Router.Route.To(List.of(
                        new Router.Hop(Destination.smtp(recipient.domain().name()), recipient))),
                spool,
                new DkimSigners(_ -> keys, log),
                InstantSource.system(),
                new Random(1),
                log);
        Envelope envelope = new Envelope(Optional.of(ALICE), List.of(Address.parse("carol@example.org")), false, false);
        try (IncomingMessage incoming = pipeline.begin(client, envelope)) {
            byte[] bytes = message.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
            incoming.write(bytes, 0, bytes.length);
            return incoming.finish();
        }
    }

    private static String accepted(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Accepted.class);
        return verdict.reply().text();
    }

    @Test
    void namesAccountAndMessage() {
        assertThat(accepted(submit("From: alice@posthorn.test\nMessage-ID: <1@x>\n\nx\n")))
                .isEqualTo("Ok: queued as TESTQUEUE01");
        assertThat(log.lines())
                .containsExactly("submission/smtpd TESTQUEUE01: " + CLIENT, "cleanup TESTQUEUE01: message-id=<1@x>");
    }

    @Test
    void saysWhyAMessageIsRefused() {
        submit("From: eve@example.org\n\nx\n");
        assertThat(log.lines())
                .containsExactly(
                        "submission/smtpd TESTQUEUE01: " + CLIENT,
                        "cleanup TESTQUEUE01: reject: 550 5.7.1 alice@posthorn.test may not send as eve@example.org");
    }

    @Test
    void saysWhatFailsInTheSpool() {
        spool.trouble = MemorySpool.Trouble.AT_BEGIN;
        assertThat(submit("From: alice@posthorn.test\n\nx\n")).isEqualTo(new Verdict.Deferred(NO_ROOM));
        assertThat(log.lines())
                .containsExactly("submission/smtpd s1: spool-unavailable [] java.io.IOException: no room");
    }

    @Test
    void saysThatTheBodyCannotBeWritten() {
        spool.trouble = MemorySpool.Trouble.AT_WRITE;
        assertThat(submit("From: alice@posthorn.test\n\nx\n")).isEqualTo(new Verdict.Deferred(NO_ROOM));
        assertThat(log.lines())
                .containsExactly(
                        "submission/smtpd TESTQUEUE01: spool-failed [] java.io.IOException: no room",
                        "submission/smtpd TESTQUEUE01: " + CLIENT,
                        "cleanup TESTQUEUE01: reject: 452 4.3.1 Insufficient system storage");
    }

    @Test
    void aHeaderAloneIsAMessageAndFailsLikeOne() {
        spool.trouble = MemorySpool.Trouble.AT_COMMIT;
        assertThat(submit("From: alice@posthorn.test\nMessage-ID: <1@x>\n")).isEqualTo(new Verdict.Deferred(NO_ROOM));
        assertThat(log.lines())
                .containsExactly(
                        "submission/smtpd TESTQUEUE01: " + CLIENT,
                        "cleanup TESTQUEUE01: message-id=<1@x>",
                        "submission/smtpd TESTQUEUE01: spool-failed [] java.io.IOException: no room",
                        "cleanup TESTQUEUE01: reject: 452 4.3.1 Insufficient system storage");
        spool.trouble = MemorySpool.Trouble.NONE;
        accepted(submit("From: alice@posthorn.test\n"));
        assertThat(spool.committed.getLast().message()).endsWith("\r\n\r\n");
    }

    @Test
    void saysThatItCannotSign() {
        keys = List.of(new DkimKeyFile(ALICE.domain(), "s", Path.of("/nowhere/key.pem")));
        assertThat(submit("From: alice@posthorn.test\n\nx\n"))
                .isEqualTo(new Verdict.Deferred(SmtpReply.of(451, "4.7.5", "Cannot sign the message at present")));
        assertThat(log.lines())
                .filteredOn(line -> line.contains("dkim"))
                .containsExactly(
                        "submission : dkim-key-unreadable [file, /nowhere/key.pem]"
                                + " java.nio.file.NoSuchFileException: /nowhere/key.pem",
                        "submission/smtpd TESTQUEUE01: dkim-no-key []"
                                + " java.io.IOException: no DKIM key of posthorn.test can be read");
    }

    @Test
    void rewritesLinesOver998OctetsUnderAnotherId() {
        assertThat(accepted(submit("From: alice@posthorn.test\n\n" + "w".repeat(998) + "\n")))
                .endsWith("TESTQUEUE01");
        assertThat(accepted(submit("From: alice@posthorn.test\n\n" + "w".repeat(999) + "\n")))
                .endsWith("TESTQUEUE03");
    }

    /** As BDAT can end it. */
    @Test
    void aLongLastLineWithoutEndIsWhole() {
        submit("From: alice@posthorn.test\n\n" + "w".repeat(2000));
        assertThat(spool.committed.getLast().message().replace("=\r\n", "")).contains("\r\n\r\n" + "w".repeat(2000));
    }

    @Test
    void aMessageThatCannotBeRewrittenIsDeferred() {
        spool.trouble = MemorySpool.Trouble.AT_LATER_WRITE;
        assertThat(submit("From: alice@posthorn.test\n\n" + "w".repeat(999) + "\n"))
                .isEqualTo(new Verdict.Deferred(NO_ROOM));
        assertThat(spool.committed).isEmpty();
    }
}
