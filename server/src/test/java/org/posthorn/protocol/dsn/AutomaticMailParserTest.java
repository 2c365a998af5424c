package org.posthorn.protocol.dsn;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.posthorn.mail.MessageContent;
import org.posthorn.protocol.smtp.EnhancedStatus;
import org.posthorn.testing.Conformance;

class AutomaticMailParserTest {
    private static AutomaticMail parse(String... lines) throws IOException {
        return AutomaticMailParser.parse(MessageContent.of((String.join("\r\n", lines) + "\r\n").getBytes(ISO_8859_1)));
    }

    /** As large receivers have written it (RFC 3464 2.1 wants an empty line between). */
    @Test
    void tellsRecipientsApartWithoutAnEmptyLine() throws IOException {
        AutomaticMail mail = parse(
                "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
                "",
                "--b",
                "Content-Type: message/delivery-status",
                "",
                "Reporting-MTA: dns; mx.test",
                "Original-Recipient: rfc822; one@b.test",
                "Final-Recipient: rfc822; one@c.test",
                "Status: 5.2.2",
                "Original-Recipient: rfc822; two@b.test",
                "Final-Recipient: rfc822; two@c.test",
                "Status: 5.1.1",
                "--b--");
        assertThat(mail)
                .isInstanceOfSatisfying(
                        AutomaticMail.Bounce.class,
                        bounce -> assertThat(bounce.recipients().stream()
                                        .map(who -> who.address() + " "
                                                + who.original().orElse("")))
                                .containsExactly("one@c.test one@b.test", "two@c.test two@b.test"));
    }

    @Test
    void readsStatusFieldsOfEachRecipient() throws IOException {
        AutomaticMail mail = parse(
                "From: Mail Delivery System <MAILER-DAEMON@mx.example.org>",
                "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
                "",
                "--b",
                "",
                "Sorry.",
                "--b",
                "Content-Type: message/delivery-status",
                "",
                "Reporting-MTA: dns; mx.example.org",
                "",
                "Final-Recipient: rfc822; anna@example.net",
                "Original-Recipient: rfc822;berta@example.org",
                "Action: failed (really)",
                "Status: 5.1.1 (no such user)",
                "Remote-MTA: dns; mail.example.net",
                "Diagnostic-Code: smtp; 550 5.1.1 No such",
                "  user",
                "",
                "",
                "Final-Recipient: rfc822;carl@example.net",
                "Action: delayed",
                "Status: 4.4.1",
                "--b--");

        assertThat(mail)
                .isEqualTo(new AutomaticMail.Bounce(
                        true,
                        Optional.of("mx.example.org"),
                        List.of(
                                new AutomaticMail.Recipient(
                                        "anna@example.net",
                                        Optional.of("berta@example.org"),
                                        AutomaticMail.Action.FAILED,
                                        Optional.of(EnhancedStatus.parse("5.1.1")),
                                        Optional.of("mail.example.net"),
                                        "550 5.1.1 No such  user"),
                                new AutomaticMail.Recipient(
                                        "carl@example.net",
                                        Optional.empty(),
                                        AutomaticMail.Action.DELAYED,
                                        Optional.of(EnhancedStatus.parse("4.4.1")),
                                        Optional.empty(),
                                        ""))));
    }

    @Test
    void recognisesBounceOfQmailByItsWords() throws IOException {
        AutomaticMail mail = parse(
                "Return-Path: <>",
                "From: MAILER-DAEMON@example.org",
                "Subject: failure notice",
                "",
                "Hi. This is the qmail-send program at example.org.",
                "<nobody@example.net>:",
                "192.0.2.1 does not like recipient.",
                "Remote host said: 550 5.1.1 no such user");

        assertThat(mail)
                .isEqualTo(new AutomaticMail.Bounce(
                        false,
                        Optional.empty(),
                        List.of(new AutomaticMail.Recipient(
                                "nobody@example.net",
                                Optional.empty(),
                                AutomaticMail.Action.FAILED,
                                Optional.of(EnhancedStatus.parse("5.1.1")),
                                Optional.empty(),
                                ""))));
    }

