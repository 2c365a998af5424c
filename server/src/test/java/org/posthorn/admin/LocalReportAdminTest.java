package org.posthorn.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many reports are read for one answer. */
class LocalReportAdminTest {
    @TempDir
    private Path folder;

    /** 5,000, the newest; one more is said. */
    @Test
    void readsTheNewestFiveThousandAndSaysSo() throws Exception {
        try (AdminParts parts = new AdminParts(folder, folder, false)) {
            ReportAdmin reports = parts.admin().reports();
            for (int i = 0; i < 5000; i++) {
                take(reports, i);
            }
            ReportAdmin.Query query = new ReportAdmin.Query(ReportAdmin.Kind.DMARC, Optional.empty(), 30);
            List<Long> counts = new ArrayList<>();
            assertThat(reports.summarize(
                            query, json -> counts.add(json.integer("reports").orElse(0L))))
                    .isTrue();
            List<String> lines = new ArrayList<>();
            reports.describe(query, lines::add);
            assertThat(lines).noneMatch(line -> line.contains("only the newest"));
            take(reports, 5000);
            assertThat(reports.summarize(
                            query, json -> counts.add(json.integer("reports").orElse(0L))))
                    .isFalse();
            assertThat(counts).containsExactly(5000L, 5000L);
            reports.describe(query, lines::add);
            assertThat(lines.getLast())
                    .isEqualTo("only the newest 5000 reports were read; ask for fewer days, or one domain");
        }
    }

    /** Whoever asks is told what is wrong, over HTTP too. */
    @Test
    void aStoreThatFailsIsNamed() throws Exception {
        ReportAdmin reports;
        try (AdminParts parts = new AdminParts(folder, folder, false)) {
            reports = parts.admin().reports();
        }
        ReportAdmin.Query query = new ReportAdmin.Query(ReportAdmin.Kind.DMARC, Optional.empty(), 30);
        assertThatThrownBy(() -> take(reports, 1))
                .isInstanceOfSatisfying(AdminException.class, LocalReportAdminTest::failed);
        assertThatThrownBy(() -> reports.summarize(query, _ -> {}))
                .isInstanceOfSatisfying(AdminException.class, LocalReportAdminTest::failed);
    }

    private static void failed(AdminException told) {
        assertThat(told.kind()).isEqualTo(AdminException.Kind.FAILED);
        assertThat(told).hasMessageStartingWith("the store of reports: ");
    }

    private static void take(ReportAdmin reports, int id) throws Exception {
        reports.take(new ByteArrayInputStream(
                AdminParts.dmarc(String.valueOf(id), "example.org", 1).getBytes(US_ASCII)));
    }
}
