package org.posthorn.server.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.testing.Conformance;
import org.posthorn.testing.LineClient;

/** The scripts of Apache James; texts and extensions are James's own, what counts is which commands are refused. */
class JamesScriptsTest {
    private static List<String> lines(String script) throws IOException {
        return Files.readAllLines(Conformance.require("smtp-mpt-james").resolve(script)).stream()
                .filter(line -> !line.isEmpty())
                .map(line -> line.replace("mydomain.tld", "posthorn.test").replace("starttls@", "alice@"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"data_with_starttls.test", "rcpt_with_starttls.test", "helo.test", "starttls.test"})
    void acceptsAndRefusesAsTheScriptSays(String script) throws IOException {
        List<String> lines = lines(script);
        try (SmtpPort port = SmtpPort.mx();
                LineClient client = port.client()) {
            int at = 0;
            int replies = 0;
            while (at < lines.size()) {
                StringBuilder group = new StringBuilder();
                while (at < lines.size() && lines.get(at).startsWith("C:")) {
                    group.append(lines.get(at++).substring(2).stripLeading()).append("\r\n");
                }
                client.send(group.toString());
                while (at < lines.size() && lines.get(at).startsWith("S:")) {
                    String expected = lines.get(at++).substring(3);
                    if (expected.length() > 3 && expected.charAt(3) == ' ') {
                        assertThat(reply(client)).as(expected).startsWith(expected.substring(0, 3));
                        replies++;
                    }
                }
            }
            assertThat(replies).isPositive();
        }
    }

    /** The last line of a reply. */
    private static String reply(LineClient client) throws IOException {
        String line = client.line();
        while (line.length() > 3 && line.charAt(3) == '-') {
            line = client.line();
        }
        return line;
    }

    /** James answers the injected command 451; we answer STARTTLS and drop what came behind it (RFC 3207 4.2). */
    @Test
    void takesNothingInjectedBehindStartTls() throws IOException {
        List<String> sent = new ArrayList<>();
        for (String line : lines("starttls_with_injection.test")) {
            if (line.startsWith("C:")) {
                sent.add(line.substring(2).strip().replace("\\r\\n", "\r\n"));
            }
        }
        try (SmtpPort port = SmtpPort.mx();
                LineClient client = port.client()) {
            client.line();
            client.send(sent.get(0) + "\r\n");
            assertThat(reply(client)).startsWith("250");
            client.send(sent.get(1));
            assertThat(reply(client)).startsWith("220");
            client.play("TLS\nC: NOOP\nS: 250 2.0.0 Ok\nC: RCPT TO:<alice@posthorn.test>\nS: 503 ...\n");
        }
    }

    /** James's server takes a password in the clear here; none of our ports does. */
    @Test
    void takesNoPasswordInTheClear() throws IOException {
        assertThat(lines("authplain.test")).contains("C: AUTH LOGIN");
        try (SmtpPort port = SmtpPort.submission()) {
            port.play("S: 220 ...\nC: EHLO x\n" + "S: 250...\n".repeat(7) + "C: AUTH LOGIN\nS: 538 5.7.11 ...\n");
        }
    }
}