    @Test
    void takesTheRecipientFromTheTextWhereStatusFieldsNameNone() throws IOException {
        AutomaticMail mail = parse(
                "From: postmaster@mx.example.org",
                "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
                "",
                "--b",
                "",
                "Addressed To: anna@example.net",
                "--b",
                "Content-Type: message/delivery-status",
                "",
                "Reporting-MTA: dns; mx.example.org",
                "--b--");
        assertThat(mail).isInstanceOfSatisfying(AutomaticMail.Bounce.class, bounce -> {
            assertThat(bounce.standard()).isTrue();
            assertThat(bounce.reportingMta()).contains("mx.example.org");
            assertThat(bounce.recipients())
                    .extracting(AutomaticMail.Recipient::address)
                    .containsExactly("anna@example.net");
        });
    }

    @Test
    void tellsAutomaticAnswersFromBounces() throws IOException {
        assertThat(parse("Return-Path: <>", "From: a@example.org", "Subject: Automatic reply: Lunch", "", "I am away."))
                .isEqualTo(new AutomaticMail.AutoReply("null reverse-path"));
        assertThat(parse("From: a@example.org", "Auto-Submitted: auto-replied (vacation)", "", "I am away."))
                .isEqualTo(new AutomaticMail.AutoReply("Auto-Submitted"));
    }

    @Test
    void takesMailOfPeopleForWhatItIs() throws IOException {
        assertThat(parse(
                        "From: a@example.org",
                        "Auto-Submitted: no",
                        "Subject: Undeliverable?",
                        "",
                        "550 5.1.1 is what I got"))
                .isInstanceOf(AutomaticMail.Ordinary.class);
        // a bounce that somebody forwards is not his
        assertThat(parse(
                        "From: a@example.org",
                        "Content-Type: multipart/mixed; boundary=o",
                        "",
                        "--o",
                        "",
                        "look at this",
                        "--o",
                        "Content-Type: message/rfc822",
                        "",
                        "From: MAILER-DAEMON@example.net",
                        "Content-Type: multipart/report; report-type=delivery-status; boundary=i",
                        "",
                        "--i",
                        "Content-Type: message/delivery-status",
                        "",
                        "Final-Recipient: rfc822; x@example.net",
                        "--i--",
                        "--o--"))
                .isInstanceOf(AutomaticMail.Ordinary.class);
    }

    @Test
    void readsSoManyRecipientsAndNoMore() throws IOException {
        StringBuilder fields = new StringBuilder("Reporting-MTA: dns; x\r\n");
        for (int i = 0; i < 2 * StatusReader.MAX_RECIPIENTS; i++) {
            fields.append("\r\nFinal-Recipient: rfc822; u").append(i).append("@example.org\r\n");
        }
        assertThat(StatusReader.read(fields.toString().getBytes(ISO_8859_1)).recipients())
                .hasSize(StatusReader.MAX_RECIPIENTS);
    }

