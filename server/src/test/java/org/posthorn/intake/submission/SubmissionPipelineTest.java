package org.posthorn.intake.submission;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.delivery.routing.LocalFirstRouter;
import org.posthorn.delivery.routing.StaticRoutes;
import org.posthorn.directory.Alias;
import org.posthorn.directory.LocalDirectory;
import org.posthorn.directory.PasswordCost;
import org.posthorn.intake.IncomingMessage;
import org.posthorn.intake.IncomingMessage.Verdict;
import org.posthorn.intake.MessageIntake.Decision;
import org.posthorn.intake.SmtpClient;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.mail.Envelope;
import org.posthorn.protocol.dkim.PlainVerifier;
import org.posthorn.protocol.smtp.SmtpReply;
import org.posthorn.signing.DkimKeyFile;
import org.posthorn.signing.DkimKeyRing;
import org.posthorn.signing.DkimSigners;
import org.posthorn.testing.MemorySpool;

class SubmissionPipelineTest {
    private static final Domain HERE = Domain.parse("posthorn.test");
    private static final Address ALICE = Address.parse("alice@posthorn.test");
    private static final Address BOB = Address.parse("bob@posthorn.test");
    private static final Address CAROL = Address.parse("carol@example.org");
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T20:00:00Z"));

    /** Shared: making an RSA key takes long, and keys that are there are used again. */
    @TempDir
    private static Path keyFiles;

    @TempDir
    private Path folder;

    private LocalDirectory directory;
    private DkimKeyRing keys;
    private final MemorySpool spool = new MemorySpool();
    private DkimSigners signers;
    private SubmissionPipeline pipeline;

    @BeforeEach
    void open() throws Exception {
        directory = LocalDirectory.open(folder.resolve("directory.db"), PasswordCost.MINIMAL, CLOCK);
        directory.addDomain(HERE);
        // As if the records of its keys had been seen in DNS.
        keys = DkimKeyRing.open(folder.resolve("dkim.db"), keyFiles, directory::isLocal, CLOCK);
        keys.makeFirst(HERE);
        keys.keys(HERE).forEach(keys::activate);
        directory.addAccount(ALICE, "xxxxxxxx");
        directory.addAccount(BOB, "xxxxxxxx");
        directory.putAlias(Alias.of("info@posthorn.test", List.of(ALICE)));
        signers = new DkimSigners(keys::signing, MailLog.none());
        pipeline = pipeline(true);
    }

    @AfterEach
    void close() {
        keys.close();
        directory.close();
    }

    private SubmissionPipeline pipeline(boolean hideClient) {
        return new SubmissionPipeline(
                new SubmissionConfig("mx.posthorn.test", hideClient),
                directory,
                new LocalFirstRouter(directory, StaticRoutes.NONE, MailLog.none())::preview,
                spool,
                signers,
                CLOCK,
                new Random(1),
                MailLog.none());
    }

