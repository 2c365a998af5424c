package org.posthorn.cli;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The queue in words. */
final class QueueText {
    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private QueueText() {}

    /** Of all messages, or those that wait for one destination. */
    static String tried(int count) {
        return count + (count == 1 ? " message is" : " messages are") + " tried now";
    }
}
