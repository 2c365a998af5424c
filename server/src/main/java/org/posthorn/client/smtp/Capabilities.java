package org.posthorn.client.smtp;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.posthorn.protocol.smtp.SmtpReply;

/** What a server said it can do (RFC 5321 4.1.1.1). Keywords are in upper case. */
record Capabilities(Map<String, String> keywords) {
    static final Capabilities NONE = new Capabilities(Map.of());

    Capabilities {
        keywords = Map.copyOf(keywords);
    }

    /** Reads the reply to EHLO, whose first line is the server's name. */
    static Capabilities of(SmtpReply reply) {
        Map<String, String> keywords = new HashMap<>();
        List<String> lines = reply.lines();
        for (String line : lines.subList(1, lines.size())) {
            String upper = line.strip().toUpperCase(Locale.ROOT);
            // "AUTH=PLAIN" is from before the standard, and still around.
            int end = upper.startsWith("AUTH=") ? 4 : upper.indexOf(' ');
            String keyword = end < 0 ? upper : upper.substring(0, end);
            String value = end < 0 ? "" : upper.substring(end + 1).strip();
            keywords.merge(keyword, value, (one, other) -> one + " " + other);
        }
        return new Capabilities(keywords);
    }

    boolean has(String keyword) {
        return keywords.containsKey(keyword);
    }

    /** The largest message, in octets; 0 when there is no limit or none is told (RFC 1870 3). */
    long maxSize() {
        String value = keywords.getOrDefault("SIZE", "");
        if (value.isEmpty() || value.length() > 18 || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return 0;
        }
        return Long.parseLong(value);
    }

    Set<String> mechanisms() {
        return new TreeSet<>(List.of(keywords.getOrDefault("AUTH", "").split(" +")));
    }
}
