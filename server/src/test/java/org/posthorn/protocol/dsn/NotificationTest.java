package org.posthorn.protocol.dsn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.Message;
import org.apache.james.mime4j.dom.Multipart;
import org.apache.james.mime4j.dom.SingleBody;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.junit.jupiter.api.Test;
import org.posthorn.mail.Address;
import org.posthorn.mail.MessageContent;
import org.posthorn.protocol.smtp.EnhancedStatus;

class NotificationTest {
    private static final String ORIGINAL = "From: alice@example.net\r\nSubject: x\r\n\r\nHello\r\n";
    private static final Instant ARRIVED = Instant.parse("2026-11-03T05:06:07Z");

    private static RecipientStatus unknownUser(String recipient) {
        return new RecipientStatus(
                Address.parse(recipient),
                EnhancedStatus.parse("5.1.1"),
                Optional.of("mx.example.org"),
                "550 5.1.1 no such user",
                true);
    }

    private static DeliveryReport report(DeliveryReport.Action action, RecipientStatus... recipients) {
        return new DeliveryReport(
                action,
                "mail.example.net",
                "0ABCDEFGHIJK",
                Address.parse("alice@example.net"),
                Address.parse("MAILER-DAEMON@example.net"),
                ARRIVED,
                ARRIVED.plusSeconds(60),
                action == DeliveryReport.Action.DELAYED ? Optional.of(ARRIVED.plusSeconds(86400)) : Optional.empty(),
                List.of(recipients));
    }

