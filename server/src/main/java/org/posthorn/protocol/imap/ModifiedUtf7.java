package org.posthorn.protocol.imap;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** International mailbox names on the wire (RFC 3501 5.1.3). */
public final class ModifiedUtf7 {
    private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getDecoder();

    private ModifiedUtf7() {}

    /** The name on the wire: ASCII only. */
    public static String encode(String name) {
        int plain = 0;
        while (plain < name.length() && isPlain(name.charAt(plain)) && name.charAt(plain) != '&') {
            plain++;
        }
        if (plain == name.length()) {
            return name;
        }
        StringBuilder wire = new StringBuilder(name.length() + 16).append(name, 0, plain);
        int at = plain;
        while (at < name.length()) {
            char c = name.charAt(at);
            if (c == '&') {
                wire.append("&-");
                at++;
            } else if (isPlain(c)) {
                wire.append(c);
                at++;
            } else {
                int end = at;
                while (end < name.length() && !isPlain(name.charAt(end))) {
                    end++;
                }
                byte[] utf16 = name.substring(at, end).getBytes(StandardCharsets.UTF_16BE);
                wire.append('&')
                        .append(ENCODER.encodeToString(utf16).replace('/', ','))
                        .append('-');
                at = end;
            }
        }
        return wire.toString();
    }

    private static boolean isPlain(char c) {
        return c >= 0x20 && c <= 0x7e;
    }

    /**
     * The name that the wire form stands for.
     *
     * @throws ImapSyntaxException for what the encoding forbids: raw 8-bit or control octets, an unfinished or superfluous shift,
     *     ASCII inside a shift, half a surrogate pair, or bits left over; so each name has one wire form
     */
    public static String decode(String wire) {
        StringBuilder name = new StringBuilder(wire.length());
        int at = 0;
        boolean justShifted = false;
        while (at < wire.length()) {
            char c = wire.charAt(at);
            if (!isPlain(c)) {
                throw invalid();
            }
            if (c != '&') {
                name.append(c);
                justShifted = false;
                at++;
                continue;
            }
            int end = wire.indexOf('-', at);
            if (end < 0) {
                throw invalid();
            }
            if (end == at + 1) {
                name.append('&');
                justShifted = false;
            } else if (justShifted) {
                // "&Jjo-&Jjo-" must be written as one shift
                throw invalid();
            } else {
                name.append(shifted(wire.substring(at + 1, end)));
                justShifted = true;
            }
            at = end + 1;
        }
        return name.toString();
    }

    private static String shifted(String base64) {
        if (base64.indexOf('/') >= 0 || base64.indexOf('=') >= 0) {
            throw invalid();
        }
        byte[] utf16;
        try {
            utf16 = DECODER.decode(base64.replace(',', '/'));
        } catch (IllegalArgumentException e) {
            throw invalid();
        }
        if (utf16.length == 0 || utf16.length % 2 != 0) {
            throw invalid();
        }
        // Not the JDK's decoder: it would replace half a surrogate pair, which must be refused.
        String text = ByteBuffer.wrap(utf16).asCharBuffer().toString();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (isPlain(c) || (Character.isSurrogate(c) && !pair)) {
                throw invalid();
            }
            i += pair ? 1 : 0;
        }
        // Bits left over must be zero, else two wire forms would mean one name.
        if (!ENCODER.encodeToString(utf16).replace('/', ',').equals(base64)) {
            throw invalid();
        }
        return text;
    }

    private static ImapSyntaxException invalid() {
        return ImapSyntaxException.ofName("Mailbox name is not valid modified UTF-7");
    }
}
