package org.posthorn.protocol.dmarcreport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.json.Json;
import org.posthorn.json.JsonObject;
import org.posthorn.json.JsonValue;
import org.posthorn.mail.MessageContent;
import org.posthorn.protocol.reportmail.ReportAttachments;
import org.posthorn.testing.Conformance;

/** Reports beside which another implementation's reading lies. */
class MailAuthReportsTest {
    @ParameterizedTest
    @ValueSource(strings = {"002.xml", "005.xml", "102.eml", "103.eml"})
    void readsWhatMailAuthReads(String name) throws IOException {
        Path folder = Conformance.require("reports").resolve("dmarc-mail-auth");
        Path file = folder.resolve(name);
        byte[] xml = name.endsWith(".xml")
                ? Files.readAllBytes(file)
                : ReportAttachments.of(MessageContent.ofFile(file, 0, Files.size(file)))
                        .getFirst()
                        .bytes();
        JsonObject expected = Json.readObject(Files.readString(folder.resolve(name.substring(0, 3) + ".json"), UTF_8));

        AggregateReport report = AggregateReportParser.parse(xml);

        JsonObject metadata = expected.object("report_metadata").orElseThrow();
        assertThat(report.metadata().organization())
                .isEqualTo(metadata.text("org_name").orElseThrow());
        assertThat(report.metadata().email()).isEqualTo(metadata.text("email").orElseThrow());
        assertThat(report.metadata().extraContact()).isEqualTo(metadata.text("extra_contact_info"));
        assertThat(report.metadata().id()).isEqualTo(metadata.text("report_id").orElseThrow());
        JsonObject range = metadata.object("date_range").orElseThrow();
        assertThat(report.metadata().begin().getEpochSecond())
                .isEqualTo(range.integer("begin").orElseThrow());
        assertThat(report.metadata().end().getEpochSecond())
                .isEqualTo(range.integer("end").orElseThrow());

        JsonObject policy = expected.object("policy_published").orElseThrow();
        assertThat(report.policy().domain()).isEqualTo(policy.text("domain").orElseThrow());
        assertThat(report.policy().strictDkim()).isEqualTo(policy.text("adkim").equals(Optional.of("Strict")));
        assertThat(word(report.policy().policy())).isEqualTo(policy.text("p").orElseThrow());
        assertThat(word(report.policy().subdomainPolicy()))
                .isEqualTo(policy.text("sp").orElseThrow());
        assertThat(report.policy().failureOptions()).isEqualTo(policy.text("fo"));
        assertThat(report.policy().testing()).isEqualTo(policy.isTrue("testing"));

        List<JsonValue> records = expected.array("record");
        assertThat(report.records()).hasSameSizeAs(records);
        for (int i = 0; i < records.size(); i++) {
            compare(report.records().get(i), (JsonObject) records.get(i));
        }
    }

    private static void compare(ReportRecord record, JsonObject expected) {
        JsonObject row = expected.object("row").orElseThrow();
        assertThat(record.source().getHostAddress())
                .isEqualTo(row.text("source_ip").orElseThrow());
        assertThat(record.count()).isEqualTo(row.integer("count").orElseThrow());
        JsonObject evaluated = row.object("policy_evaluated").orElseThrow();
        assertThat(word(Optional.of(record.disposition())))
                .isEqualTo(evaluated.text("disposition").orElseThrow());
        assertThat(record.dkimAligned()).isEqualTo(evaluated.text("dkim").equals(Optional.of("Pass")));
        assertThat(record.spfAligned()).isEqualTo(evaluated.text("spf").equals(Optional.of("Pass")));
        // it has no name for the reasons that RFC 9990 has dropped
        assertThat(record.reasons())
                .extracting(OverrideReason::comment)
                .isEqualTo(evaluated.array("reason").stream()
                        .map(reason -> ((JsonObject) reason).text("comment").orElseThrow())
                        .toList());
        JsonObject identifiers = expected.object("identifiers").orElseThrow();
        assertThat(record.headerFrom())
                .isEqualTo(identifiers.text("header_from").orElseThrow());
        assertThat(record.envelopeTo()).isEqualTo(identifiers.text("envelope_to"));
        // it takes an absent one for an empty one
        assertThat(record.envelopeFrom().orElse(""))
                .isEqualTo(identifiers.text("envelope_from").orElseThrow());
        JsonObject results = expected.object("auth_results").orElseThrow();
        assertThat(record.dkim().stream()
                        .map(auth -> auth.domain() + " " + auth.selector() + " " + word(auth.outcome())))
                .isEqualTo(results.array("dkim").stream()
                        .map(JsonObject.class::cast)
                        .map(auth -> auth.text("domain").orElseThrow() + " "
                                + auth.text("selector").orElseThrow() + " "
                                + auth.text("result").orElseThrow())
                        .toList());
        assertThat(record.spf().stream().map(auth -> auth.domain() + " " + auth.ofHelo() + " " + word(auth.outcome())))
                .isEqualTo(results.array("spf").stream()
                        .map(JsonObject.class::cast)
                        .map(auth -> auth.text("domain").orElseThrow() + " "
                                + auth.text("scope").equals(Optional.of("Helo")) + " "
                                + auth.text("result").orElseThrow())
                        .toList());
    }

    private static String word(Optional<DispositionType> disposition) {
        return disposition.map(known -> capital(known.word())).orElse("Unspecified");
    }

    private static String word(AuthOutcome outcome) {
        return capital(outcome.word());
    }

    private static String capital(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
