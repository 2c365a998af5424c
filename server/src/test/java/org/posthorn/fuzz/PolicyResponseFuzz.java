package org.posthorn.fuzz;

import java.nio.charset.StandardCharsets;
import org.posthorn.zone.check.ForgedPolicy;

/** Bytes of a web server as the response with an MTA-STS policy: a finding always, an exception never. */
public final class PolicyResponseFuzz {
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n";

    private PolicyResponseFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        ForgedPolicy.read(text);
        ForgedPolicy.read(HEAD + text);
    }
}
