package org.posthorn.reporting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.storage.UnknownFormatException;
import org.posthorn.testing.OldData;

/** The file of reports as earlier builds have left it. */
class OldReportsTest {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 29);

    @TempDir
    Path data;

    private Path file() {
        return data.resolve("reports.db");
    }

    @ParameterizedTest
    @ValueSource(strings = {"6a595a2", "5a64c65"})
    void keepsWhatWasObservedSentAndReceived(String build) throws Exception {
        OldData.unpack(build, data);
        long day = DAY.toEpochDay();
        OldData.change(
                file(),
                "INSERT INTO policy VALUES (" + day + ", 'far.test', 'p=reject')",
                "INSERT INTO observed VALUES (" + day + ", 'far.test', 'a record', 7)",
                "INSERT INTO sent VALUES ('TLS', " + day + ", 'sent.test', 1796000000, 'sent')",
                "INSERT INTO received VALUES ('DMARC', 'O', 'id-1', 'example.test', 1795900000, 1795986399, 1796000000, x'1f8b')");
        try (ReportStore store = ReportStore.open(file())) {
            assertThat(store.due(DAY.plusDays(1))).containsExactly(new ReportStore.Due(DAY, "far.test", "p=reject"));
            assertThat(store.observed(DAY, "far.test")).containsExactly(new ReportStore.Observed("a record", 7));
            assertThat(store.outcome(ReportStore.Kind.TLS, DAY, "sent.test")).contains("sent");
            assertThat(store.received(ReportStore.Kind.DMARC, Optional.of("example.test"), Instant.EPOCH, 10))
                    .singleElement()
                    .satisfies(
                            row -> assertThat(store.document(row).orElseThrow()).startsWith(0x1f, 0x8b));
        }
    }

    @Test
    void takesTheEmptyFileOf491e74f() throws Exception {
        OldData.unpack("491e74f", data);
        try (ReportStore store = ReportStore.open(file())) {
            assertThat(store.observed(DAY, "far.test")).isEmpty();
        }
    }

    @Test
    void refusesAFileOfALaterReleaseAndChangesNothing() throws Exception {
        OldData.unpack("5a64c65", data);
        OldData.change(file(), "PRAGMA user_version = 2");
        Map<String, String> before = OldData.files(data);
        assertThatThrownBy(() -> ReportStore.open(file()))
                .isInstanceOf(UnknownFormatException.class)
                .hasMessageContaining("version 2")
                .hasMessageContaining("Nothing was changed");
        assertThat(OldData.files(data)).isEqualTo(before);
    }

    /** So that one can go back to it: it does not refuse what it does not know. */
    @Test
    void writesTheTablesOfTheReleaseBefore() throws Exception {
        OldData.unpack("5a64c65", data);
        Path fresh = data.resolve("fresh.db");
        ReportStore.open(fresh).close();
        // A table that the release before does not know, it leaves alone.
        assertThat(OldData.schema(fresh))
                .filteredOn(table -> !table.startsWith("CREATE TABLE proven "))
                .isEqualTo(OldData.schema(file()))
                .hasSize(6);
    }
}
