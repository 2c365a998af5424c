package org.posthorn.mailbox.maildir;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Names of mailboxes in printable US-ASCII (RFC 3501 5.1.3). */
final class ModifiedUtf7 {
    private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getDecoder();

    private ModifiedUtf7() {}

    static String encode(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8);
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (isDirect(c)) {
                out.append(c == '&' ? "&-" : String.valueOf(c));
                at++;
                continue;
            }
            int end = at;
            while (end < text.length() && !isDirect(text.charAt(end))) {
                end++;
            }
            byte[] utf16 = text.substring(at, end).getBytes(StandardCharsets.UTF_16BE);
            out.append('&')
                    .append(ENCODER.encodeToString(utf16).replace('/', ','))
                    .append('-');
            at = end;
        }
        return out.toString();
    }

    /** Empty for text that {@link #encode} would not have written: there is one encoding of a name only. */
    static Optional<String> decode(String text) {
        StringBuilder out = new StringBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != '&') {
                out.append(c);
                at++;
                continue;
            }
            int end = text.indexOf('-', at);
            if (end < 0) {
                return Optional.empty();
            }
            if (end == at + 1) {
                out.append('&');
            } else {
                Optional<String> run = decodeRun(text.substring(at + 1, end));
                if (run.isEmpty()) {
                    return Optional.empty();
                }
                out.append(run.get());
            }
            at = end + 1;
        }
        String name = out.toString();
        return encode(name).equals(text) ? Optional.of(name) : Optional.empty();
    }

    private static Optional<String> decodeRun(String base64) {
        try {
            return Optional.of(new String(DECODER.decode(base64.replace(',', '/')), StandardCharsets.UTF_16BE));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isDirect(char c) {
        return c >= 0x20 && c < 0x7f;
    }
}
