package org.posthorn.protocol.dsn;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Dates as mail writes them (RFC 5322 3.3), in UTC. */
final class MailDate {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, d MMM yyyy HH:mm:ss '+0000'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private MailDate() {}

    static String of(Instant instant) {
        return FORMAT.format(instant);
    }
}