    private static SmtpClient client(Optional<Address> account) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000);
        return new SmtpClient(
                "s1",
                address,
                address,
                "laptop.example",
                "ESMTPSA",
                Optional.of("TLSv1.3 TLS_AES_128_GCM_SHA256"),
                account);
    }

    private Verdict submit(String message) {
        return submit(message, 7);
    }

    private Verdict submit(String message, int piece) {
        return submit(message, piece, List.of(CAROL));
    }

    private Verdict submit(String message, int piece, List<Address> recipients) {
        Envelope envelope = new Envelope(Optional.of(ALICE), recipients, false, true);
        try (IncomingMessage incoming = pipeline.begin(client(Optional.of(ALICE)), envelope)) {
            byte[] bytes = message.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < bytes.length; i += piece) {
                incoming.write(bytes, i, Math.min(piece, bytes.length - i));
            }
            return incoming.finish();
        }
    }

    private String sent(String message) {
        assertThat(submit(message)).isInstanceOf(Verdict.Accepted.class);
        return spool.committed.getLast().message();
    }

    private Map<String, String> records() {
        Map<String, String> records = new LinkedHashMap<>();
        keys.toPublish(HERE).forEach(key -> records.put(key.recordName(), key.record()));
        return records;
    }

    @Test
    void signsLongLinesInAFormThatEveryServerTakes() throws Exception {
        String sent = sent("From: Alice <alice@posthorn.test>\nSubject: " + "word ".repeat(300) + "\n\n<p>"
                + "w".repeat(999) + "</p>\n");
        assertThat(sent.lines()).allMatch(line -> line.length() <= 998);
        assertThat(sent)
                .contains("\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>www")
                .contains("\r\nMIME-Version: 1.0\r\n");
        assertThat(PlainVerifier.verify(sent, records())).containsExactly("pass", "pass");
        assertThat(spool.committed).hasSize(1);
    }

    @Test
    void leavesLinesOf998OctetsAlone() throws Exception {
        String text = "w".repeat(998);
        assertThat(sent("From: alice@posthorn.test\n\n" + text + "\n")).endsWith("\r\n\r\n" + text + "\r\n");
    }

    @Test
    void signsAndCompletes() throws Exception {
        String sent = sent("""
                From: Alice <alice@posthorn.test>
                To: carol@example.org
                Bcc: bob@posthorn.test,
                 dave@x.y
                Return-Path: <a@b.c>
                Subject: hello

                Body \u00e9


                """);
        assertThat(PlainVerifier.verify(sent, records())).containsExactly("pass", "pass");
        assertThat(sent)
                .contains("\r\nSubject: hello\r\n")
                .contains("\r\nDate: Mon, 23 Nov 2026 ")
                .containsPattern("\r\nMessage-ID: <TESTQUEUE01\\.[0-9a-f]+@posthorn\\.test>\r\n\r\nBody")
                .doesNotContain("Bcc", "dave", "Return-Path", "Sender:");
        assertThat(spool.committed.getLast().envelope().addresses()).containsExactly(CAROL);
    }

    @Test
    void keepsDateAndMessageIdThatAreThere() {
        String sent =
                sent("From: alice@posthorn.test\nDate: Tue, 1 Jan 2030 00:00:00 +0000\nMESSAGE-ID: <own@x>\n\nx\n");
        assertThat(sent).contains("\r\nDate: Tue, 1 Jan 2030 00:00:00 +0000\r\nMESSAGE-ID: <own@x>\r\n\r\nx\r\n");
        assertThat(sent).doesNotContain("TESTQUEUE01.");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 50, 100_000})
    void doesNotMindWhereTheBytesAreCut(int piece) throws Exception {
        assertThat(submit("From: alice@posthorn.test\nSubject: x\n\nline  one\n \t\n\ntwo\n\n", piece))
                .isInstanceOf(Verdict.Accepted.class);
        String sent = spool.committed.getLast().message();
        assertThat(sent).endsWith("\r\n\r\nline  one\r\n \t\r\n\r\ntwo\r\n\r\n");
        assertThat(PlainVerifier.verify(sent, records())).containsExactly("pass", "pass");
    }

    @Test
    void messageMayBeAllHeader() throws Exception {
        String sent = sent("From: alice@posthorn.test\nSubject: x\n");
        assertThat(sent).endsWith("@posthorn.test>\r\n\r\n");
        assertThat(PlainVerifier.verify(sent, records())).containsExactly("pass", "pass");
    }

    @Test
    void hidesTheClientUnlessToldOtherwise() {
        assertThat(sent("From: alice@posthorn.test\n\nx\n"))
                .contains(
                        "Received: from localhost (authenticated client)\r\n\tby mx.posthorn.test (Posthorn) with ESMTPSA")
                .doesNotContain("127.0.0.1", "laptop");
        pipeline = pipeline(false);
        assertThat(sent("From: alice@posthorn.test\n\nx\n"))
                .contains("Received: from laptop.example (unknown [127.0.0.1])");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "From: bob@posthorn.test\n\nx\n",
                "From: alice@posthorn.test, bob@posthorn.test\n\nx\n",
                "From: alice@posthorn.test\nSender: bob@posthorn.test\n\nx\n",
                "From: bob@posthorn.test <alice@posthorn.test>\n\nx\n",
                "From: <alice@posthorn.test> bob@posthorn.test\n\nx\n",
                "From: <alice@posthorn.test> <bob@posthorn.test>\n\nx\n",
                "From: \"alice@posthorn.test\" <ceo@example.org>\n\nx\n",
                "From: Group: alice@posthorn.test, bob@posthorn.test;\n\nx\n",
                "From: =?utf-8?q?alice=40posthorn.test?= <bob@posthorn.test>\n\nx\n",
                "Resent-From: bob@posthorn.test\nFrom: alice@posthorn.test\n\nx\n",
                "Resent-Sender: Bob <bob@posthorn.test>\nFrom: alice@posthorn.test\n\nx\n",
                "Resent-From: alice@posthorn.test\nResent-From: bob@posthorn.test\nFrom: alice@posthorn.test\n\nx\n",
                "Resent-Sender: alice@posthorn.test\nFrom: alice@posthorn.test\nResent-Sender: bob@posthorn.test\n\nx\n"
            })
    void refusesForeignAuthors(String message) {
        assertThat(submit(message)).isInstanceOfSatisfying(Verdict.Rejected.class, rejected -> {
            assertThat(rejected.reply().code()).isEqualTo(550);
            assertThat(rejected.reply().text()).contains("may not send as");
        });
        assertThat(spool.committed).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\nbody only\n",
                "Subject: no author\n\nx\n",
                "From:\n\nx\n",
                "From: nobody in particular\n\nx\n",
                "From: alice@posthorn.test\nFROM : alice@posthorn.test\n\nx\n",
                "From: alice@posthorn.test\nSender: alice@posthorn.test\nSender: alice@posthorn.test\n\nx\n",
                "From: alice@posthorn.test\nthis is not a field\n\nx\n",
                "From: alice@posthorn.test\nSender: @\n\nx\n"
            })
    void refusesHeadersThatAreNone(String message) {
        assertThat(submit(message)).isInstanceOfSatisfying(Verdict.Rejected.class, rejected -> {
            assertThat(rejected.reply().code()).isEqualTo(554);
            assertThat(rejected.reply().status().orElseThrow().toString()).isEqualTo("5.6.0");
        });
        assertThat(spool.committed).isEmpty();
    }

    @Test
    void letsAliasesAndSubAddressesBeAuthors() throws Exception {
        String sent = sent("From: info@posthorn.test, Alice+x@posthorn.test\n\nx\n");
        // RFC 5322 3.6.2: several authors need a Sender.
        assertThat(sent).contains("\r\nSender: alice@posthorn.test\r\n");
        assertThat(PlainVerifier.verify(sent, records())).containsExactly("pass", "pass");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "From: alice@posthorn.test <alice@posthorn.test>\n\nx\n",
                "From: \"bob@posthorn.test via\" <alice@posthorn.test> (bob@posthorn.test)\n\nx\n",
                "From: Alice \u00c4 <alice@posthorn.test>\n\nx\n"
            })
    void letsNamesSayWhatTheyLike(String message) {
        assertThat(submit(message)).isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void refusesAuthorsWithoutEnd() {
        assertThat(submit("From: " + "(".repeat(17_000) + " alice@posthorn.test\n\nx\n", 8192)
                        .reply()
                        .text())
                .isEqualTo("The From field is too long");
    }

    @Test
    void refusesHeaderWithoutEnd() {
        StringBuilder message = new StringBuilder("From: alice@posthorn.test\n");
        while (message.length() < 300_000) {
            message.append("X-Filler: ").append("x".repeat(900)).append('\n');
        }
        assertThat(submit(message.toString(), 8192).reply())
                .isEqualTo(SmtpReply.of(552, "5.3.4", "Message header too large"));
        assertThat(submit("From: alice@posthorn.test\n" + "Received: x\n".repeat(101) + "\nx\n")
                        .reply()
                        .status()
                        .orElseThrow()
                        .toString())
                .isEqualTo("5.4.6");
    }

    @Test
    void refusesWhatWouldComeBackAsALoop() {
        String text = "From: alice@posthorn.test\nDelivered-To: bob@posthorn.test\n\nx\n";
        assertThat(submit(text, 7, List.of(BOB)).reply())
                .isEqualTo(SmtpReply.of(
                        554,
                        "5.4.6",
                        "Mail forwarding loop: the recipients have had this message already (Delivered-To)"));
        assertThat(spool.committed).isEmpty();
        assertThat(submit(text, 7, List.of(BOB, CAROL))).isInstanceOf(Verdict.Accepted.class);
        assertThat(submit(text, 7, List.of(ALICE, BOB))).isInstanceOf(Verdict.Accepted.class);
        directory.putAlias(Alias.of("lost@posthorn.test", List.of(Address.parse("gone@posthorn.test"))));
        assertThat(pipeline.recipient(
                        client(Optional.of(ALICE)), Optional.of(ALICE), Address.parse("lost@posthorn.test")))
                .isEqualTo(Decision.refuse(
                        550, "5.1.1", "<lost@posthorn.test>: Recipient address rejected: its alias leads nowhere"));
    }

    @Test
    void decidesAboutTheEnvelope() {
        SmtpClient alice = client(Optional.of(ALICE));
        assertThat(pipeline.sender(alice, Optional.of(ALICE), 0)).isEqualTo(Decision.ACCEPT);
        assertThat(pipeline.sender(alice, Optional.empty(), 0)).isEqualTo(Decision.ACCEPT);
        assertThat(pipeline.sender(alice, Optional.of(BOB), 0))
                .isEqualTo(Decision.refuse(
                        553,
                        "5.7.1",
                        "<bob@posthorn.test>: Sender address rejected: not owned by alice@posthorn.test"));
        assertThat(pipeline.recipient(alice, Optional.of(ALICE), CAROL)).isEqualTo(Decision.ACCEPT);
        assertThat(pipeline.recipient(alice, Optional.of(ALICE), BOB)).isEqualTo(Decision.ACCEPT);
        assertThat(pipeline.recipient(alice, Optional.of(ALICE), Address.parse("nobody@posthorn.test")))
                .isInstanceOf(Decision.Refuse.class);
    }

    /** RFC 1870 6.2: the client need not send a text for which there is no room. */
    @Test
    void refusesAtMailWhereTheDiskIsFull() {
        spool.room = 999;
        assertThat(pipeline.sender(client(Optional.of(ALICE)), Optional.of(ALICE), 1000))
                .isEqualTo(Decision.refuse(452, "4.3.1", "Insufficient system storage"));
        assertThat(pipeline.sender(client(Optional.of(ALICE)), Optional.of(ALICE), 999))
                .isEqualTo(Decision.ACCEPT);
    }

    @Test
    void takesNothingFromStrangers() {
        SmtpClient stranger = client(Optional.empty());
        assertThat(pipeline.sender(stranger, Optional.of(ALICE), 0)).isInstanceOf(Decision.Refuse.class);
        assertThat(pipeline.recipient(stranger, Optional.of(ALICE), BOB)).isInstanceOf(Decision.Refuse.class);
        Envelope envelope = new Envelope(Optional.of(ALICE), List.of(BOB), false, false);
        try (IncomingMessage incoming = pipeline.begin(stranger, envelope)) {
            assertThat(incoming.finish().reply().code()).isEqualTo(530);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = MemorySpool.Trouble.class,
            names = {"AT_BEGIN", "AT_WRITE", "AT_COMMIT"})
    void keepsTheMessageWithTheClientWhenTheSpoolFails(MemorySpool.Trouble trouble) {
        spool.trouble = trouble;
        assertThat(submit("From: alice@posthorn.test\n\nx\n"))
                .isEqualTo(new Verdict.Deferred(SmtpReply.of(452, "4.3.1", "Insufficient system storage")));
    }

    @Test
    void keepsTheMessageWithTheClientWhenItCannotSign() throws Exception {
        Path broken = folder.resolve("broken.pem");
        Files.writeString(broken, "no key");
        signers = new DkimSigners(domain -> List.of(new DkimKeyFile(domain, "s", broken)), MailLog.none());
        pipeline = pipeline(true);
        assertThat(submit("From: alice@posthorn.test\n\nx\n"))
                .isInstanceOfSatisfying(
                        Verdict.Deferred.class,
                        deferred -> assertThat(deferred.reply().code()).isEqualTo(451));
        Files.copy(
                keys.signing(HERE).getFirst().privateKey(), broken, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(sent("From: alice@posthorn.test\n\nx\n")).startsWith("DKIM-Signature: ");
    }

    @Test
    void sendsUnsignedWhereADomainHasNoKeys() {
        signers = new DkimSigners(domain -> List.of(), MailLog.none());
        pipeline = pipeline(true);
        assertThat(sent("From: alice@posthorn.test\n\nx\n")).startsWith("Received: ");
    }
}
