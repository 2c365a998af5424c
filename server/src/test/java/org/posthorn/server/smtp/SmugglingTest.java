package org.posthorn.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.posthorn.testing.Conformance;
import org.posthorn.testing.LineClient;

/** Look-alikes of the end of a message, behind which somebody hides a second one. */
class SmugglingTest {
    private static final Pattern BYTES = Pattern.compile("\"bytes\": \"([0-9a-f]+)\"");

    @Test
    void endsMessageAtNoneOfTheLookAlikesOfTheCorpus() throws IOException {
        Path file = Conformance.require("smtp-smuggling").resolve("sequences.json");
        List<String> sequences = BYTES.matcher(Files.readString(file))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(sequences).hasSizeGreaterThanOrEqualTo(9);
        for (String sequence : sequences) {
            refuses(HexFormat.of().parseHex(sequence));
        }
    }

    @Test
    void endsMessageAtNoneOfTheLookAlikes() throws IOException {
        for (String sequence : List.of(
                "\n.\n",
                "\n.\r\n",
                "\r\n.\n",
                "\r.\r",
                "\r.\r\n",
                "\r\n.\r",
                "\n\n.\r\n",
                "\r\r\n.\r\n",
                "\n.\r\n.\n")) {
            refuses(sequence.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static void refuses(byte[] lookAlike) throws IOException {
        try (SmtpPort port = SmtpPort.mx();
                LineClient client = port.client()) {
            client.play("""
                    S: 220 ...
                    C: EHLO client
                    S: 250-...
                    S: 250-...
                    S: 250-...
                    S: 250-...
                    S: 250-...
                    S: 250-...
                    S: 250 SMTPUTF8
                    C: MAIL FROM:<a@example.org>
                    C: RCPT TO:<alice@posthorn.test>
                    C: DATA
                    S: 250 ...
                    S: 250 ...
                    S: 354 ...
                    C: first\\
                    """);
            client.send(lookAlike);
            client.play("""
                    C: MAIL FROM:<smuggled@example.org>
                    C: RCPT TO:<bob@posthorn.test>
                    C: DATA
                    C: second
                    C: .
                    S: 554 5.6.0 ...
                    """);
            assertThat(port.intake().taken())
                    .as(HexFormat.of().formatHex(lookAlike))
                    .isEmpty();
        }
    }

    /** One who takes LF for a line end waits for a reply that would never come. */
    @Test
    void answersClientThatEndsItsMessageWithBareLf() throws IOException {
        try (SmtpPort port = SmtpPort.mx()) {
            port.play("""
                    S: 220 ...
                    C: HELO client
                    S: 250 ...
                    C: MAIL FROM:<a@example.org>
                    S: 250 ...
                    C: RCPT TO:<alice@posthorn.test>
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    C: text\\n.\\n\\
                    S: 554 5.6.0 Bare CR or LF in message (RFC 5321 2.3.8)
                    S: [end]
                    """);
        }
    }
}
