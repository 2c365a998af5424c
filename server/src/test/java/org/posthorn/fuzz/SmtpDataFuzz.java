package org.posthorn.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.posthorn.intake.HeaderScan;
import org.posthorn.mail.HeaderScanner;
import org.posthorn.protocol.smtp.DataDecoder;

/** The text of DATA in buffers of a size that the first octet gives; compared with a decoder that is slow and plain. */
public final class SmtpDataFuzz {
    private SmtpDataFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int step = (input[0] & 0xff) + 1;
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        HeaderScanner header = new HeaderScanner(HeaderScan.MAX_HEADER);
        DataDecoder decoder = new DataDecoder();
        int at = 1;
        while (at < input.length && !decoder.atEnd()) {
            int to = Math.min(input.length, at + step);
            at += decoder.decode(input, at, to, (bytes, offset, length) -> {
                text.write(bytes, offset, length);
                header.feed(bytes, offset, length);
            });
        }
        HeaderScan.of(header.scanned());
        String expected = plain(new String(input, 1, input.length - 1, StandardCharsets.ISO_8859_1));
        if (decoder.fault() == DataDecoder.Fault.NONE
                && decoder.atEnd()
                && !expected.equals(text.toString(StandardCharsets.ISO_8859_1))) {
            throw new IllegalStateException("decoded otherwise");
        }
    }

    private static String plain(String wire) {
        StringBuilder text = new StringBuilder();
        for (String line : wire.split("\r\n", -1)) {
            if (line.equals(".")) {
                return text.toString();
            }
            text.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
        }
        return "no end";
    }
}