    @Test
    void recognisesTheBouncesOfSisimai() throws IOException {
        Map<String, List<String>> kinds = new TreeMap<>();
        List<String> unnamed = new ArrayList<>();
        try (Stream<Path> files = Files.list(Conformance.require("bounces-sisimai"))) {
            for (Path file : files.filter(name -> name.toString().endsWith(".eml"))
                    .sorted()
                    .toList()) {
                AutomaticMail mail = AutomaticMailParser.parse(MessageContent.ofFile(file, 0, Files.size(file)));
                kinds.computeIfAbsent(kind(mail), _ -> new ArrayList<>()).add(String.valueOf(file.getFileName()));
                if (mail instanceof AutomaticMail.Bounce bounce
                        && bounce.recipients().isEmpty()) {
                    unnamed.add(String.valueOf(file.getFileName()));
                }
            }
        }

        assertThat(kinds.get("standard")).as("bounces with status fields").hasSize(180);
        assertThat(kinds.get("vendor")).as("bounces of vendors").hasSize(130);
        assertThat(unnamed)
                .as("bounces that name no recipient")
                .containsExactly(
                        // two addresses where one may stand: the fault that it reports
                        "lhost-exim-52.eml",
                        // a word of one's own server, which knows no recipient
                        "lhost-googleworkspace-01.eml",
                        // a daemon's letter around a bounce that it quotes whole
                        "lhost-postfix-49.eml",
                        "lhost-postfix-50.eml",
                        // "Delivery report unavailable"
                        "lhost-postfix-64.eml",
                        // names the host that could not be reached
                        "lhost-v5sendmail-01.eml");
        assertThat(kinds.get("complaint")).as("feedback reports").hasSize(7);
        // two lists, three notices for programs, three vacations, a program that unsubscribes
        assertThat(kinds.get("automatic")).as("other automatic mail").hasSize(9);
        // a complaint in prose, and a bounce that a person forwards as text
        assertThat(kinds.get("ordinary")).containsExactly("arf-24.eml", "lhost-sendmail-14.eml");
        assertThat(kinds.keySet()).containsExactly("automatic", "complaint", "ordinary", "standard", "vendor");
    }

    private static String kind(AutomaticMail mail) {
        return switch (mail) {
            case AutomaticMail.Bounce bounce -> bounce.standard() ? "standard" : "vendor";
            case AutomaticMail.Complaint _ -> "complaint";
            case AutomaticMail.AutoReply _ -> "automatic";
            case AutomaticMail.Ordinary _ -> "ordinary";
        };
    }

    private static AutomaticMail.Bounce bounce(String... lines) throws IOException {
        return (AutomaticMail.Bounce) parse(lines);
    }

    private static List<String> addresses(AutomaticMail.Bounce bounce) {
        return bounce.recipients().stream()
                .map(AutomaticMail.Recipient::address)
                .toList();
    }

    /** Exim and Google; a hundred of them. */
    @Test
    void readsTheFieldOfFailedRecipients() throws IOException {
        assertThat(addresses(bounce("X-Failed-Recipients: a@b.test,, c@d.test ,", "", "x")))
                .containsExactly("a@b.test", "c@d.test");
        String[] lines = new String[103];
        Arrays.setAll(lines, i -> i == 0 ? "X-Failed-Recipients: u0@b.test," : " u" + i + "@b.test,");
        lines[101] = "";
        lines[102] = "x";
        assertThat(addresses(bounce(lines))).hasSize(100).last().isEqualTo("u99@b.test");
        assertThat(parse("From: a@b.test", "X-Failed-Recipients: ", "", "x"))
                .isInstanceOf(AutomaticMail.Ordinary.class);
    }

    @Test
    void aCodeIsOfTheOnlyRecipient() throws IOException {
        AutomaticMail.Recipient late =
                bounce("From: <>", "", "<a@b.test>:", "4.2.2 full").recipients().getFirst();
        assertThat(late.action()).isEqualTo(AutomaticMail.Action.DELAYED);
        assertThat(late.status()).contains(EnhancedStatus.parse("4.2.2"));
        AutomaticMail.Bounce two = bounce("From: <>", "", "<a@b.test>:", "<c@b.test>:", "5.1.1 unknown");
        assertThat(two.recipients())
                .hasSize(2)
                .allMatch(who -> who.action() == AutomaticMail.Action.UNKNOWN
                        && who.status().isEmpty());
        assertThat(bounce("From: <>", "", "<a@b.test>:").recipients().getFirst().action())
                .isEqualTo(AutomaticMail.Action.UNKNOWN);
    }

