package org.posthorn.log;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;

/** Formats the head of a line as syslog files have it (RFC 3164 4.1.2): {@code Nov 23 20:00:00 host program/component[PID]: }. Thread-safe. */
final class LogHead {
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

    /** The formatted time of one second; the same for thousands of lines. */
    private record Stamp(long second, String text) {}

    private final ZoneId zone;
    private final String middle;
    private final String end;
    private volatile Stamp last = new Stamp(Long.MIN_VALUE, "");

    LogHead(String host, String program, long processId, ZoneId zone) {
        this.zone = zone;
        this.middle = " " + host + " " + program + "/";
        this.end = "[" + processId + "]: ";
    }

    void appendTo(StringBuilder line, Instant now, String component) {
        line.append(stamp(now)).append(middle).append(component).append(end);
    }

    private String stamp(Instant now) {
        Stamp stamp = last;
        if (stamp.second != now.getEpochSecond()) {
            stamp = new Stamp(now.getEpochSecond(), format(LocalDateTime.ofInstant(now, zone)));
            last = stamp;
        }
        return stamp.text;
    }

    private static String format(LocalDateTime time) {
        StringBuilder text = new StringBuilder(15);
        int month = 3 * (time.getMonthValue() - 1);
        text.append(MONTHS, month, month + 3).append(' ');
        // The day is padded with a space, not a zero.
        text.append(time.getDayOfMonth() < 10 ? " " : "").append(time.getDayOfMonth());
        two(text.append(' '), time.getHour());
        two(text.append(':'), time.getMinute());
        two(text.append(':'), time.getSecond());
        return text.toString();
    }

    private static void two(StringBuilder text, int number) {
        text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }
}
