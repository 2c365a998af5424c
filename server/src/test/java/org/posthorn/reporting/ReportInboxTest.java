package org.posthorn.reporting;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.log.Metrics;
import org.posthorn.mail.Address;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.MessageContent;
import org.posthorn.protocol.smtp.EnhancedStatus;
import org.posthorn.queue.DeliveryAgent;
import org.posthorn.queue.DeliveryOutcome;
import org.posthorn.queue.Destination;
import org.posthorn.queue.QueueId;
import org.posthorn.queue.QueuedMessage;
import org.posthorn.testing.RecordedLog;

class ReportInboxTest {
    private static final Address MAILBOX = Address.parse("dmarc-reports@example.org");
    private static final Address PERSON = Address.parse("anna@example.org");

    private static final String REPORT = "<feedback><report_metadata><org_name>O</org_name><report_id>7</report_id>"
            + "<date_range><begin>1772323200</begin><end>1772409599</end></date_range></report_metadata>"
            + "<policy_published><domain>example.org</domain><p>none</p></policy_published></feedback>";

    @TempDir
    private Path folder;

    private final RecordedLog log = new RecordedLog();

    private record OneJob(QueuedMessage message, List<Address> recipients, List<DeliveryOutcome> outcomes)
            implements DeliveryAgent.Job {
        @Override
        public void settle(Address recipient, DeliveryOutcome outcome) {
            outcomes.add(outcome);
        }
    }

    private static OneJob job(Address recipient, String body) {
        byte[] message = ("Content-Type: application/xml\r\nContent-Disposition: attachment\r\n\r\n" + body)
                .getBytes(ISO_8859_1);
        return new OneJob(
                new QueuedMessage(
                        new QueueId("TESTQUEUE01"),
                        Instant.EPOCH,
                        new Envelope(Optional.empty(), List.of(recipient), false, false),
                        MessageContent.of(message)),
                List.of(recipient),
                new ArrayList<>());
    }

    /** Delivers, or does not, and then looks at what the store holds. */
    private List<String> after(boolean delivered, OneJob... jobs) throws IOException {
        ReportingConfig config = new ReportingConfig(
                Set.of(MAILBOX),
                Duration.ofDays(30),
                Optional.empty(),
                ReportingConfig.DmarcReaders.USUAL,
                Optional.empty(),
                false);
        EnhancedStatus status = EnhancedStatus.parse(delivered ? "2.0.0" : "4.2.2");
        DeliveryOutcome outcome = delivered
                ? new DeliveryOutcome.Delivered("local", status, "ok")
                : new DeliveryOutcome.Deferred("local", status, "full", false);
        DeliveryAgent local = (_, given) -> {
            for (Optional<DeliveryAgent.Job> next = given.next(); next.isPresent(); next = given.next()) {
                DeliveryAgent.Job job = next.get();
                job.recipients().forEach(recipient -> job.settle(recipient, outcome));
            }
        };
        Deque<OneJob> waiting = new ArrayDeque<>(List.of(jobs));
        try (ReportStore store = ReportStore.open(folder.resolve("reports.db"))) {
            ReportReader reader = new ReportReader(store, () -> Instant.parse("2026-03-02T00:00:00Z"), new Metrics());
            try (ReportInbox inbox = new ReportInbox(local, () -> config, reader, new Metrics(), log)) {
                inbox.deliver(
                        Destination.mailbox(jobs[0].recipients().getFirst().toString()),
                        () -> Optional.ofNullable(waiting.poll()));
            }
            for (OneJob job : jobs) {
                assertThat(job.outcomes()).containsExactly(outcome);
            }
            return reader.dmarc(Optional.empty(), Instant.EPOCH, 10)
                    .map(report -> report.metadata().id())
                    .toList();
        }
    }

    @Test
    void readsReportsThatWereDelivered() throws IOException {
        assertThat(after(true, job(MAILBOX, REPORT), job(MAILBOX, REPORT))).containsExactly("7");
        assertThat(log.lines())
                .anyMatch(line -> line.contains("report-stored"))
                .anyMatch(line -> line.contains("report-known"));
    }

    @Test
    void leavesMailForOthersAlone() throws IOException {
        assertThat(after(true, job(PERSON, REPORT))).isEmpty();
    }

    @Test
    void readsNothingThatIsNotDeliveredYet() throws IOException {
        assertThat(after(false, job(MAILBOX, REPORT))).isEmpty();
    }

    @Test
    void deliversWhatItCannotReadAndSaysWhy() throws IOException {
        assertThat(after(true, job(MAILBOX, "<feedback>"))).isEmpty();
        assertThat(log.lines()).anyMatch(line -> line.contains("report-refused") && line.contains("well-formed"));
    }
}
