package org.posthorn.protocol.smtp;

import java.util.Optional;

/** An enhanced status code class.subject.detail (RFC 3463). Class 2 is success, 4 temporary, 5 permanent. */
public record EnhancedStatus(int category, int subject, int detail) {
    public EnhancedStatus {
        if ((category != 2 && category != 4 && category != 5)
                || subject < 0
                || subject > 999
                || detail < 0
                || detail > 999) {
            throw new IllegalArgumentException("not a status code: " + category + "." + subject + "." + detail);
        }
    }

    /** Reads a code at the start of text, where it must be followed by a space or the end. */
    public static Optional<EnhancedStatus> startOf(String text) {
        int end = text.indexOf(' ');
        String[] parts = (end < 0 ? text : text.substring(0, end)).split("\\.", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        for (String part : parts) {
            if (part.isEmpty() || part.length() > 3 || !part.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return Optional.empty();
            }
        }
        int category = Integer.parseInt(parts[0]);
        if (category != 2 && category != 4 && category != 5) {
            return Optional.empty();
        }
        return Optional.of(new EnhancedStatus(category, Integer.parseInt(parts[1]), Integer.parseInt(parts[2])));
    }

    public static EnhancedStatus parse(String text) {
        return startOf(text).orElseThrow(() -> new IllegalArgumentException("not a status code: " + text));
    }

    public boolean isPermanentFailure() {
        return category == 5;
    }

    @Override
    public String toString() {
        return category + "." + subject + "." + detail;
    }
}
