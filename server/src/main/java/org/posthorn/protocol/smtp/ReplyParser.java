package org.posthorn.protocol.smtp;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts a server's reply together from its lines (RFC 5321 4.2.1, RFC 2034). Tolerant where servers are sloppy: a line of
 * only a code, other codes in the lines before the last (the last one counts), lines longer than the standard's 512
 * octets. Used by one thread, for one reply.
 */
public final class ReplyParser {
    /** Octets of a line that are accepted; the reader refuses longer ones. */
    public static final int MAX_LINE = 2048;

    /** Lines of a reply that are accepted. */
    public static final int MAX_LINES = 128;

    private final List<String> lines = new ArrayList<>(1);
    private Optional<EnhancedStatus> status = Optional.empty();
    private int code;
    private boolean complete;

    /**
     * Takes the next line, without its line end, one char for each octet.
     *
     * @return whether that was the last one
     * @throws SmtpSyntaxException not a line of a reply, or too many of them
     */
    public boolean add(String line) {
        if (complete) {
            throw new IllegalStateException("the reply is complete");
        }
        if (line.length() < 3 || line.length() > MAX_LINE || lines.size() == MAX_LINES) {
            throw malformed();
        }
        code = code(line);
        char separator = line.length() == 3 ? ' ' : line.charAt(3);
        if (separator != ' ' && separator != '-') {
            throw malformed();
        }
        lines.add(text(line.substring(Math.min(4, line.length()))));
        complete = separator == ' ';
        return complete;
    }

    private static int code(String line) {
        int code = 0;
        for (int i = 0; i < 3; i++) {
            char c = line.charAt(i);
            if (c < '0' || c > '9') {
                throw malformed();
            }
            code = 10 * code + (c - '0');
        }
        // RFC 5321 4.2.1: the first digit is 2 to 5; 1yz exists in no command of SMTP.
        if (code < 200 || code > 599) {
            throw malformed();
        }
        return code;
    }

    /** The text without the enhanced status, which is kept once; it counts only where its class is that of the code (RFC 2034 4). */
    private String text(String line) {
        Optional<EnhancedStatus> own = EnhancedStatus.startOf(line).filter(found -> found.category() == code / 100);
        String text = line;
        if (own.isPresent()) {
            status = own;
            int space = line.indexOf(' ');
            text = space < 0 ? "" : line.substring(space + 1).stripLeading();
        }
        return printable(text);
    }

    /** UTF-8 where it is that (RFC 6531 3.7.4), and nothing that could disturb a log or a notification. */
    private static String printable(String text) {
        String decoded = text;
        if (text.chars().anyMatch(c -> c >= 0x80)) {
            try {
                decoded = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(java.nio.ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)))
                        .toString();
            } catch (CharacterCodingException e) {
                decoded = text.codePoints()
                        .map(c -> c < 0x80 ? c : '?')
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
            }
        }
        StringBuilder clean = new StringBuilder(decoded.length());
        decoded.codePoints().forEach(c -> clean.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
        return clean.toString().strip();
    }

    /** The reply, once {@link #add} has said that it is complete. */
    public SmtpReply reply() {
        if (!complete) {
            throw new IllegalStateException("the reply is not complete");
        }
        return new SmtpReply(code, status.filter(found -> found.category() == code / 100), lines);
    }

    private static SmtpSyntaxException malformed() {
        return new SmtpSyntaxException(SmtpReply.of(421, "4.5.0", "Malformed reply"));
    }
}
