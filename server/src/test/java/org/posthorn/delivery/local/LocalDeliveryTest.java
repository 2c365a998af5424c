package org.posthorn.delivery.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.MessageContent;
import org.posthorn.mailbox.AccountMail;
import org.posthorn.mailbox.Mailbox;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.Message;
import org.posthorn.mailbox.SpecialUse;
import org.posthorn.mailbox.maildir.MaildirConfig;
import org.posthorn.mailbox.maildir.MaildirStore;
import org.posthorn.queue.DeliveryAgent;
import org.posthorn.queue.DeliveryOutcome;
import org.posthorn.queue.Destination;
import org.posthorn.queue.QueueId;
import org.posthorn.queue.QueuedMessage;
import org.posthorn.testing.RecordedLog;

class LocalDeliveryTest {
    private static final Address ALICE = Address.parse("alice@posthorn.test");
    private static final Instant ARRIVED = Instant.ofEpochSecond(1_700_000_000);

    @TempDir
    Path directory;

    private Instant removed = Instant.EPOCH;
    private final RecordedLog log = new RecordedLog();
    private MaildirStore store;
    private LocalDelivery agent;

    @BeforeEach
    void open() throws Exception {
        store = new MaildirStore(
                MaildirConfig.of(directory, "mail.posthorn.test"), MailLog.none(), InstantSource.system());
        agent = new LocalDelivery(
                store,
                (account, arrived) -> ALICE.equals(account) && arrived.isAfter(removed),
                LocalDeliveryConfig.defaults(),
                log);
    }

    @AfterEach
    void close() throws Exception {
        store.close();
    }

    /** One message for one destination, and what became of it. */
    private static final class OneJob implements DeliveryAgent.Job, DeliveryAgent.Jobs {
        private final QueuedMessage message;
        private final List<Address> recipients;
        private final List<DeliveryOutcome> outcomes = new ArrayList<>();
        private boolean given;

        OneJob(String id, String sender, String content, String... recipients) {
            this(false, id, sender, content, recipients);
        }

        OneJob(boolean quarantined, String id, String sender, String content, String... recipients) {
            this.recipients = List.of(recipients).stream().map(Address::parse).toList();
            this.message = new QueuedMessage(
                    new QueueId(id),
                    ARRIVED,
                    quarantined ? envelope(sender).quarantine() : envelope(sender),
                    MessageContent.of(
                            content.replace("\r\n", "\n").replace("\n", "\r\n").getBytes(UTF_8)));
        }

        private Envelope envelope(String sender) {
            return new Envelope(
                    sender.isEmpty() ? Optional.empty() : Optional.of(Address.parse(sender)), recipients, false, false);
        }

        @Override
        public Optional<DeliveryAgent.Job> next() {
            boolean first = !given;
            given = true;
            return first ? Optional.of(this) : Optional.empty();
        }

        @Override
        public QueuedMessage message() {
            return message;
        }

        @Override
        public List<Address> recipients() {
            return recipients;
        }

        @Override
        public void settle(Address recipient, DeliveryOutcome outcome) {
            outcomes.add(outcome);
        }
    }

    private static String lines(String... lines) {
        return String.join("\r\n", lines) + "\r\n";
    }

    private DeliveryOutcome deliver(String name, OneJob job) {
        agent.deliver(Destination.mailbox(name), job);
        assertThat(job.outcomes).hasSize(job.recipients.size());
        return job.outcomes.getFirst();
    }

    @Test
    void givesNobodyTheMailOfAFormerAccount() throws Exception {
        removed = ARRIVED;
        assertThat(deliver(
                        ALICE.toString(),
                        new OneJob("A0000000001", "bob@example.org", "Subject: old\n\n", ALICE.toString())))
                .isInstanceOfSatisfying(
                        DeliveryOutcome.Failed.class,
                        failed -> assertThat(failed.text()).isEqualTo("User unknown"));
        assertThat(inbox()).isEmpty();
    }

    private List<String> inbox() throws Exception {
        return texts(MailboxName.INBOX);
    }

