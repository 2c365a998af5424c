package org.posthorn.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.posthorn.protocol.pop3.DotStuffing;
import org.posthorn.protocol.pop3.Pop3CommandParser;
import org.posthorn.protocol.pop3.Pop3SyntaxException;

/** Lines as commands; and the same octets as a message, whose end must be unmistakable. */
public final class Pop3CommandFuzz {
    private Pop3CommandFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        for (String line : new String(input, StandardCharsets.ISO_8859_1).split("\r\n", -1)) {
            try {
                Pop3CommandParser.parse(line);
            } catch (Pop3SyntaxException e) {
                // The session answers -ERR.
            }
        }
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        DotStuffing out = new DotStuffing(wire, DotStuffing.ALL_LINES);
        out.write(input, 0, input.length);
        out.finish();
        String text = "\n" + wire.toString(StandardCharsets.ISO_8859_1);
        if (text.indexOf("\n.\r\n") != text.length() - 4) {
            throw new IllegalStateException("a message that ends early");
        }
    }
}
