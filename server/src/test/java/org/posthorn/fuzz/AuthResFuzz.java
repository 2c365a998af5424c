package org.posthorn.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.posthorn.mail.HeaderField;
import org.posthorn.protocol.authres.AuthenticationResults;

/** What is read of an Authentication-Results field is written in a form that reads as the same, in one field. */
public final class AuthResFuzz {
    private AuthResFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String value = new String(input, StandardCharsets.ISO_8859_1);
        AuthenticationResults.claims(new HeaderField("Authentication-Results:" + value), "mx.example.org");
        Optional<AuthenticationResults> read = AuthenticationResults.parse(value);
        if (read.isEmpty()) {
            return;
        }
        String written = read.get().text();
        if (written.replace("\r\n\t", "").indexOf('\n')
                != written.replace("\r\n\t", "").length() - 1) {
            throw new IllegalStateException("more than one field: " + written);
        }
        boolean printable = value.chars().allMatch(c -> c >= ' ' && c < 0x7f);
        String payload = read.get().payload();
        if (printable && payload.length() < AuthenticationResults.MAX_LENGTH) {
            Optional<AuthenticationResults> again = AuthenticationResults.parse(payload);
            if (!again.equals(read)) {
                throw new IllegalStateException("other results after a round trip: " + payload);
            }
        }
    }
}