    private List<String> texts(MailboxName name) throws Exception {
        try (AccountMail mail = store.open(ALICE);
                Mailbox inbox = mail.select(name)) {
            List<String> texts = new ArrayList<>();
            for (Message message : inbox.messages()) {
                assertThat(message.internalDate()).isEqualTo(ARRIVED.toEpochMilli());
                texts.add(new String(
                        inbox.content(message.uid()).orElseThrow().open().readAllBytes(), UTF_8));
            }
            return texts;
        }
    }

    @Test
    void putsReturnPathAndDeliveredToBeforeTheMessage() throws Exception {
        DeliveryOutcome outcome = deliver(
                "alice@posthorn.test",
                new OneJob("A0000000001", "bob@example.org", "Subject: x\n\nbody\n", "alice@posthorn.test"));
        assertThat(outcome).isInstanceOf(DeliveryOutcome.Delivered.class);
        assertThat(outcome.status()).hasToString("2.0.0");
        assertThat(inbox())
                .containsExactly(lines(
                        "Return-Path: <bob@example.org>",
                        "Delivered-To: alice@posthorn.test",
                        "Subject: x",
                        "",
                        "body"));
    }

    @Test
    void nullSenderIsKeptAsEmptyReturnPath() throws Exception {
        deliver("alice@posthorn.test", new OneJob("A0000000001", "", "Subject: x\n\n", "alice+tag@posthorn.test"));
        assertThat(inbox())
                .singleElement()
                .asString()
                .startsWith(lines(
                        "Return-Path: <>",
                        "Delivered-To: alice@posthorn.test",
                        "X-Original-To: alice+tag@posthorn.test"));
    }

    @Test
    void severalAddressesOfAnAccountGetOneCopy() throws Exception {
        deliver(
                "alice@posthorn.test",
                new OneJob("A0000000001", "", "Subject: x\n\n", "alice@posthorn.test", "alice+a@posthorn.test"));
        assertThat(inbox()).hasSize(1);
    }

    @Test
    void repeatingADeliveryAfterACrashDoesNothing() throws Exception {
        for (int i = 0; i < 3; i++) {
            DeliveryOutcome outcome = deliver(
                    "alice@posthorn.test", new OneJob("A0000000001", "", "Subject: x\n\n", "alice@posthorn.test"));
            assertThat(outcome).isInstanceOf(DeliveryOutcome.Delivered.class);
        }
        assertThat(inbox()).hasSize(1);
    }

    @Test
    void unknownAccountFailsForGood() throws Exception {
        DeliveryOutcome outcome =
                deliver("carol@posthorn.test", new OneJob("A0000000001", "", "Subject: x\n\n", "carol@posthorn.test"));
        assertThat(outcome).isInstanceOf(DeliveryOutcome.Failed.class);
        assertThat(outcome.status()).hasToString("5.1.1");
        try (var accounts = Files.list(directory)) {
            assertThat(accounts).isEmpty();
        }
    }

    @Test
    void mailThatTheAccountHasHadAlreadyIsALoop() throws Exception {
        String header = "X-Long: " + "y".repeat(20_000) + "\nDELIVERED-TO:  Alice@Posthorn.Test \n";
        DeliveryOutcome outcome = deliver(
                "alice@posthorn.test", new OneJob("A0000000001", "", header + "\nbody\n", "alice@posthorn.test"));
        assertThat(outcome).isInstanceOf(DeliveryOutcome.Failed.class);
        assertThat(outcome.status()).hasToString("5.4.6");
        assertThat(inbox()).isEmpty();
    }

    @Test
    void deliveredToOfOthersAndInTheBodyIsNoLoop() throws Exception {
        String text = lines(
                "Delivered-To: bob@posthorn.test",
                "Delivered-To",
                "X-Delivered-To: alice@posthorn.test",
                "",
                "Delivered-To: alice@posthorn.test");
        assertThat(deliver("alice@posthorn.test", new OneJob("A0000000001", "", text, "alice@posthorn.test")))
                .isInstanceOf(DeliveryOutcome.Delivered.class);
    }