    /** What one sign alone does not show, two do. */
    @Test
    void weighsTheSignsOfABounce() throws IOException {
        assertThat(parse("From: Mail Delivery System <x@b.test>", "", "x")).isInstanceOf(AutomaticMail.Bounce.class);
        assertThat(parse("Content-Type: multipart/report; report-type=Delivery-Status; boundary=b", "", "--b--"))
                .isInstanceOf(AutomaticMail.Bounce.class);
        assertThat(parse("Return-Path: <>", "From: a@b.test", "Subject: Undelivered", "", "x"))
                .isInstanceOf(AutomaticMail.Bounce.class);
        assertThat(parse("Return-Path: <>", "From: a@b.test", "", "Your message was returned to sender."))
                .isInstanceOf(AutomaticMail.Bounce.class);
        assertThat(parse("From: Postmaster@b.test", "", "550 no such user here"))
                .isInstanceOf(AutomaticMail.Bounce.class);
        assertThat(parse("From: postmaster@b.test", "", "said 5.7.1 to it")).isInstanceOf(AutomaticMail.Bounce.class);
        assertThat(parse("From: postmaster@b.test", "Subject: bounce", "", "x"))
                .isInstanceOf(AutomaticMail.Bounce.class);
        assertThat(parse("From: postmaster@b.test", "Subject: Hello", "", "How are you?"))
                .isInstanceOf(AutomaticMail.Ordinary.class);
        for (String subject : List.of("Automatic reply: delayed", "AUTO: delayed", "Out of office: delayed")) {
            assertThat(parse("Return-Path: <>", "From: a@b.test", "Subject: " + subject, "", "x"))
                    .isEqualTo(new AutomaticMail.AutoReply("null reverse-path"));
        }
    }

    @Test
    void knowsAutomaticMailByItsFields() throws IOException {
        for (String name :
                List.of("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress", "X-MLServer", "Feedback-ID")) {
            assertThat(parse("From: a@b.test", name + ": x", "", "x")).isEqualTo(new AutomaticMail.AutoReply(name));
        }
        for (String precedence : List.of("Bulk", "junk", "auto_reply")) {
            assertThat(parse("From: a@b.test", "Precedence: " + precedence, "", "x"))
                    .isEqualTo(new AutomaticMail.AutoReply("Precedence"));
        }
        assertThat(parse("From: a@b.test", "Precedence: list", "", "x")).isInstanceOf(AutomaticMail.Ordinary.class);
        assertThat(parse("", "x")).isInstanceOf(AutomaticMail.Ordinary.class);
    }