    private static byte[] write(DeliveryReport report, String original) throws IOException {
        MessageContent content = MessageContent.of(original.getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Notification.of(report, content, 4096, "UNIQUE1", ARRIVED.plusSeconds(61))
                .writeTo(out);
        return out.toByteArray();
    }

    private static Message parse(byte[] bytes) throws IOException {
        return new DefaultMessageBuilder().parseMessage(new ByteArrayInputStream(bytes));
    }

    private static List<Entity> parts(byte[] bytes) throws IOException {
        return ((Multipart) parse(bytes).getBody()).getBodyParts();
    }

    private static String text(Entity entity) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ((SingleBody) entity.getBody()).writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void isAReportOfThreeParts() throws IOException {
        byte[] bytes = write(report(DeliveryReport.Action.FAILED, unknownUser("bob@example.org")), ORIGINAL);
        Message message = parse(bytes);
        assertThat(message.getMimeType()).isEqualTo("multipart/report");
        assertThat(message.getHeader().getField("Content-Type").getBody()).contains("report-type=delivery-status");
        assertThat(message.getHeader().getField("Auto-Submitted").getBody()).isEqualTo("auto-replied");
        assertThat(message.getHeader().getField("From").getBody())
                .isEqualTo("Mail Delivery System <MAILER-DAEMON@example.net>");
        assertThat(message.getHeader().getField("To").getBody()).isEqualTo("<alice@example.net>");
        assertThat(message.getHeader().getField("Date").getBody()).isEqualTo("Tue, 3 Nov 2026 05:07:08 +0000");
        assertThat(parts(bytes))
                .extracting(Entity::getMimeType)
                .containsExactly("text/plain", "message/delivery-status", "message/rfc822");
    }

    @Test
    void fieldsSayWhatRfc3464Asks() throws IOException {
        byte[] bytes = write(
                report(DeliveryReport.Action.FAILED, unknownUser("bob@example.org"), unknownUser("carol@example.org")),
                ORIGINAL);
        assertThat(text(parts(bytes).get(1))).isEqualTo("""
                        Reporting-MTA: dns; mail.example.net
                        X-Posthorn-Queue-ID: 0ABCDEFGHIJK
                        X-Posthorn-Sender: rfc822; alice@example.net
                        Arrival-Date: Tue, 3 Nov 2026 05:06:07 +0000

                        Final-Recipient: rfc822; bob@example.org
                        Action: failed
                        Status: 5.1.1
                        Remote-MTA: dns; mx.example.org
                        Diagnostic-Code: smtp; 550 5.1.1 no such user
                        Last-Attempt-Date: Tue, 3 Nov 2026 05:07:07 +0000

                        Final-Recipient: rfc822; carol@example.org
                        Action: failed
                        Status: 5.1.1
                        Remote-MTA: dns; mx.example.org
                        Diagnostic-Code: smtp; 550 5.1.1 no such user
                        Last-Attempt-Date: Tue, 3 Nov 2026 05:07:07 +0000
                        """.replace("\n", "\r\n"));
    }

    @Test
    void aDelaySaysUntilWhenAndReturnsTheHeaderOnly() throws IOException {
        byte[] bytes = write(report(DeliveryReport.Action.DELAYED, unknownUser("bob@example.org")), ORIGINAL);
        List<Entity> parts = parts(bytes);
        assertThat(text(parts.get(0)).replaceAll("\\s+", " "))
                .contains("THIS IS ONLY A WARNING")
                .contains("until Wed, 4 Nov 2026");
        assertThat(text(parts.get(1)))
                .contains("Action: delayed\r\n")
                .contains("Will-Retry-Until: Wed, 4 Nov 2026 05:06:07 +0000");
        assertThat(parts.get(2).getMimeType()).isEqualTo("text/rfc822-headers");
        assertThat(text(parts.get(2))).isEqualTo("From: alice@example.net\r\nSubject: x\r\n");
    }

    @Test
    void ofALargeMessageOnlyTheHeaderGoesBack() throws IOException {
        byte[] bytes = write(
                report(DeliveryReport.Action.FAILED, unknownUser("bob@example.org")), ORIGINAL + "x".repeat(5000));
        assertThat(parts(bytes).get(2).getMimeType()).isEqualTo("text/rfc822-headers");
        assertThat(bytes).hasSizeLessThan(3000);
    }

    @Test
    void aHeaderBeyondTheLimitIsCutAtALine() throws IOException {
        String huge = "X: y\r\n".repeat(3000) + "\r\nbody";
        byte[] bytes = write(report(DeliveryReport.Action.FAILED, unknownUser("bob@example.org")), huge);
        String returned = text(parts(bytes).get(2));
        assertThat(returned.length()).isBetween(4000, 4096);
        assertThat(returned.replace("X: y\r\n", "")).isEmpty();
    }

    @Test
    void explainsInWordsThatAPersonUnderstands() throws IOException {
        byte[] bytes = write(report(DeliveryReport.Action.FAILED, unknownUser("bob@example.org")), ORIGINAL);
        assertThat(text(parts(bytes).get(0)))
                .contains("<bob@example.org>")
                .contains("There is no such address")
                .contains("mx.example.org said: 550 5.1.1 no such user")
                .contains("postmaster@example.net");
    }

    @Test
    void usesTheUtf8FormsForUtf8Addresses() throws IOException {
        byte[] bytes = write(report(DeliveryReport.Action.FAILED, unknownUser("b\u00f6b@example.org")), ORIGINAL);
        assertThat(parts(bytes))
                .extracting(Entity::getMimeType)
                .containsExactly("text/plain", "message/global-delivery-status", "message/global");
        String all = new String(bytes, StandardCharsets.UTF_8);
        assertThat(all)
                .contains("report-type=global-delivery-status")
                .contains("Final-Recipient: utf-8; b\u00f6b@example.org")
                .contains("Content-Transfer-Encoding: 8bit");
    }

    @Test
    void noServersWordsCanForgeAFieldOrAPart() throws IOException {
        RecipientStatus evil = new RecipientStatus(
                Address.parse("bob@example.org"),
                EnhancedStatus.parse("5.0.0"),
                Optional.empty(),
                "550 x\r\nAction: delivered\r\n\r\n--=_posthorn_UNIQUE1--\u00e4" + "y".repeat(5000),
                true);
        byte[] bytes = write(report(DeliveryReport.Action.FAILED, evil), ORIGINAL);
        String fields = text(parts(bytes).get(1));
        assertThat(fields.lines().filter(line -> line.startsWith("Action:"))).containsExactly("Action: failed");
        assertThat(fields.chars().allMatch(c -> c < 0x80)).isTrue();
        assertThat(parts(bytes)).hasSize(3);
        assertThat(new String(bytes, StandardCharsets.UTF_8).lines()).allMatch(line -> line.length() <= 998);
    }

    /** RFC 5322 2.1.1 counts octets. */
    @Test
    void noWordOfAServerMakesALineTooLong() throws IOException {
        RecipientStatus endless = new RecipientStatus(
                Address.parse("b\u00f6b@example.org"),
                EnhancedStatus.parse("5.0.0"),
                Optional.empty(),
                "550 " + "\ud83d\udc10".repeat(3000),
                true);
        byte[] bytes = write(report(DeliveryReport.Action.FAILED, endless), ORIGINAL);
        assertThat(new String(bytes, StandardCharsets.ISO_8859_1).lines()).allMatch(line -> line.length() <= 998);
    }

    /** RFC 6533 4, RFC 6532 3.7: such a header has no place in message/rfc822, and base64 is what every server takes. */
    @Test
    void anOriginalWithUtf8InItsHeaderIsMessageGlobal() throws IOException {
        String original = "From: alice@example.net\r\nSubject: Gr\u00fc\u00dfe\r\n\r\nHallo\r\n";
        DeliveryReport failed = report(DeliveryReport.Action.FAILED, unknownUser("bob@example.org"));
        byte[] bytes = write(failed, original);
        assertThat(new String(bytes, StandardCharsets.UTF_8))
                .contains("report-type=delivery-status", "Content-Type: message/delivery-status\r\n\r\n")
                .contains("Content-Type: message/global\r\nContent-Transfer-Encoding: base64\r\n\r\n")
                .matches(text -> text.chars().allMatch(c -> c < 0x80), "is seven bits");
        String encoded = new String(bytes, StandardCharsets.US_ASCII)
                .replaceAll("(?s).*base64\r\n\r\n(.*)\r\n--=_posthorn.*", "$1");
        assertThat(new String(Base64.getMimeDecoder().decode(encoded), StandardCharsets.UTF_8))
                .isEqualTo(original);
        DeliveryReport delayed = report(DeliveryReport.Action.DELAYED, unknownUser("bob@example.org"));
        assertThat(new String(write(delayed, original), StandardCharsets.UTF_8))
                .contains("Content-Type: message/global-headers\r\nContent-Transfer-Encoding: base64\r\n\r\n");
    }

    /** Nobody may encode message/rfc822 (RFC 2046 5.2.1), and a server without 8BITMIME would get it otherwise. */
    @Test
    void ofAnOriginalWithOtherEightBitTextInItsHeaderThatGoesBackAsText() throws IOException {
        MessageContent content =
                MessageContent.of("Subject: Gr\u00fc\u00dfe\r\n\r\nHallo\r\n".getBytes(StandardCharsets.ISO_8859_1));
        Notification notification = Notification.of(
                report(DeliveryReport.Action.FAILED, unknownUser("bob@example.org")), content, 4096, "U", ARRIVED);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        notification.writeTo(out);
        assertThat(notification.isEightBit()).isTrue();
        assertThat(out.toString(StandardCharsets.ISO_8859_1))
                .contains(
                        "Content-Type: text/rfc822-headers\r\nContent-Transfer-Encoding: 8bit\r\n\r\nSubject: Gr\u00fc\u00dfe")
                .doesNotContain("Hallo");
    }

    @Test
    void saysWhenItNeedsEightBits() throws IOException {
        DeliveryReport report = report(DeliveryReport.Action.FAILED, unknownUser("bob@example.org"));
        for (String original : List.of(ORIGINAL, ORIGINAL + "\u00e4", "Subject: \u00e4\r\n\r\n\u00e4")) {
            MessageContent content = MessageContent.of(original.getBytes(StandardCharsets.UTF_8));
            Notification notification = Notification.of(report, content, 4096, "U", ARRIVED);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            notification.writeTo(out);
            boolean eightBit = out.toString(StandardCharsets.ISO_8859_1).chars().anyMatch(c -> c >= 0x80);
            assertThat(notification.isEightBit()).isEqualTo(eightBit);
        }
    }

    @Test
    void anOriginalOfTheLimitGoesBackWhole() throws IOException {
        DeliveryReport report = report(DeliveryReport.Action.FAILED, unknownUser("bob@example.org"));
        String original = ORIGINAL + "x".repeat(4096 - ORIGINAL.length());
        assertThat(parts(write(report, original)).get(2).getMimeType()).isEqualTo("message/rfc822");
        assertThat(parts(write(report, original + "x")).get(2).getMimeType()).isEqualTo("text/rfc822-headers");
        assertThat(new String(write(report, original), StandardCharsets.UTF_8))
                .contains("Content-Description: Undelivered message\r\n");
        assertThat(new String(write(report, original + "x"), StandardCharsets.UTF_8))
                .contains("Content-Description: Undelivered message header\r\n");
    }

    /** A field of one letter is more than an empty line. */
    @Test
    void theHeaderEndsAtItsEmptyLine() throws IOException {
        DeliveryReport delayed = report(DeliveryReport.Action.DELAYED, unknownUser("bob@example.org"));
        assertThat(text(parts(write(delayed, "A: b\nc\n\nbody\n")).get(2))).isEqualTo("A: b\nc\n");
        assertThat(text(parts(write(delayed, "A: b\r\nc\r\n\r\nbody\r\n")).get(2)))
                .isEqualTo("A: b\r\nc\r\n");
    }

    @Test
    void theHeaderSaysWhatKindOfMailItIs() throws IOException {
        DeliveryReport failed = report(DeliveryReport.Action.FAILED, unknownUser("bob@example.org"));
        assertThat(new String(write(failed, ORIGINAL), StandardCharsets.UTF_8)).startsWith("""
                Date: Tue, 3 Nov 2026 05:07:08 +0000
                From: Mail Delivery System <MAILER-DAEMON@example.net>
                To: <alice@example.net>
                Subject: Undelivered Mail Returned to Sender
                Message-ID: <UNIQUE1@mail.example.net>
                Auto-Submitted: auto-replied
                MIME-Version: 1.0
                Content-Type: multipart/report; report-type=delivery-status;
                 boundary="=_posthorn_UNIQUE1"

                This is a MIME-encapsulated message.
                """.replace("\n", "\r\n"));
        DeliveryReport delayed = report(DeliveryReport.Action.DELAYED, unknownUser("bob@example.org"));
        assertThat(new String(write(delayed, ORIGINAL), StandardCharsets.UTF_8))
                .contains("\r\nSubject: Delayed Mail (still being retried)\r\n");
    }

    private static String explained(String status, String words, boolean fromServer) throws IOException {
        RecipientStatus recipient = new RecipientStatus(
                Address.parse("bob@example.org"), EnhancedStatus.parse(status), Optional.empty(), words, fromServer);
        return text(parts(write(report(DeliveryReport.Action.FAILED, recipient), ORIGINAL))
                .getFirst());
    }

    @Test
    void saysWhoseWordsTheyAre() throws IOException {
        assertThat(explained("4.4.7", "given up", false))
                .contains("\r\n    We have tried for as long as we may.\r\n    Details: given up\r\n\r\n");
        assertThat(explained("5.7.1", "550 no", true))
                .contains("\r\n    The mail server said: 550 no\r\n")
                .endsWith("-- \r\nPosthorn at mail.example.net\r\n");
    }

    @Test
    void aReportHasRecipients() {
        assertThatIllegalArgumentException().isThrownBy(() -> report(DeliveryReport.Action.FAILED));
    }

    @Test
    void linesAreOf76CharactersAndWordsOf200() {
        String fits = "a".repeat(37) + " " + "b".repeat(38);
        assertThat(LineFolding.wrap(fits)).containsExactly(fits);
        assertThat(LineFolding.wrap(fits + "b")).containsExactly("a".repeat(37), "b".repeat(39));
        assertThat(LineFolding.wrap("a".repeat(100) + " b")).containsExactly("a".repeat(100), "b");
        assertThat(LineFolding.clean("a".repeat(200), true)).isEqualTo("a".repeat(200));
        assertThat(LineFolding.clean("a".repeat(401), true)).isEqualTo("a".repeat(200) + " " + "a".repeat(200) + " a");
        assertThat(LineFolding.clean("a".repeat(150) + " " + "b".repeat(150), true))
                .hasSize(301);
        assertThat(LineFolding.clean("ab ".repeat(400), true)).hasSize(1_000);
        assertThat(LineFolding.clean("\u00fc\u007f\u0080\u0085x~", true)).isEqualTo("\u00fc   x~");
        assertThat(LineFolding.clean("\u00fcx", false)).isEqualTo("?x");
    }

    @Test
    void wordsBeyondAsciiMakeTheExplanationUtf8() throws IOException {
        RecipientStatus words = new RecipientStatus(
                Address.parse("bob@example.org"),
                EnhancedStatus.parse("5.1.1"),
                Optional.empty(),
                "unbekannt: gr\u00fcn",
                true);
        byte[] bytes = write(report(DeliveryReport.Action.FAILED, words), ORIGINAL);
        assertThat(new String(bytes, StandardCharsets.UTF_8))
                .contains("\r\n boundary=\"=_posthorn_UNIQUE1\"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n")
                .contains(
                        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nYour message")
                .contains("said: unbekannt: gr\u00fcn")
                .contains("Diagnostic-Code: smtp; unbekannt: gr?n");
        assertThat(new String(
                        write(report(DeliveryReport.Action.FAILED, unknownUser("bob@example.org")), ORIGINAL),
                        StandardCharsets.UTF_8))
                .contains(
                        "Content-Description: Notification\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nYour message")
                .contains(
                        "Content-Description: Delivery report\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA");
    }
}