    private static String bounce(String before, int recipients) {
        StringBuilder fields = new StringBuilder("Reporting-MTA: dns; mx.example.net\n");
        for (int i = 0; i < recipients; i++) {
            fields.append("\nFinal-Recipient: rfc822; u")
                    .append(i)
                    .append("@example.net\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no such user\n");
        }
        return lines(
                "From: MAILER-DAEMON@mx.example.net",
                "MIME-Version: 1.0",
                "Content-Type: multipart/report; report-type=delivery-status; boundary=q",
                "",
                before,
                "--q",
                "Content-Type: message/delivery-status",
                "",
                fields.toString(),
                "--q--",
                "");
    }

    @Test
    void saysWhatABounceIsAbout() {
        deliver("alice@posthorn.test", new OneJob("A0000000001", "", bounce("", 1), "alice@posthorn.test"));
        assertThat(log.lines())
                .containsExactly(
                        "local A0000000001: bounce-for [account, alice@posthorn.test, recipient, u0@example.net,"
                                + " action, failed, status, 5.1.1, said, 550 no such user]");
    }

    @Test
    void saysSoOfTenRecipientsAndHowManyMore() {
        deliver("alice@posthorn.test", new OneJob("A0000000001", "", bounce("", 12), "alice@posthorn.test"));
        assertThat(log.lines()).hasSize(11);
        assertThat(log.lines().getLast())
                .isEqualTo("local A0000000001: bounce-for [account, alice@posthorn.test, further-recipients, 2]");
    }

    @Test
    void looksForBouncesInTheBeginningOfMailWithoutSenderAlone() {
        deliver("alice@posthorn.test", new OneJob("A0000000001", "bob@x.test", bounce("", 1), "alice@posthorn.test"));
        deliver("alice@posthorn.test", new OneJob("A0000000002", "", "Subject: x\n\n", "alice@posthorn.test"));
        assertThat(log.lines()).isEmpty();
        String far = "an octet\n".repeat(256 * 1024 / 10);
        deliver("alice@posthorn.test", new OneJob("A0000000003", "", bounce(far, 1), "alice@posthorn.test"));
        assertThat(log.lines())
                .containsExactly("local A0000000003: bounce-for [account, alice@posthorn.test, recipient, unknown]");
    }

    @Test
    void mailboxThatCannotBeWrittenIsTriedAgain() throws Exception {
        Files.writeString(directory.resolve("alice@posthorn.test"), "a file where a directory should be");
        DeliveryOutcome outcome =
                deliver("alice@posthorn.test", new OneJob("A0000000001", "", "Subject: x\n\n", "alice@posthorn.test"));
        assertThat(outcome).isInstanceOf(DeliveryOutcome.Deferred.class);
        assertThat(outcome.status()).hasToString("4.3.0");
    }

    @Test
    void putsSuspiciousMailIntoTheMailboxForJunk() throws Exception {
        MailboxName spam = MailboxName.parse("Filed/Spam", '/');
        OneJob first = new OneJob(true, "A0000000001", "", "Subject: x\n\n", "alice@posthorn.test");
        deliver("alice@posthorn.test", first);
        assertThat(texts(MailboxName.parse("Junk", '/'))).hasSize(1);
        try (AccountMail mail = store.open(ALICE)) {
            mail.rename(MailboxName.parse("Junk", '/'), spam);
        }
        deliver("alice@posthorn.test", new OneJob(true, "A0000000002", "", "Subject: y\n\n", "alice@posthorn.test"));
        assertThat(texts(spam)).hasSize(2);
        try (AccountMail mail = store.open(ALICE)) {
            mail.delete(spam);
        }
        deliver("alice@posthorn.test", new OneJob(true, "A0000000003", "", "Subject: z\n\n", "alice@posthorn.test"));
        assertThat(texts(MailboxName.parse("Junk", '/'))).hasSize(1);
        assertThat(inbox()).isEmpty();
        try (AccountMail mail = store.open(ALICE)) {
            assertThat(mail.find(MailboxName.parse("Junk", '/')).orElseThrow().specialUse())
                    .contains(SpecialUse.JUNK);
        }
    }
}
