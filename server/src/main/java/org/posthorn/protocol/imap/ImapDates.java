package org.posthorn.protocol.imap;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/** {@code date} and {@code date-time} of RFC 3501 section 9. */
public final class ImapDates {
    private static final List<String> MONTHS =
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
    private static final String[] NAMES = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };

    private ImapDates() {}

    /** {@code 1-Feb-1994}. */
    static LocalDate date(String text) {
        String[] parts = text.split("-", -1);
        if (parts.length != 3 || parts[0].isEmpty() || parts[0].length() > 2 || parts[2].length() != 4) {
            throw invalid();
        }
        return day(parts[0], parts[1], parts[2]);
    }

    /**
     * {@code 17-Jul-1996 02:44:25 -0700}; the day has two places, the first of which may be a space. iOS and
     * Outlook leave the space out, and what they sent would never be filed.
     */
    static Instant dateTime(String given) {
        String text = given.length() == 25 && given.charAt(1) == '-' ? " " + given : given;
        if (text.length() != 26
                || text.charAt(2) != '-'
                || text.charAt(6) != '-'
                || text.charAt(11) != ' '
                || text.charAt(14) != ':'
                || text.charAt(17) != ':'
                || text.charAt(20) != ' '
                || (text.charAt(21) != '+' && text.charAt(21) != '-')) {
            throw invalid();
        }
        String first = text.charAt(0) == ' ' ? text.substring(1, 2) : text.substring(0, 2);
        LocalDate day = day(first, text.substring(3, 6), text.substring(7, 11));
        int zone = number(text.substring(22, 24)) * 60 + number(text.substring(24, 26));
        try {
            LocalDateTime local = day.atTime(
                    number(text.substring(12, 14)),
                    number(text.substring(15, 17)),
                    // A leap second is kept as the last one that the clock has.
                    Math.min(59, number(text.substring(18, 20))));
            ZoneOffset offset = ZoneOffset.ofTotalSeconds((text.charAt(21) == '-' ? -60 : 60) * zone);
            return OffsetDateTime.of(local, offset).toInstant();
        } catch (DateTimeException e) {
            throw invalid();
        }
    }

    private static LocalDate day(String day, String month, String year) {
        try {
            return LocalDate.of(number(year), MONTHS.indexOf(month.toUpperCase(Locale.ROOT)) + 1, number(day));
        } catch (DateTimeException e) {
            throw invalid();
        }
    }

    private static int number(String digits) {
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            if (!Ascii.isDigit(digits.charAt(i))) {
                throw invalid();
            }
            value = value * 10 + digits.charAt(i) - '0';
        }
        return value;
    }

    private static ImapSyntaxException invalid() {
        return new ImapSyntaxException("Invalid date");
    }

    /** The internal date in UTC, without quotes. */
    static String format(long epochMillis) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(Math.floorDiv(epochMillis, 1000L), 0, ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(26);
        two(text, time.getDayOfMonth(), ' ').append('-').append(NAMES[time.getMonthValue() - 1]);
        text.append('-').append(time.getYear()).append(' ');
        two(text, time.getHour(), '0').append(':');
        two(text, time.getMinute(), '0').append(':');
        return two(text, time.getSecond(), '0').append(" +0000").toString();
    }

    private static StringBuilder two(StringBuilder text, int value, char filler) {
        return (value < 10 ? text.append(filler) : text).append(value);
    }
}
