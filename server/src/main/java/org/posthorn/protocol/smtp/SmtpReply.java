package org.posthorn.protocol.smtp;

import java.util.List;
import java.util.Optional;

/**
 * A reply: code, enhanced status where there is one, and at least one line of text without code, status and line end
 * (RFC 5321 4.2, RFC 2034).
 */
public record SmtpReply(int code, Optional<EnhancedStatus> status, List<String> lines) {
    /** Octets of a reply line, code and CRLF included (RFC 5321 4.5.3.1.5). */
    public static final int MAX_LINE = 512;

    public SmtpReply {
        if (code < 200 || code > 599) {
            throw new IllegalArgumentException("reply code " + code);
        }
        lines = lines.isEmpty() ? List.of("") : List.copyOf(lines);
    }

    /** A reply of one line, e.g. {@code of(550, "5.1.1", "No such user here")}. */
    public static SmtpReply of(int code, String status, String text) {
        return new SmtpReply(code, Optional.of(EnhancedStatus.parse(status)), List.of(text));
    }

    /** A reply of one line without enhanced status: greetings, EHLO, 354. */
    public static SmtpReply plain(int code, String text) {
        return new SmtpReply(code, Optional.empty(), List.of(text));
    }

    public boolean isSuccess() {
        return code < 300;
    }

    public boolean isTemporaryFailure() {
        return code >= 400 && code < 500;
    }

    public boolean isPermanentFailure() {
        return code >= 500;
    }

    /** All lines as one text, without code and status. */
    public String text() {
        return String.join(" ", lines);
    }

    /** The whole reply in wire form, each line ended by CRLF; lines are cut to {@link #MAX_LINE}. */
    public String wire() {
        StringBuilder wire = new StringBuilder(64);
        for (int i = 0; i < lines.size(); i++) {
            int start = wire.length();
            wire.append(code).append(i == lines.size() - 1 ? ' ' : '-');
            status.ifPresent(s -> wire.append(s).append(' '));
            wire.append(lines.get(i));
            wire.setLength(Math.min(wire.length(), start + MAX_LINE - 2));
            wire.append("\r\n");
        }
        return wire.toString();
    }

    /** The reply in one line, for logs. */
    @Override
    public String toString() {
        return code + status.map(s -> " " + s).orElse("") + " " + text();
    }
}
