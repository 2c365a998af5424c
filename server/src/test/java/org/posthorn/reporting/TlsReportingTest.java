package org.posthorn.reporting;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.client.smtp.SmtpHost;
import org.posthorn.client.smtp.TlsOutcome;
import org.posthorn.delivery.remote.AppliedPolicy;
import org.posthorn.delivery.remote.TlsSessions;
import org.posthorn.dns.Answer;
import org.posthorn.dns.FailureKind;
import org.posthorn.dns.RecordType;
import org.posthorn.dns.Resolver;
import org.posthorn.log.MailLog;
import org.posthorn.log.Metrics;
import org.posthorn.mail.Address;
import org.posthorn.mail.MessageContent;
import org.posthorn.protocol.tlsrpt.TlsReport;
import org.posthorn.protocol.tlsrpt.TlsReports;
import org.posthorn.signing.DkimKeyRing;
import org.posthorn.signing.DkimSigners;
import org.posthorn.testing.MemorySpool;
import org.posthorn.testing.SelfSigned;

/** From TLS sessions to the report at its destinations. */
@Timeout(60)
class TlsReportingTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant NEXT_DAY = Instant.parse("2026-03-02T03:00:00Z");
    private static final LocalDate DAY = LocalDate.parse("2026-03-01");
    private static final InstantSource CLOCK = () -> NEXT_DAY;
    private static final Address FROM = Address.parse("tls@example.org");

    @TempDir
    private Path folder;

    private final Metrics metrics = new Metrics();
    private final MemorySpool spool = new MemorySpool();
    private final Map<String, Answer<String>> texts = new HashMap<>();
    private final List<byte[]> posted = new ArrayList<>();
    private final List<String> types = new ArrayList<>();
    private int status = 201;
    private boolean toPrivate = true;
    private ReportStore store;
    private TlsSessionTable table;
    private DkimKeyRing keys;

    private final Resolver dns = new Resolver() {
        @Override
        @SuppressWarnings("unchecked") // TXT and A alone have records
        public <T> Answer<T> ask(RecordType<T> type, String name) {
            if (type.equals(RecordType.A) && name.equals("localhost")) {
                return new Answer.Found<>(List.of((T) InetAddress.getLoopbackAddress()), false);
            }
            return type.equals(RecordType.TXT) && texts.containsKey(name)
                    ? (Answer<T>) texts.get(name)
                    : new Answer.NoSuchName<>();
        }
    };

    @BeforeEach
    void open() throws IOException {
        store = ReportStore.open(folder.resolve("reports.db"));
        table = new TlsSessionTable(store);
        keys = DkimKeyRing.open(folder.resolve("dkim.db"), folder, FROM.domain()::equals, CLOCK);
        keys.makeFirst(FROM.domain());
        keys.keys(FROM.domain()).forEach(keys::activate);
    }

    @AfterEach
    void close() throws IOException {
        keys.close();
        store.close();
    }

    private static TlsSessions.Session session(String domain, Optional<TlsOutcome.Failure> failure) {
        return new TlsSessions.Session(
                domain,
                new AppliedPolicy.NotFound(),
                new SmtpHost("mx." + domain, InetAddress.ofLiteral("192.0.2.25"), 25),
                new TlsOutcome(InetAddress.ofLiteral("192.0.2.1"), failure));
    }

    private static Optional<TlsOutcome.Failure> failure(TlsOutcome.Reason reason, String words) {
        return Optional.of(new TlsOutcome.Failure(reason, words));
    }

    private void observe(TlsSessions.Session... sessions) {
        TlsCollector collector = new TlsCollector(table, metrics, MailLog.none());
        for (TlsSessions.Session session : sessions) {
            collector.observe(session, NOON);
        }
        collector.close();
    }

    private void asks(String domain, String uris) {
        texts.put("_smtp._tls." + domain, new Answer.Found<>(List.of("v=TLSRPTv1; rua=" + uris), false));
    }

    private TlsReporter reporter() {
        ReportingConfig config = new ReportingConfig(
                Set.of(),
                Duration.ofDays(30),
                Optional.empty(),
                ReportingConfig.DmarcReaders.USUAL,
                Optional.of(new ReportingConfig.Author("Example Org", FROM, Optional.empty())),
                toPrivate);
        ReportMailer post =
                new ReportMailer(spool, () -> new DkimSigners(keys::signing, MailLog.none()), MailLog.none());
        return new TlsReporter(() -> config, store, table, () -> dns, post, metrics, MailLog.none());
    }

    private List<String> send(Instant now) throws IOException {
        return reporter().send(now, Optional.empty(), true);
    }

    private HttpsServer web() throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(SelfSigned.shared().server()));
        server.createContext("/v1/tlsrpt", exchange -> {
            types.add(exchange.getRequestMethod() + " "
                    + exchange.getRequestHeaders().getFirst("Content-Type"));
            posted.add(exchange.getRequestBody().readAllBytes());
            exchange.getResponseHeaders().add("Location", "https://localhost/elsewhere");
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    @Test
    void mailsTheDayOnceAsTheRfcHasIt() throws IOException {
        asks("example.com", "mailto:r@example.com");
        observe(
                session("example.com", Optional.empty()),
                session("example.com", Optional.empty()),
                session("example.com", failure(TlsOutcome.Reason.STARTTLS_NOT_SUPPORTED, "")),
                session("example.com", failure(TlsOutcome.Reason.VALIDATION_FAILURE, "handshake\r\nfailure")));

        assertThat(send(NOON)).isEmpty();
        assertThat(send(NEXT_DAY)).containsExactly("example.com 2026-03-01: sent");
        assertThat(send(NEXT_DAY)).isEmpty();

        assertThat(spool.committed).hasSize(1);
        MemorySpool.Committed sent = spool.committed.getFirst();
        assertThat(sent.envelope().sender()).isEmpty();
        assertThat(sent.envelope().addresses()).containsExactly(Address.parse("r@example.com"));
        assertThat(sent.message())
                .startsWith("DKIM-Signature: v=1;")
                .contains(
                        "\r\nSubject: Report Domain: example.com\r\n Submitter: example.org\r\n Report-ID: <20260301.example.com.tls@example.org>\r\n",
                        "\r\nTLS-Report-Domain: example.com\r\n",
                        "\r\nTLS-Report-Submitter: example.org\r\n",
                        "\r\nContent-Type: multipart/report; report-type=\"tlsrpt\";\r\n boundary=",
                        "\r\nContent-Type: application/tlsrpt+gzip\r\n",
                        " filename=\"example.org!example.com!1772323200!1772409599.json.gz\"");

        ReportReader reader = new ReportReader(store, CLOCK, metrics);
        assertThat(reader.mail(MessageContent.of(sent.message().getBytes(ISO_8859_1))))
                .hasOnlyElementsOfType(ReportReader.Outcome.Stored.class);
        TlsReport report =
                reader.tls(Optional.empty(), Instant.EPOCH, 10).toList().getFirst();
        assertThat(report.organization()).isEqualTo("Example Org");
        assertThat(report.contact()).isEqualTo("tls@example.org");
        assertThat(report.begin()).isEqualTo(Instant.parse("2026-03-01T00:00:00Z"));
        assertThat(report.end()).isEqualTo(Instant.parse("2026-03-01T23:59:59Z"));
        TlsReport.PolicyResult result = report.policies().getFirst();
        assertThat(result.type()).isEqualTo(TlsReport.PolicyType.NO_POLICY_FOUND);
        assertThat(result.domain()).isEqualTo("example.com");
        assertThat(List.of(result.successes(), result.failures())).containsExactly(2L, 2L);
        assertThat(result.details())
                .containsExactlyInAnyOrder(
                        detail("starttls-not-supported", Optional.empty()),
                        detail("validation-failure", Optional.of("handshake failure")));
    }

    private static TlsReport.Failure detail(String result, Optional<String> code) {
        return new TlsReport.Failure(
                result,
                Optional.of("192.0.2.1"),
                Optional.of("mx.example.com"),
                Optional.empty(),
                Optional.of("192.0.2.25"),
                1,
                Optional.empty(),
                code);
    }

    @Test
    void uploadsAndRepeatsOnlyWhatFailed() throws IOException {
        HttpsServer web = web();
        try {
            asks(
                    "example.com",
                    "mailto:r@example.com,https://localhost:" + web.getAddress().getPort() + "/v1/tlsrpt");
            observe(session("example.com", Optional.empty()));
            status = 307;
            assertThat(send(NEXT_DAY)).containsExactly("example.com 2026-03-01: deferred");
            status = 500;
            assertThat(send(NEXT_DAY.plusSeconds(900))).containsExactly("example.com 2026-03-01: deferred");
            status = 201;
            assertThat(send(NEXT_DAY.plusSeconds(1800))).containsExactly("example.com 2026-03-01: sent");
            assertThat(send(NEXT_DAY.plusSeconds(2700))).isEmpty();
        } finally {
            web.stop(0);
        }
        assertThat(spool.committed).hasSize(1);
        assertThat(types).hasSize(3).containsOnly("POST application/tlsrpt+gzip");
        byte[] json = new GZIPInputStream(new ByteArrayInputStream(posted.getLast())).readAllBytes();
        assertThat(TlsReports.parse(json).policies().getFirst().successes()).isEqualTo(1);
    }

    @Test
    void waitsLongerAndLongerWhileADestinationFails() throws IOException {
        observe(session("example.com", Optional.empty()));
        HttpsServer web = web();
        try {
            asks("example.com", "https://localhost:" + web.getAddress().getPort() + "/v1/tlsrpt");
            status = 500;
            TlsReporter reporter = reporter();
            reporter.send(NEXT_DAY, Optional.empty(), false);
            reporter.send(NEXT_DAY.plus(Duration.ofMinutes(89)), Optional.empty(), false);
            assertThat(posted).hasSize(1);
            reporter.send(NEXT_DAY.plus(Duration.ofMinutes(90)), Optional.empty(), false);
            reporter.send(NEXT_DAY.plus(Duration.ofMinutes(200)), Optional.empty(), false);
            assertThat(posted).hasSize(2);
        } finally {
            web.stop(0);
        }
        store.forgetObserved(DAY.plusDays(1));
        assertThat(table.due(DAY.plusDays(9))).isEmpty();
    }

    @Test
    void connectsToNobodyInside() throws IOException {
        HttpsServer web = web();
        try {
            int port = web.getAddress().getPort();
            assertThatThrownBy(() -> ReportUpload.to(URI.create("https://localhost:" + port + "/v1/tlsrpt"), false))
                    .hasMessageContaining("port");
            assertThatThrownBy(() -> ReportUpload.to(URI.create("https://localhost/"), false)
                            .send(dns, new byte[1]))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no address that reports go to");
            for (String uri : List.of(
                    "https://127.0.0.1/", "https://[::1]/", "https://a:b@example.com/", "https:///x", "https:x")) {
                assertThatThrownBy(() -> ReportUpload.to(URI.create(uri), true))
                        .isInstanceOf(IllegalArgumentException.class);
            }
        } finally {
            web.stop(0);
        }
        assertThat(posted).isEmpty();
    }

    @Test
    void sendsNothingToThoseWhoDoNotAskAndWaitsForAnAnswer() throws IOException {
        texts.put("_smtp._tls.down.example", new Answer.Failure<>(FailureKind.TIMEOUT, "no answer"));
        observe(session("example.com", Optional.empty()), session("down.example", Optional.empty()));
        assertThat(send(NEXT_DAY))
                .containsExactlyInAnyOrder("example.com 2026-03-01: unwanted", "down.example 2026-03-01: deferred");
        assertThat(store.outcome(ReportStore.Kind.TLS, DAY, "example.com")).contains("unwanted");
        assertThat(table.due(DAY.plusDays(1))).hasSize(1);
    }

    @Test
    void countsOnInTheStoreAfterARestart() throws IOException {
        observe(session("example.com", Optional.empty()));
        store.close();
        store = ReportStore.open(folder.resolve("reports.db"));
        table = new TlsSessionTable(store);
        observe(session("example.com", Optional.empty()));
        assertThat(table.rows(new TlsSessionTable.Due(DAY, "example.com")))
                .extracting(TlsSessionTable.Row::count)
                .containsExactly(2L);
    }

    @Test
    void tellsOnlySoManyFailuresApartButCountsAll() throws IOException {
        TlsSessions.Session[] many = new TlsSessions.Session[TlsSessionTable.MAX_FAILURES + 50];
        for (int i = 0; i < many.length; i++) {
            many[i] = session("example.com", failure(TlsOutcome.Reason.VALIDATION_FAILURE, "number " + i));
        }
        observe(many);
        TlsReport.PolicyResult result = TlsSessionText.results(
                        "example.com", table.rows(new TlsSessionTable.Due(DAY, "example.com")))
                .getFirst();
        assertThat(result.failures()).isEqualTo(many.length);
        assertThat(result.details()).hasSize(TlsSessionTable.MAX_FAILURES);
    }

    @Test
    void letsGoOfWhatDoesNotFitAndOfWhatComesTooLate() throws IOException {
        TlsCollector collector = new TlsCollector(table, metrics, MailLog.none());
        for (int i = 0; i < TlsCollector.MAX_WAITING + 5; i++) {
            collector.observe(session("d" + i + ".example", Optional.empty()), NOON);
        }
        collector.close();
        assertThat(table.due(DAY.plusDays(1))).hasSize(TlsCollector.MAX_WAITING);
        assertThat(lost()).isEqualTo("5");

        table.done(new TlsSessionTable.Due(DAY, "d0.example"), NEXT_DAY, "unwanted");
        observe(session("d0.example", Optional.empty()));
        assertThat(lost()).isEqualTo("6");
    }

    @Test
    void keepsOnlySoManyRowsOfADay() throws IOException {
        table = new TlsSessionTable(store, 2);
        observe(
                session("a.example", Optional.empty()),
                session("b.example", Optional.empty()),
                session("c.example", Optional.empty()));
        assertThat(table.due(DAY.plusDays(1))).hasSize(2);
        assertThat(lost()).isEqualTo("1");
        // what has its row goes on being counted
        TlsSessionTable.Due kept = table.due(DAY.plusDays(1)).getFirst();
        observe(session(kept.domain(), Optional.empty()));
        assertThat(table.rows(kept)).extracting(TlsSessionTable.Row::count).containsExactly(2L);
        assertThat(lost()).isEqualTo("1");
    }

    private String lost() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        metrics.writeTo(text);
        return text.toString(UTF_8).replaceAll("(?s).*\nposthorn_tls_observed_lost_total (\\d+).*", "$1");
    }

    @Test
    void reportsThePoliciesOfOthersApart() {
        List<TlsSessionTable.Row> rows = List.of(
                new TlsSessionTable.Row(
                        TlsSessionText.policy(
                                new AppliedPolicy.Sts(List.of("version: STSv1"), List.of("*.example.com"))),
                        "",
                        3),
                new TlsSessionTable.Row(
                        TlsSessionText.policy(new AppliedPolicy.Dane(List.of("3 1 1 00"))),
                        TlsSessionText.outcome(
                                session("example.com", failure(TlsOutcome.Reason.CERTIFICATE_EXPIRED, "old"))),
                        1));
        assertThat(TlsSessionText.results("example.com", rows))
                .extracting(result -> result.type().word()
                        + result.strings()
                        + result.mxHosts()
                        + result.successes()
                        + result.failures())
                .containsExactly("sts[version: STSv1][*.example.com]30", "tlsa[3 1 1 00][]01");
    }
}
