package org.posthorn.protocol.tlsrpt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TlsReportingRecordTest {
    private static List<String> uris(String... texts) {
        return TlsReportingRecord.among(List.of(texts))
                .map(TlsReportingRecord::uris)
                .orElse(List.of());
    }

    /** RFC 8460 3.1.1 and 3.1.2. */
    @Test
    void readsTheExamplesOfTheRfc() {
        assertThat(uris("v=TLSRPTv1; rua=mailto:reports@example.com")).containsExactly("mailto:reports@example.com");
        assertThat(uris("v=TLSRPTv1; rua=https://reporting.example.com/v1/tlsrpt"))
                .containsExactly("https://reporting.example.com/v1/tlsrpt");
    }

    @Test
    void readsSeveralUrisAndPassesOverWhatItDoesNotKnow() {
        assertThat(uris("v=TLSRPTv1 ;x=1; rua=mailto:a@b.example , https://c.example/?q=1,ftp://d.example; y=2;"))
                .containsExactly("mailto:a@b.example", "https://c.example/?q=1");
    }

    @Test
    void discardsOtherRecordsAndWantsExactlyOne() {
        assertThat(uris("v=spf1 -all", "v=TLSRPTv1; rua=mailto:a@b.example")).hasSize(1);
        assertThat(uris("v=TLSRPTv1; rua=mailto:a@b.example", "v=TLSRPTv1; rua=mailto:c@b.example"))
                .isEmpty();
    }

    @Test
    void refusesWhatIsNoRecord() {
        assertThat(uris()).isEmpty();
        assertThat(uris("v=TLSRPTv1")).isEmpty();
        assertThat(uris("V=tlsrptv1; rua=mailto:a@b.example")).isEmpty();
        assertThat(uris("v=TLSRPTv1;")).isEmpty();
        assertThat(uris("v=TLSRPTv1; rua=")).isEmpty();
        assertThat(uris("v=TLSRPTv1; rua=mailto:a b@c.example")).isEmpty();
        assertThat(uris("v=TLSRPTv1; rua=mailto:a@b.example!10m")).isEmpty();
        assertThat(uris("v=TLSRPTv1; rua=mailto:" + "a".repeat(5_000))).isEmpty();
    }

    @Test
    void readsOnlySoManyUris() {
        String many = IntStream.range(0, 50)
                .mapToObj(i -> "mailto:a" + i + "@b.example")
                .collect(Collectors.joining(","));
        assertThat(uris("v=TLSRPTv1; rua=" + many)).hasSize(TlsReportingRecord.MAX_URIS);
    }

    @Test
    void readsRecordsOf4000CharactersAnd50Fields() {
        String tail = "; rua=mailto:a@b.example";
        String longest = "v=TLSRPTv1; x=" + "y".repeat(4_000 - 14 - tail.length()) + tail;
        assertThat(longest).hasSize(4_000);
        assertThat(uris(longest)).containsExactly("mailto:a@b.example");
        assertThat(uris(longest.replace("; x=", "; x=y"))).isEmpty();
        assertThat(uris("v=TLSRPTv1;" + "x=y;".repeat(48) + "rua=mailto:a@b.example"))
                .hasSize(1);
        assertThat(uris("v=TLSRPTv1;" + "x=y;".repeat(49) + "rua=mailto:a@b.example"))
                .isEmpty();
    }

    @Test
    void readsTheFirstTenDifferentUrisOfTheFirstField() {
        assertThat(uris("v=TLSRPTv1; rua=mailto:a@b.example,mailto:a@b.example; rua=mailto:c@b.example"))
                .containsExactly("mailto:a@b.example");
        String eleven = IntStream.range(0, 11)
                .mapToObj(i -> "mailto:a" + i + "@b.example")
                .collect(Collectors.joining(","));
        assertThat(uris("v=TLSRPTv1; rua=" + eleven)).hasSize(10).last().isEqualTo("mailto:a9@b.example");
    }
}
