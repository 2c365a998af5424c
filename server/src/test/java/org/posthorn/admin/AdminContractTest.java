package org.posthorn.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.admin.AdminException.Kind;
import org.posthorn.testing.Keys;

/** What holds for each way to administer: reloading, the queue, keys, reports. */
@ParameterizedClass
@ValueSource(booleans = {false, true})
class AdminContractTest extends AdminContract {
    @Test
    void reloads() throws Exception {
        assertThat(admin.reload()).containsExactly("a remark", "ä");
    }

    @Test
    void listsShowsAndChangesTheQueue() throws Exception {
        String id = parts.queue("a@here.test", "x@far.test", "y@other.test");
        List<QueueAdmin.Message> listed = new ArrayList<>();
        assertThat(admin.queue().list("far.test", 10, listed::add)).isEqualTo(1);
        assertThat(listed).singleElement().satisfies(message -> {
            assertThat(message.id()).isEqualTo(id);
            assertThat(message.arrived()).isEqualTo(Instant.parse("2026-03-03T10:20:30.5Z"));
            assertThat(message.recipients()).containsExactly("x@far.test", "y@other.test");
        });
        QueueAdmin.Details details = admin.queue().show(id);
        assertThat(details.message()).isEqualTo(listed.getFirst());
        assertThat(details.recipients()).hasSize(2);
        QueueAdmin.Changed changed = admin.queue()
                .change(QueueAdmin.Change.DELETE, new QueueAdmin.Selection.Ids(List.of(id, "F0000000000")));
        assertThat(changed).isEqualTo(new QueueAdmin.Changed(1, List.of("F0000000000")));
        assertRefused(Kind.NOT_FOUND, "no message " + id, () -> admin.queue().show(id));
        assertRefused(Kind.INVALID, "not a queue id: what?", () -> admin.queue().show("what?"));
        assertRefused(
                Kind.INVALID,
                "no more",
                () -> admin.queue().change(QueueAdmin.Change.HOLD, new QueueAdmin.Selection.Destination("far.test")));
    }

    private List<String> states() throws Exception {
        return admin.dkim().keys(HERE).stream().map(DkimAdmin.Key::state).toList();
    }

    @Test
    void showsKeysAndWhatTheyWaitFor() throws Exception {
        DkimAdmin.Key key = admin.domains().add(HERE).getFirst();
        assertThat(key.selector()).isEqualTo("rsa202603");
        assertThat(key.algorithm()).isEqualTo("rsa-sha256");
        assertThat(key.since()).isEqualTo(Instant.parse("2026-03-03T10:20:30Z"));
        assertThat(key.waitsFor()).contains("DNS for rsa202603");
        assertThat(key.recordName()).isEqualTo("rsa202603._domainkey.posthorn.test");
        assertThat(key.record()).startsWith("v=DKIM1; ");
        assertThat(key.zoneLine()).startsWith("rsa202603._domainkey.posthorn.test. IN TXT ( \"v=DKIM1; ");
        assertThat(admin.dkim().activate(HERE, Optional.of("rsa202603"))).containsExactly("rsa202603");
        assertThat(admin.dkim().keys(HERE).getFirst().waitsFor()).isEmpty();
        assertRefused(
                Kind.NOT_FOUND, "nowhere.test is not ours", () -> admin.dkim().keys(NOWHERE));
    }

    @Test
    void rotatesActivatesAndRetires() throws Exception {
        admin.domains().add(HERE);
        assertThat(admin.dkim().activate(HERE, Optional.empty())).containsExactly("rsa202603", "ed202603");
        assertRefused(
                Kind.CONFLICT,
                "no key of posthorn.test waits",
                () -> admin.dkim().activate(HERE, Optional.empty()));
        assertRefused(
                Kind.CONFLICT,
                "key ed202603 of posthorn.test is active",
                () -> admin.dkim().activate(HERE, Optional.of("ed202603")));
        List<DkimAdmin.Key> made = admin.dkim().rotate(HERE);
        assertThat(made).extracting(DkimAdmin.Key::selector).containsExactly("rsa202603b", "ed202603b");
        assertThat(states()).containsExactlyInAnyOrder("made", "made", "active", "active");
        admin.dkim().activate(HERE, Optional.of("ed202603b"));
        assertThat(states()).containsExactlyInAnyOrder("made", "active", "active", "retired");
        admin.dkim().retire(HERE, "ed202603b");
        assertThat(states()).containsExactlyInAnyOrder("made", "active", "retired", "retired");
        assertRefused(Kind.CONFLICT, "the last key", () -> admin.dkim().retire(HERE, "rsa202603"));
        for (ThrowingCallable work : List.<ThrowingCallable>of(
                () -> admin.dkim().retire(HERE, "no such/key"),
                () -> admin.dkim().activate(HERE, Optional.of("no such/key")))) {
            assertRefused(Kind.NOT_FOUND, "there is no key no such/key of posthorn.test", work);
        }
        for (ThrowingCallable work : List.<ThrowingCallable>of(
                () -> admin.dkim().rotate(NOWHERE),
                () -> admin.dkim().retire(NOWHERE, "a"),
                () -> admin.dkim().activate(NOWHERE, Optional.empty()))) {
            assertRefused(Kind.NOT_FOUND, "nowhere.test is not ours", work);
        }
    }

