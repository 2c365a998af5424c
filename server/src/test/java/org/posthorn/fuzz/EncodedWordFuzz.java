package org.posthorn.fuzz;

import java.nio.charset.StandardCharsets;
import org.posthorn.mail.EncodedWords;

/** No text makes the decoder of RFC 2047 fail, and what holds no encoded word stays as it is. */
public final class EncodedWordFuzz {
    private EncodedWordFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        String decoded = EncodedWords.decode(text);
        if (!text.contains("?=") && !decoded.equals(text)) {
            throw new IllegalStateException("plain text was changed");
        }
    }
}