    private static String[] nested(int depth, String type, String... body) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < depth; i++) {
            lines.addAll(List.of("Content-Type: multipart/mixed; boundary=b" + i, "", "--b" + i));
        }
        lines.addAll(List.of("Content-Type: " + type, ""));
        lines.addAll(List.of(body));
        return lines.toArray(String[]::new);
    }

    @Test
    void looksFiveMultipartsDeep() throws IOException {
        String type = "message/delivery-status";
        String[] fields = {"Reporting-MTA: dns; mx", "", "Final-Recipient: rfc822; a@b.test"};
        assertThat(addresses(bounce(nested(5, type, fields)))).containsExactly("a@b.test");
        assertThat(parse(nested(6, type, fields))).isInstanceOf(AutomaticMail.Ordinary.class);
        assertThat(parse(nested(2, "message/feedback-report", "Feedback-Type: abuse")))
                .isEqualTo(new AutomaticMail.Complaint());
        assertThat(addresses(bounce(nested(1, "message/global-delivery-status", fields))))
                .containsExactly("a@b.test");
        String[] text = nested(5, "text/plain", "550 5.1.1 nobody");
        text[0] = "From: postmaster@b.test\r\n" + text[0];
        assertThat(parse(text)).isInstanceOf(AutomaticMail.Bounce.class);
    }

    @Test
    void reads32KiBOfTextAnd256KiBOfFields() throws IOException {
        String sign = "<a@b.test>:\r\n";
        String filler = ("x".repeat(62) + "\r\n").repeat(512);
        assertThat(filler).hasSize(32_768);
        assertThat(addresses(bounce("From: <>", "", filler.substring(sign.length()) + sign)))
                .containsExactly("a@b.test");
        assertThat(addresses(bounce("From: <>", "", filler + sign))).isEmpty();
        String first = "Reporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; a@b.test\r\n\r\n";
        String group = "Final-Recipient: rfc822; b@b.test\r\nX: " + "x".repeat(900) + "\r\n\r\n";
        int fit = (262_144 - first.length()) / group.length();
        assertThat(addresses(bounce(nested(1, "message/delivery-status", first + group.repeat(fit + 10)))))
                .hasSize(fit + 2);
    }

    private static List<AutomaticMail.Recipient> status(String fields) {
        return StatusReader.read(fields.getBytes(ISO_8859_1)).recipients();
    }

    @Test
    void readsAThousandRecipients() {
        String fields = "Reporting-MTA: dns; x\n\n";
        String recipient = "Final-Recipient: rfc822; a@b.test\n\n";
        assertThat(status(fields + recipient.repeat(1_001))).hasSize(1_000);
        assertThat(status(recipient.repeat(1_001))).hasSize(1_000);
    }

    @Test
    void readsFieldsAsTheyAreWritten() {
        assertThat(status("Final-Recipient: <a@b.test>\n\n\r\n\nFinal-Recipient: rfc822;<>\nAction: Failure"))
                .extracting(AutomaticMail.Recipient::address, AutomaticMail.Recipient::action)
                .containsExactly(
                        tuple("a@b.test", AutomaticMail.Action.UNKNOWN), tuple("", AutomaticMail.Action.FAILED));
        assertThat(status("Original-Recipient: rfc822; a@b.test\nFinal-Recipient: rfc822; a@b.test\n"))
                .containsExactly(new AutomaticMail.Recipient(
                        "a@b.test",
                        Optional.empty(),
                        AutomaticMail.Action.UNKNOWN,
                        Optional.empty(),
                        Optional.empty(),
                        ""));
        assertThat(status(
                        "Original-Recipient: rfc822; a@b.test\nAction: delivered;x\n\nFinal-Recipient: c\nAction: relayed"
                                + "\n\nFinal-Recipient: d\nAction: EXPANDED(list)\n\nFinal-Recipient: e\nAction: odd"))
                .extracting(AutomaticMail.Recipient::action)
                .containsExactly(
                        AutomaticMail.Action.DELIVERED,
                        AutomaticMail.Action.RELAYED,
                        AutomaticMail.Action.EXPANDED,
                        AutomaticMail.Action.UNKNOWN);
        String type = "x".repeat(40);
        assertThat(status("Final-Recipient: a\nDiagnostic-Code: " + type + "; words")
                        .getFirst()
                        .diagnostic())
                .isEqualTo("words");
        assertThat(status("Final-Recipient: a\nDiagnostic-Code: x" + type + "; words")
                        .getFirst()
                        .diagnostic())
                .isEqualTo("x" + type + "; words");
        assertThat(status("Final-Recipient: a\nDiagnostic-Code: ; words")
                        .getFirst()
                        .diagnostic())
                .isEqualTo("; words");
        assertThat(status("Final-Recipient: a\nDiagnostic-Code: " + "x".repeat(1_001))
                        .getFirst()
                        .diagnostic())
                .hasSize(1_000);
    }

    /** The first text counts, decoded; where there is none, the body as it stands. */
    @Test
    void looksForSignsInTheFirstTextDecoded() throws IOException {
        String[] text = nested(5, "text/plain\r\nContent-Transfer-Encoding: base64", "NTUwIDUuMS4xIG5vYm9keQ==");
        text[0] = "From: postmaster@b.test\r\n" + text[0];
        assertThat(parse(text)).isInstanceOf(AutomaticMail.Bounce.class);
        assertThat(parse(
                        "From: postmaster@b.test",
                        "Content-Type: multipart/mixed; boundary=b",
                        "",
                        "--b",
                        "Content-Type: text/plain",
                        "",
                        "Hello",
                        "--b",
                        "Content-Type: text/plain",
                        "",
                        "550 5.1.1 nobody",
                        "--b--"))
                .isInstanceOf(AutomaticMail.Ordinary.class);
        assertThat(parse("From: postmaster@b.test", "Content-Type: x/y", "", "550 5.1.1 nobody"))
                .isInstanceOf(AutomaticMail.Bounce.class);
    }
}
