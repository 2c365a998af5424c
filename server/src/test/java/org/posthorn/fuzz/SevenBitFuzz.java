package org.posthorn.fuzz;

import java.io.IOException;
import org.posthorn.mail.mime.MessageConversion;

/** Messages of any form through the conversion to seven bits: it ends, keeps to its memory, and a part of it is as good as the whole. */
public final class SevenBitFuzz {
    private SevenBitFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        byte[] whole = MessageConversion.convert(input, input.length);
        byte[] pieces = MessageConversion.convert(input, 7);
        if (!java.util.Arrays.equals(whole, pieces)) {
            throw new IllegalStateException("the result depends on how the bytes come");
        }
    }
}