    private static String pem() {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder()
                        .encodeToString(Keys.ED25519.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    @Test
    void takesOverAKeyThatSignsElsewhere() throws Exception {
        admin.domains().add(HERE);
        admin.dkim().activate(HERE, Optional.empty());
        Put<DkimAdmin.Key> put = admin.dkim().adopt(HERE, "mail2020", pem());
        assertThat(put.created()).isTrue();
        assertThat(put.value().selector()).isEqualTo("mail2020");
        assertThat(put.value().state()).isEqualTo("active");
        assertThat(states()).containsExactlyInAnyOrder("active", "active", "retired");
        assertThat(admin.dkim().adopt(HERE, "mail2020", pem()))
                .as("it signs already")
                .isEqualTo(new Put<>(put.value(), false));
        assertRefused(
                Kind.EXISTS,
                "has a key with selector ed202603",
                () -> admin.dkim().adopt(HERE, "ed202603", pem()));
        assertRefused(Kind.INVALID, "no private key", () -> admin.dkim().adopt(HERE, "other", "no key"));
        assertRefused(Kind.INVALID, "is not a selector", () -> admin.dkim().adopt(HERE, "no selector", pem()));
        assertRefused(
                Kind.NOT_FOUND, "nowhere.test is not ours", () -> admin.dkim().adopt(NOWHERE, "a", pem()));
    }

    private List<ReportAdmin.Taken> take(String text) throws Exception {
        return admin.reports().take(new ByteArrayInputStream(text.getBytes(US_ASCII)));
    }

    private List<String> described(ReportAdmin.Kind kind, Optional<String> domain, int days) throws Exception {
        List<String> lines = new ArrayList<>();
        admin.reports().describe(new ReportAdmin.Query(kind, domain, days), lines::add);
        return lines;
    }

    private List<String> summarized(ReportAdmin.Kind kind, Optional<String> domain, int days) throws Exception {
        List<String> found = new ArrayList<>();
        assertThat(admin.reports()
                        .summarize(
                                new ReportAdmin.Query(kind, domain, days),
                                json -> found.add(json.text("domain").orElse("") + " "
                                        + json.array("sources").size())))
                .isTrue();
        return found;
    }

    @Test
    void takesReportsInAndSaysWhatBecameOfThem() throws Exception {
        String report = AdminParts.dmarc("7", "example.org", 1);
        assertThat(take(report)).singleElement().satisfies(taken -> {
            assertThat(taken.outcome()).isEqualTo(ReportAdmin.Taken.Outcome.STORED);
            assertThat(taken.text()).isEqualTo("DMARC report 7 of O about example.org");
        });
        assertThat(take(report))
                .extracting(ReportAdmin.Taken::outcome)
                .containsExactly(ReportAdmin.Taken.Outcome.KNOWN);
        assertThat(take("Subject: hello\r\n\r\nno report\r\n")).singleElement().satisfies(taken -> {
            assertThat(taken.outcome()).isEqualTo(ReportAdmin.Taken.Outcome.REFUSED);
            assertThat(taken.text()).startsWith("no report in it");
        });
        assertThat(take("")).extracting(ReportAdmin.Taken::outcome).containsExactly(ReportAdmin.Taken.Outcome.REFUSED);
        assertThat(take("""
                        Content-Type: multipart/report; report-type=feedback-report; boundary=b\r
                        \r
                        --b\r
                        Content-Type: message/feedback-report\r
                        \r
                        Feedback-Type: abuse\r
                        User-Agent: x/1\r
                        Version: 1\r
                        \r
                        --b\r
                        Content-Type: message/rfc822\r
                        \r
                        From: a@example.org\r
                        \r
                        x\r
                        --b--\r
                        """)).singleElement().satisfies(taken -> {
            assertThat(taken.outcome()).isEqualTo(ReportAdmin.Taken.Outcome.SINGLE);
            assertThat(taken.text()).startsWith("abuse report");
        });
    }

    /** 10 MiB, which is 10,485,760 octets. */
    @Test
    void aFileWithReportsHasTenMebibytesAtMost() throws Exception {
        String large = AdminParts.dmarc("8", "example.org", 5_000);
        assertThat(large).hasSizeGreaterThan(1 << 20);
        assertThat(take(large + " ".repeat(10_485_760 - large.length())))
                .extracting(ReportAdmin.Taken::outcome)
                .containsExactly(ReportAdmin.Taken.Outcome.STORED);
        assertThat(summarized(ReportAdmin.Kind.DMARC, Optional.empty(), 30)).containsExactly("example.org 5000");
        assertRefused(
                Kind.TOO_LARGE,
                "a report has at most 10485760 octets",
                () -> take(large + " ".repeat(10_485_761 - large.length())));
        assertRefused(Kind.TOO_LARGE, "at most 10485760 octets", () -> take(" ".repeat(30 << 20)));
    }

    @Test
    void showsReportsByDomainAndAge() throws Exception {
        take(AdminParts.dmarc("7", "example.org", 1));
        take(AdminParts.dmarc("8", "example.net", 50));
        assertThat(described(ReportAdmin.Kind.DMARC, Optional.empty(), 30))
                .contains("example.net: 50 messages in its name from 50 senders, 100 % pass DMARC")
                .contains("example.org: 1 message in its name from 1 sender, 100 % pass DMARC")
                .contains("  and 10 senders more with 10 messages (--json has all)")
                .anyMatch(line -> line.contains("mail.sender.example"));
        assertThat(described(ReportAdmin.Kind.DMARC, Optional.of("example.org"), 30))
                .noneMatch(line -> line.contains("example.net"));
        assertThat(summarized(ReportAdmin.Kind.DMARC, Optional.empty(), 30))
                .containsExactly("example.net 50", "example.org 1");
        assertThat(summarized(ReportAdmin.Kind.DMARC, Optional.of("a b&c"), 30)).isEmpty();
        assertThat(summarized(ReportAdmin.Kind.DMARC, Optional.empty(), 1)).isEmpty();
        assertThat(described(ReportAdmin.Kind.DMARC, Optional.empty(), 1)).isEmpty();
        take("""
                {"organization-name": "Sender", "date-range": {"start-datetime": "2026-03-01T00:00:00Z",
                 "end-datetime": "2026-03-01T23:59:59Z"}, "contact-info": "tls@sender.example", "report-id": "t1",
                 "policies": [{"policy": {"policy-type": "no-policy-found", "policy-domain": "example.org"},
                 "summary": {"total-successful-session-count": 3, "total-failure-session-count": 1}}]}
                """);
        assertThat(described(ReportAdmin.Kind.TLS, Optional.of("example.org"), 30)
                        .getFirst())
                .startsWith("example.org: 4 connections to its servers, ");
        assertThat(summarized(ReportAdmin.Kind.TLS, Optional.empty(), 30)).containsExactly("example.org 0");
        assertThat(summarized(ReportAdmin.Kind.TLS, Optional.of("example.net"), 30))
                .isEmpty();
    }

    /** 1 to 3650. */
    @Test
    void boundsTheDays() throws Exception {
        assertThat(described(ReportAdmin.Kind.TLS, Optional.empty(), 1)).isEmpty();
        assertThat(described(ReportAdmin.Kind.TLS, Optional.empty(), 3650)).isEmpty();
        for (int wrong : new int[] {0, -1, 3651}) {
            assertRefused(
                    Kind.INVALID,
                    "days must be from 1 to 3650",
                    () -> described(ReportAdmin.Kind.DMARC, Optional.empty(), wrong));
            assertRefused(
                    Kind.INVALID,
                    "days must be from 1 to 3650",
                    () -> summarized(ReportAdmin.Kind.TLS, Optional.empty(), wrong));
        }
    }

    @Test
    void sendsWhatIsDueOrOneDay() throws Exception {
        Optional<LocalDate> day = Optional.of(LocalDate.parse("2026-03-01"));
        assertThat(admin.reports().send(ReportAdmin.Kind.DMARC, day)).containsExactly("example.org: sent");
        assertThat(admin.reports().send(ReportAdmin.Kind.DMARC, Optional.empty()))
                .isEmpty();
        assertRefused(
                Kind.CONFLICT,
                "reports.tls.send is not switched on",
                () -> admin.reports().send(ReportAdmin.Kind.TLS, Optional.empty()));
        assertThat(parts.sent).containsExactly("dmarc 2026-03-01", "dmarc due", "tls due");
    }
}
