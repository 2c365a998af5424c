package org.posthorn.intake.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.delivery.routing.LiteralDirectory;
import org.posthorn.directory.Alias;
import org.posthorn.directory.DirectoryException;
import org.posthorn.directory.LocalDirectory;
import org.posthorn.directory.PasswordCost;
import org.posthorn.intake.IncomingMessage;
import org.posthorn.intake.IncomingMessage.Verdict;
import org.posthorn.intake.MessageIntake.Decision;
import org.posthorn.intake.SmtpClient;
import org.posthorn.mail.Address;
import org.posthorn.mail.Domain;
import org.posthorn.mail.Envelope;
import org.posthorn.testing.RecordedLog;

class InboundPipelineTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T20:15:30Z"));
    private static final Address ALICE = Address.parse("alice@posthorn.test");
    private static final Address BOB = Address.parse("bob@posthorn.test");
    private static final Optional<Address> SENDER = Optional.of(Address.parse("a@example.org"));

    @TempDir
    private static Path folder;

    private static LocalDirectory directory;

    private final KeepingSpool spool = new KeepingSpool();
    private final RecordedLog log = new RecordedLog();
    private final InboundPipeline pipeline = Inbound.withoutJudging(directory, spool, CLOCK, log);

    @BeforeAll
    static void open() {
        directory = LocalDirectory.open(folder.resolve("directory.db"), PasswordCost.MINIMAL, CLOCK);
        directory.addDomain(Domain.parse("posthorn.test"));
        directory.addAccount(ALICE, "correct horse battery");
        directory.addAccount(BOB, "correct horse battery");
        directory.putAlias(Alias.of("lost@posthorn.test", List.of(Address.parse("gone@posthorn.test"))));
        directory.putAlias(Alias.of(
                "both@posthorn.test",
                List.of(Address.parse("alice@posthorn.test"), Address.parse("x@elsewhere.example"))));
        directory.putAlias(Alias.of("team@posthorn.test", List.of(Address.parse("x@elsewhere.example"))));
    }

    @AfterAll
    static void close() {
        directory.close();
    }

    @AfterEach
    void leavesNoDraftOpen() {
        assertThat(spool.open()).as("drafts left open").isZero();
    }

    private static SmtpClient client(String address, Optional<String> tls) throws Exception {
        return new SmtpClient(
                "s1",
                new InetSocketAddress(InetAddress.ofLiteral(address), 40000),
                new InetSocketAddress(InetAddress.ofLiteral(address), 25),
                "client.example.org",
                tls.isPresent() ? "ESMTPS" : "ESMTP",
                tls,
                Optional.empty());
    }

    private String recipient(String address) throws Exception {
        return switch (pipeline.recipient(client("192.0.2.1", Optional.empty()), SENDER, Address.parse(address))) {
            case Decision.Accept() -> "accepted";
            case Decision.Refuse(var reply) -> reply.toString();
        };
    }

    /** RFC 1870 6.2: the client need not send a text for which there is no room. */
    @Test
    void refusesAtMailWhereTheDiskIsFull() throws Exception {
        SmtpClient client = client("192.0.2.1", Optional.empty());
        spool.room(999);
        assertThat(pipeline.sender(client, SENDER, 1000))
                .isEqualTo(Decision.refuse(452, "4.3.1", "Insufficient system storage"));
        assertThat(pipeline.sender(client, SENDER, 999)).isEqualTo(Decision.ACCEPT);
    }

    private Verdict receive(SmtpClient client, List<Address> recipients, String text) {
        Envelope envelope = new Envelope(SENDER, recipients, false, false);
        try (IncomingMessage message = pipeline.begin(client, envelope)) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            message.write(bytes, 0, bytes.length);
            return message.finish();
        }
    }

    @Test
    void takesOurRecipientsOnly() throws Exception {
        assertThat(recipient("alice@posthorn.test")).isEqualTo("accepted");
        assertThat(recipient("Alice+lists@POSTHORN.test")).isEqualTo("accepted");
        assertThat(recipient("team@posthorn.test")).isEqualTo("accepted");
        assertThat(recipient("postmaster@posthorn.test")).isEqualTo("accepted");
        assertThat(recipient("carol@posthorn.test"))
                .isEqualTo("550 5.1.1 <carol@posthorn.test>: Recipient address rejected: User unknown");
        assertThat(recipient("x@elsewhere.example")).isEqualTo("554 5.7.1 <x@elsewhere.example>: Relay access denied");
        assertThat(recipient("alice@sub.posthorn.test")).startsWith("554 5.7.1");
        assertThat(recipient("\"x@elsewhere.example\"@posthorn.test")).startsWith("550 5.1.1");
    }

    @Test
    void putsTraceFieldBeforeTheMessage() throws Exception {
        Verdict verdict =
                receive(client("192.0.2.1", Optional.empty()), List.of(ALICE), "Message-ID: <1@x>\r\n\r\ntext\r\n");
        assertThat(verdict).isInstanceOf(Verdict.Accepted.class);
        assertThat(verdict.reply()).hasToString("250 2.0.0 Ok: queued as 0123456789AB");
        String text = spool.kept().getFirst().text();
        assertThat(text).startsWith("""
                Received: from client.example.org (unknown [192.0.2.1])\r
                \tby mx.posthorn.test (Posthorn) with ESMTP id 0123456789AB\r
                \tfor <alice@posthorn.test>;\r
                \tMon, 23 Nov 2026\
                """).endsWith("\r\nMessage-ID: <1@x>\r\n\r\ntext\r\n");
        assertThat(log.lines())
                .containsExactly(
                        "smtpd 0123456789AB: client=unknown[192.0.2.1], session=s1",
                        "cleanup 0123456789AB: message-id=<1@x>");
    }

    @Test
    void namesTlsAndIpv6AndKeepsRecipientsFromEachOther() throws Exception {
        SmtpClient client = client("2001:db8::1", Optional.of("TLSv1.3 TLS_AES_256_GCM_SHA384"));
        receive(client, List.of(ALICE, Address.parse("team@posthorn.test")), "\r\ntext\r\n");
        assertThat(spool.kept().getFirst().text())
                .contains("(unknown [IPv6:2001:db8:0:0:0:0:0:1])")
                .contains("with ESMTPS id 0123456789AB\r\n\ttls TLS_AES_256_GCM_SHA384 (TLSv1.3);")
                .doesNotContain("for <");
    }

    @Test
    void refusesMessageInLoop() throws Exception {
        Verdict verdict = receive(
                client("192.0.2.1", Optional.empty()), List.of(ALICE), "Received: x\r\n".repeat(101) + "\r\ntext\r\n");
        assertThat(verdict).isInstanceOf(Verdict.Rejected.class);
        assertThat(verdict.reply()).hasToString("554 5.4.6 Too many hops");
        assertThat(spool.kept()).isEmpty();
    }

    @Test
    void refusesWhatAnAliasWouldHaveReturnedToWhomeverTheSenderNamed() throws Exception {
        assertThat(recipient("lost@posthorn.test"))
                .isEqualTo("550 5.1.1 <lost@posthorn.test>: Recipient address rejected: its alias leads nowhere");
        assertThat(recipient("both@posthorn.test")).isEqualTo("accepted");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Delivered-To: alice@posthorn.test\r\n\r\ntext\r\n",
                "A: b\r\ndelivered-to:  ALICE@Posthorn.Test \r\n\r\ntext\r\n",
                "Delivered-To: alice@posthorn.test\r\n"
            })
    void refusesMailThatLocalDeliveryWouldReturnAsALoop(String text) throws Exception {
        for (String to : List.of("alice@posthorn.test", "Alice+tag@posthorn.test")) {
            Verdict verdict = receive(client("192.0.2.1", Optional.empty()), List.of(Address.parse(to)), text);
            assertThat(verdict).as(to).isInstanceOf(Verdict.Rejected.class);
            assertThat(verdict.reply().toString()).as(to).startsWith("554 5.4.6 Mail forwarding loop");
        }
        assertThat(spool.kept()).isEmpty();
        assertThat(log.lines()).anyMatch(line -> line.contains("reject: loop of alice@posthorn.test"));
    }

    /** One reply speaks for all: those who have not had the message shall not miss it. */
    @ParameterizedTest
    @ValueSource(strings = {"both@posthorn.test", "alice@posthorn.test bob@posthorn.test"})
    void takesMailThatSomebodyHasNotHad(String recipients) throws Exception {
        List<Address> all =
                List.of(recipients.split(" ")).stream().map(Address::parse).toList();
        String text = "Delivered-To: alice@posthorn.test\r\n\r\ntext\r\n";
        assertThat(receive(client("192.0.2.1", Optional.empty()), all, text)).isInstanceOf(Verdict.Accepted.class);
        assertThat(spool.kept().getFirst().envelope().addresses()).isEqualTo(all);
    }

    /** Where each recipient is answered, who has had the message is refused, and the others get it. */
    @ParameterizedTest
    @ValueSource(
            strings = {"Delivered-To: alice@posthorn.test\r\n\r\ntext\r\n", "Delivered-To: alice@posthorn.test\r\n"})
    void refusesThoseAloneWhoHaveHadTheMessage(String text) throws Exception {
        Address tagged = Address.parse("Alice+tag@posthorn.test");
        Envelope envelope = new Envelope(SENDER, List.of(ALICE, BOB, tagged), false, false);
        try (IncomingMessage message = pipeline.begin(client("192.0.2.1", Optional.empty()), envelope)) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            message.write(bytes, 0, bytes.length);
            IncomingMessage.Receipt receipt = message.finishForEach();
            assertThat(receipt.of(BOB)).isInstanceOf(Verdict.Accepted.class);
            assertThat(receipt.of(ALICE).reply().toString()).startsWith("554 5.4.6 Mail forwarding loop");
            assertThat(receipt.of(tagged)).isInstanceOf(Verdict.Rejected.class);
        }
        assertThat(spool.kept().getFirst().envelope().addresses()).containsExactly(BOB);
    }

    @Test
    void whatIsRefusedForAllIsRefusedForEach() throws Exception {
        Envelope envelope = new Envelope(SENDER, List.of(ALICE, BOB), false, false);
        try (IncomingMessage message = pipeline.begin(client("192.0.2.1", Optional.empty()), envelope)) {
            byte[] bytes = ("Received: x\r\n".repeat(101) + "Delivered-To: bob@posthorn.test\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8);
            message.write(bytes, 0, bytes.length);
            IncomingMessage.Receipt receipt = message.finishForEach();
            assertThat(receipt.apart()).isEmpty();
            assertThat(receipt.of(BOB).reply()).hasToString("554 5.4.6 Too many hops");
        }
        assertThat(spool.kept()).isEmpty();
    }

    @Test
    void refusesMailThatAllOfItsRecipientsHaveHad() throws Exception {
        String text = "Delivered-To: alice@posthorn.test\r\nDelivered-To: BOB@posthorn.test\r\n\r\ntext\r\n";
        assertThat(receive(client("192.0.2.1", Optional.empty()), List.of(ALICE, BOB), text))
                .isInstanceOf(Verdict.Rejected.class);
    }

    @Test
    void aDirectoryThatFailsRefusesNobodyForGood() throws Exception {
        LiteralDirectory failing = new LiteralDirectory(Domain.parse("posthorn.test"), Map.of());
        failing.failWith(new DirectoryException(
                DirectoryException.Reason.FAILED, "the directory cannot be read: disk I/O error"));
        InboundPipeline broken = Inbound.withoutJudging(failing, spool, CLOCK, log);
        assertThat(broken.recipient(client("192.0.2.1", Optional.empty()), SENDER, ALICE))
                .isEqualTo(Decision.refuse(
                        451,
                        "4.3.5",
                        "<alice@posthorn.test>: Recipient address rejected: cannot be looked up at present"));
    }

    @Test
    void takesMailThatOthersHaveHad() throws Exception {
        String text = "Delivered-To: bob@elsewhere.example\r\n\r\nDelivered-To: alice@posthorn.test\r\n";
        assertThat(receive(client("192.0.2.1", Optional.empty()), List.of(ALICE), text))
                .isInstanceOf(Verdict.Accepted.class);
        String hers = "Delivered-To: alice@posthorn.test\r\n\r\ntext\r\n";
        assertThat(receive(client("192.0.2.1", Optional.empty()), List.of(Address.parse("team@posthorn.test")), hers))
                .isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void aServerWithoutDomainsRefusesNobodyForGood(@TempDir Path empty) throws Exception {
        try (LocalDirectory none = LocalDirectory.open(empty.resolve("directory.db"), PasswordCost.MINIMAL, CLOCK)) {
            InboundPipeline lost = Inbound.withoutJudging(none, spool, CLOCK, log);
            assertThat(lost.recipient(client("192.0.2.1", Optional.empty()), SENDER, ALICE))
                    .isInstanceOfSatisfying(
                            Decision.Refuse.class,
                            refused -> assertThat(refused.reply().toString())
                                    .isEqualTo("451 4.3.5 This server has no domains at present"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AT_BEGIN", "AT_WRITE", "AT_COMMIT"})
    void defersMessageForWhichThereIsNoRoom(KeepingSpool.Full when) throws Exception {
        spool.full(when);
        SmtpClient client = client("192.0.2.1", Optional.empty());
        Verdict verdict = receive(client, List.of(ALICE), "\r\ntext\r\n");
        assertThat(verdict).isInstanceOf(Verdict.Deferred.class);
        assertThat(verdict.reply().code()).isEqualTo(452);
        assertThat(log.lines()).anyMatch(line -> line.contains("no space left on device"));
        spool.full(KeepingSpool.Full.NEVER);
        assertThat(receive(client, List.of(ALICE), "\r\ntext\r\n")).isInstanceOf(Verdict.Accepted.class);
    }
}
