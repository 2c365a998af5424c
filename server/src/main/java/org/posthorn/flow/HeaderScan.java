package org.posthorn.flow;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.posthorn.protocol.smtp.SmtpReply;

/**
 * Looks at a message's header as the bytes go by: counts Received fields, measures, and keeps the Message-ID. Costs nothing
 * once the header is over. Used by one thread.
 */
public final class HeaderScan {
    /** RFC 5321 6.3: a server should allow at least 100 before it takes the message to be in a loop. */
    public static final int MAX_RECEIVED = 100;

    /** Octets of a whole header. */
    public static final int MAX_HEADER = 256 << 10;

    private static final int KEPT = 512;

    private final byte[] field = new byte[KEPT];
    private int length;
    private boolean lineStart = true;
    private boolean over;
    private long octets;
    private int received;
    private String messageId = "";

    /** The next bytes of the message, in CRLF form. */
    public void scan(byte[] bytes, int offset, int count) {
        for (int i = offset; i < offset + count && !over; i++) {
            byte octet = bytes[i];
            octets++;
            if (lineStart) {
                startLine(octet);
            }
            if (octet == '\n') {
                lineStart = true;
            } else if (length < KEPT) {
                field[length++] = octet;
            }
        }
    }

    private void startLine(byte octet) {
        lineStart = false;
        if (octet == ' ' || octet == '\t') {
            return;
        }
        endField();
        // RFC 5322 2.1: an empty line ends the header.
        over = octet == '\r' || octets > MAX_HEADER;
    }

    private void endField() {
        if (length > 0) {
            if (startsWith("received:")) {
                received++;
            } else if (messageId.isEmpty() && startsWith("message-id:")) {
                messageId = new String(field, 0, length, StandardCharsets.ISO_8859_1)
                        .substring("message-id:".length())
                        .strip();
            }
        }
        length = 0;
    }

    private boolean startsWith(String name) {
        return length >= name.length()
                && new String(field, 0, name.length(), StandardCharsets.ISO_8859_1)
                        .toLowerCase(Locale.ROOT)
                        .equals(name);
    }

    /** No more bytes will come: a message may be all header. */
    public void end() {
        if (!over) {
            endField();
            over = true;
        }
    }

    /** The Message-ID with its angle brackets; "" while none has been seen. At most {@value #KEPT} characters. */
    public String messageId() {
        return messageId;
    }

    /** How to refuse the message on account of its header, if need be. */
    public Optional<SmtpReply> fault() {
        if (received > MAX_RECEIVED) {
            return Optional.of(SmtpReply.of(554, "5.4.6", "Too many hops"));
        }
        if (octets > MAX_HEADER) {
            return Optional.of(SmtpReply.of(552, "5.3.4", "Message header too large"));
        }
        return Optional.empty();
    }
}
