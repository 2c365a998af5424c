package org.posthorn.mail;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * Dates in headers (RFC 5322 3.3 and 4.3). Lenient: parts are known by their shape and not by their place, so that obsolete forms,
 * {@code ctime} forms, comments and missing parts are understood. A missing time is midnight, a missing zone UTC.
 */
public final class HeaderDate {
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH);
    private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
    private static final int MAX_LENGTH = 200;
    private static final int MAX_OFFSET_MINUTES = 18 * 60;

    private int day;
    private int month;
    private int year = -1;
    private int hour;
    private int minute;
    private int second;
    private boolean afternoon;
    private boolean hasTime;
    private ZoneOffset zone = ZoneOffset.UTC;

    private HeaderDate() {}

    /** The date of an unfolded value; empty when there is none in it. */
    public static Optional<OffsetDateTime> parse(String value) {
        if (value.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        HeaderDate date = new HeaderDate();
        HeaderLexer in = new HeaderLexer(value);
        String word = "";
        in.skipComments();
        while (!in.atEnd()) {
            String next = in.runUntil(",");
            if (next.isEmpty()) {
                in.next();
            } else if (next.startsWith(":") || word.endsWith(":")) {
                // RFC 5322 4.3: white space and comments within the time
                word += next;
            } else {
                date.read(word);
                word = next;
            }
            in.skipComments();
        }
        date.read(word);
        return date.result();
    }

    /** The form of RFC 5322 3.3, with the day of the week. */
    public static String format(OffsetDateTime date) {
        return FORMAT.format(date);
    }

    private void read(String word) {
        if (word.isEmpty()) {
            return;
        }
        char first = word.charAt(0);
        int sign = Math.max(word.lastIndexOf('+'), word.lastIndexOf('-'));
        int colon = word.indexOf(':');
        if (sign == 0) {
            readOffset(word);
        } else if (colon > 0 && (sign < 0 || colon < sign)) {
            readTime(word, sign);
        } else if (isDigit(first) && sign > 0) {
            // 15-Feb-2007, as IMAP and old software write it
            for (String part : word.split("[-+]", -1)) {
                if (!part.isEmpty()) {
                    read(part);
                }
            }
        } else if (isDigit(first)) {
            readNumber(word);
        } else if (sign > 0) {
            readOffset(word.substring(sign));
        } else {
            readName(word.toLowerCase(Locale.ROOT));
        }
    }

    private void readTime(String word, int sign) {
        String time = sign > 0 ? word.substring(0, sign) : word;
        String[] parts = time.split(":", -1);
        hour = number(parts[0]);
        minute = number(parts[1]);
        second = parts.length > 2 ? number(parts[2].split("[.]", -1)[0]) : 0;
        hasTime = true;
        if (sign > 0) {
            readOffset(word.substring(sign));
        }
    }

    private void readNumber(String word) {
        int value = number(word);
        if (value < 0) {
            return;
        }
        if (word.length() >= 3) {
            // RFC 5322 4.3: a year of three digits counts from 1900
            year = word.length() == 3 ? 1900 + value : value;
        } else if (day == 0) {
            day = value;
        } else if (year < 0) {
            // RFC 5322 4.3: a year of two digits lies between 1950 and 2049
            year = value < 50 ? 2000 + value : 1900 + value;
        }
    }

    private void readName(String word) {
        int found = word.length() < 3 ? -1 : MONTHS.indexOf(word.substring(0, 3));
        if (found >= 0 && found % 3 == 0 && month == 0) {
            month = found / 3 + 1;
            return;
        }
        // RFC 5322 4.3: the named zones; military ones and all others mean nothing sure
        switch (word) {
            case "pm" -> afternoon = true;
            case "edt" -> zone = ZoneOffset.ofHours(-4);
            case "est", "cdt" -> zone = ZoneOffset.ofHours(-5);
            case "cst", "mdt" -> zone = ZoneOffset.ofHours(-6);
            case "mst", "pdt" -> zone = ZoneOffset.ofHours(-7);
            case "pst" -> zone = ZoneOffset.ofHours(-8);
            default -> {}
        }
    }

    private void readOffset(String word) {
        String digits = word.substring(1).replace(":", "");
        int value = number(digits);
        int minutes = digits.length() <= 2 ? value * 60 : value / 100 * 60 + value % 100;
        if (value >= 0 && minutes <= MAX_OFFSET_MINUTES) {
            zone = ZoneOffset.ofTotalSeconds(60 * (word.charAt(0) == '-' ? -minutes : minutes));
        }
    }

    private Optional<OffsetDateTime> result() {
        if (day == 0 || month == 0 || year < 0) {
            return Optional.empty();
        }
        if (hasTime && afternoon && hour < 12) {
            hour += 12;
        }
        try {
            // RFC 5322 3.3 allows leap seconds, which the clock here has not
            return Optional.of(OffsetDateTime.of(year, month, day, hour, minute, Math.min(second, 59), 0, zone));
        } catch (DateTimeException impossible) {
            return Optional.empty();
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** A number of up to six digits, or -1. */
    private static int number(String digits) {
        if (digits.isEmpty() || digits.length() > 6) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (!isDigit(c)) {
                return -1;
            }
            value = 10 * value + c - '0';
        }
        return value;
    }
}
