package org.posthorn.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderDateTest {
    /** RFC 5322 appendix A, and what real senders write. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Fri, 21 Nov 1997 09:55:06 -0600|1997-11-21T09:55:06-06:00",
                "Tue, 1 Jul 2003 10:52:37 +0200|2003-07-01T10:52:37+02:00",
                "Thu, 13 Feb 1969 23:32 -0330 (Newfoundland Time)|1969-02-13T23:32-03:30",
                "Thu,      13        Feb          1969      23:32               -0330|1969-02-13T23:32-03:30",
                "21 Nov 97 09:55:06 GMT|1997-11-21T09:55:06Z",
                "Fri, 21 Nov 1997 09(comment):   55  :  06 -0600|1997-11-21T09:55:06-06:00",
                "1 Jan 49 00:00:00 EST|2049-01-01T00:00-05:00",
                "1 Jan 103 00:00 PDT|2003-01-01T00:00-07:00",
                "Sat Nov 24 23:00:00 2007|2007-11-24T23:00Z",
                "Sat, 24-Nov-2007 23:00:00 +0200|2007-11-24T23:00+02:00",
                "24 November 2007|2007-11-24T00:00Z",
                "Sat, 24 Nov 2007 23:00:60 +0000|2007-11-24T23:00:59Z",
                "Sat, 24 Nov 2007 23:00:00.123 +0000|2007-11-24T23:00Z",
                "Sat, 24 Nov 2007 23:00:00 GMT+0100|2007-11-24T23:00+01:00",
                "Sat, 24 Nov 2007 23:00:00 GMT+02:00|2007-11-24T23:00+02:00",
                "Sat, 24 Nov 2007 23:00:00 +02:00|2007-11-24T23:00+02:00",
                "Sat, 24 Nov 2007 23:00:00 -0000|2007-11-24T23:00Z",
                "Sat, 24 Nov 2007 23:00:00 +9999|2007-11-24T23:00Z",
                "Sat, 24 Nov 2007 11:00:00 PM|2007-11-24T23:00Z",
                "Mon, 24 mar 2007 23:00 Z|2007-03-24T23:00Z"
            })
    void reads(String value, String expected) {
        assertThat(HeaderDate.parse(value)).contains(OffsetDateTime.parse(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "31 Feb 2007 10:00:00 +0000",
                "Nov 2007",
                "1 Jan 2007 25:00 +0000",
                "1 Jan 2007 1:x",
                ":",
                "-",
                "+",
                "1:",
                "--1",
                "@-:",
                "24 Nov 2007 -:- +",
                "99999999999 Jan 1"
            })
    void hasNoDateWhereThereIsNone(String value) {
        assertThat(HeaderDate.parse(value)).isEmpty();
    }

    @Test
    void writesTheFormOfTheRfcInAnyLocale() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            assertThat(HeaderDate.format(OffsetDateTime.of(2003, 7, 1, 10, 52, 37, 5, ZoneOffset.ofHours(2))))
                    .isEqualTo("Tue, 1 Jul 2003 10:52:37 +0200");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void readsWhatItWrites() {
        OffsetDateTime date = OffsetDateTime.of(2026, 12, 31, 23, 59, 59, 0, ZoneOffset.ofHoursMinutes(-3, -30));
        assertThat(HeaderDate.parse(HeaderDate.format(date))).contains(date);
    }

    /** RFC 5322 4.3: zones by name, years of two and three digits; the first and the last of each bound. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 Jan 2026 00:00 EDT|2026-01-01T00:00-04:00",
                "1 Jan 2026 00:00 est|2026-01-01T00:00-05:00",
                "1 Jan 2026 00:00 CDT|2026-01-01T00:00-05:00",
                "1 Jan 2026 00:00 CST|2026-01-01T00:00-06:00",
                "1 Jan 2026 00:00 MDT|2026-01-01T00:00-06:00",
                "1 Jan 2026 00:00 MST|2026-01-01T00:00-07:00",
                "1 Jan 2026 00:00 PST|2026-01-01T00:00-08:00",
                "1 Jan 2026 00:00 UT|2026-01-01T00:00Z",
                "1 Jan 50 00:00|1950-01-01T00:00Z",
                "1 Jan 99 00:00|1999-01-01T00:00Z",
                "1 Jan 100 00:00|2000-01-01T00:00Z",
                "1 Jan 0999 00:00|0999-01-01T00:00Z",
                "1 Dec 2026 00:00 +1800|2026-12-01T00:00+18:00",
                "1 Dec 2026 00:00 +1801|2026-12-01T00:00Z",
                "1 Dec 2026 00:00 -1800|2026-12-01T00:00-18:00",
                "1 Dec 2026 00:00 +2|2026-12-01T00:00+02:00",
                "1 Dec 2026 12:30 PM|2026-12-01T12:30Z",
                "1 Dec 2026 11:30 pm|2026-12-01T23:30Z",
                "1 Dec 2026 pm|2026-12-01T00:00Z",
                "1 Dec 2026 00:00+0100|2026-12-01T00:00+01:00",
                "1 Dec 2026 00:00:01-0100|2026-12-01T00:00:01-01:00",
                "January 1 2026|2026-01-01T00:00Z",
                "1 Jan Feb 2026|2026-01-01T00:00Z",
                "1 Jan 2026 23:59:59|2026-01-01T23:59:59Z",
                "1 Jan 999999|+999999-01-01T00:00Z",
                "1-2-2026 Jan|2026-01-01T00:00Z",
                "1 anf jan 2026|2026-01-01T00:00Z"
            })
    void readsZonesAndYears(String value, String expected) {
        assertThat(HeaderDate.parse(value)).contains(OffsetDateTime.parse(expected));
    }

    @Test
    void readsValuesOf200Characters() {
        String date = "1 Jan 2026";
        assertThat(HeaderDate.parse(date + " ".repeat(200 - date.length()))).isPresent();
        assertThat(HeaderDate.parse(date + " ".repeat(201 - date.length()))).isEmpty();
        assertThat(HeaderDate.parse("1 Jan 9999999")).isEmpty();
        assertThat(HeaderDate.parse("0 Jan 2026")).isEmpty();
        assertThat(HeaderDate.parse("1 Ja 2026")).isEmpty();
        assertThat(HeaderDate.parse("1 Jan 2026 10/30 10:3/")).isEmpty();
    }
}
