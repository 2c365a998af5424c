package org.posthorn.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.mail.MessageContent;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.MailboxName;

/**
 * Plays the transcripts in {@code resources/imap}. {@code C:} is sent, {@code S:} must come, where {@code …} stands for any text;
 * {@code C2:} and {@code S2:} are a second connection; {@code M:} puts messages into INBOX before the first line is sent.
 */
class ImapTranscriptTest {
    private final Map<String, ImapClient> clients = new HashMap<>();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rfc3501-section-8",
                "rfc3501-section-6",
                "mailboxes",
                "fetch",
                "search",
                "extensions",
                "bad-input",
                "two-sessions"
            })
    void plays(String name) throws Exception {
        try (ImapFixture server = ImapFixture.plain(new MemoryMailboxStore())) {
            int number = 0;
            for (String line : lines(name)) {
                number++;
                try {
                    play(server, line);
                } catch (AssertionError | Exception e) {
                    throw new AssertionError(name + ".txt, line " + number + ": " + line + "\n" + e.getMessage(), e);
                }
            }
            for (ImapClient client : clients.values()) {
                client.close();
            }
        }
    }

    private static List<String> lines(String name) throws IOException {
        try (InputStream in = ImapTranscriptTest.class.getResourceAsStream("/imap/" + name + ".txt")) {
            assertThat(in).as("transcript " + name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private void play(ImapFixture server, String line) throws Exception {
        int colon = line.indexOf(": ");
        String kind = colon < 0 ? line.replace(":", "") : line.substring(0, colon);
        String text = colon < 0 ? "" : line.substring(colon + 2);
        if (kind.startsWith("C")) {
            String wire = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            client(server, kind.substring(1)).send(wire + "\r\n");
        } else if (kind.startsWith("S")) {
            String got = client(server, kind.substring(1)).line();
            String unicode = new String(got.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            assertThat(unicode).matches(Pattern.quote(text).replace("…", "\\E.*\\Q"));
        } else if (kind.equals("M")) {
            deliver(server, text);
        } else {
            assertThat(line).as("a comment or nothing").matches("(#.*)?");
        }
    }

    private ImapClient client(ImapFixture server, String number) throws IOException {
        ImapClient client = clients.get(number);
        if (client == null) {
            client = server.connect();
            clients.put(number, client);
        }
        return client;
    }

    /** {@code M: account flags date count message}, with {@code \n} in the message for its line ends. */
    private static void deliver(ImapFixture server, String text) throws Exception {
        String[] parts = text.split(" ", 5);
        byte[] message = parts[4].replace("\\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < Integer.parseInt(parts[3]); i++) {
            server.store.deliver(
                    FakeAccounts.address(parts[0]),
                    MailboxName.INBOX,
                    "key" + i,
                    new byte[0],
                    MessageContent.of(message),
                    Instant.parse(parts[2]).toEpochMilli(),
                    Flags.of(parts[1].equals("seen") ? Flags.SEEN : 0),
                    false);
        }
    }
}
