package org.posthorn.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What users and strangers' mail can make a session do is bounded, and ends with NO [LIMIT] where it is too much. */
class CostlyCommandsTest {
    private static ImapFixture open(Duration commandTime) throws IOException {
        ImapConfig usual = ImapFixture.config();
        ImapConfig config = new ImapConfig(
                usual.serverName(),
                20_000_000,
                usual.maxBadCommands(),
                usual.maxLoginFailures(),
                usual.loginFailureDelay(),
                usual.loginTimeout(),
                usual.idleTimeout(),
                usual.idleNotice(),
                usual.plaintextLogin(),
                '/',
                commandTime);
        return new ImapFixture(new MemoryMailboxStore(), config, Optional.empty(), Optional.empty());
    }

    private static ImapClient select(ImapFixture server, String message) throws IOException {
        ImapClient client = server.connect().patient().login("alice");
        client.append("INBOX", "", message);
        client.ok("SELECT INBOX");
        return client;
    }

    @Test
    void aSearchOverItsTimeIsAnsweredNo() throws IOException {
        try (ImapFixture server = open(Duration.ofNanos(1));
                ImapClient client = select(server, "Subject: x\r\n\r\n" + "nothing here\r\n".repeat(1_000_000))) {
            assertThat(client.command("SEARCH BODY absent"))
                    .singleElement()
                    .asString()
                    .startsWith("x NO [LIMIT]");
            assertThat(client.command("FETCH 1 BODYSTRUCTURE"))
                    .singleElement()
                    .asString()
                    .startsWith("x NO [LIMIT]");
            client.ok("SEARCH UNSEEN");
        }
    }

    @Test
    void commandsHaveThirtySeconds() {
        assertThat(ImapConfig.defaults("x").commandTime()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void aHostileSearchEnds() throws IOException {
        try (ImapFixture server = open(Duration.ofMinutes(1));
                ImapClient client = select(server, "Subject: x\r\n\r\n" + "a".repeat(10_000_000) + "\r\n")) {
            String wanted = "a".repeat(50_000) + "b";
            client.send("s SEARCH BODY {" + wanted.length() + "+}\r\n" + wanted + "\r\n");
            assertThat(client.untilTagged("s")).containsExactly("* SEARCH", "x OK SEARCH completed");
        }
    }

    @Test
    void aStructureOfManyLongHeadersIsCutShort() throws IOException {
        String part = "--b\r\nContent-Description: " + "x".repeat(4000) + "\r\n\r\nx\r\n";
        String message =
                "From: a@b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + part.repeat(1000) + "--b--\r\n";
        try (ImapFixture server = open(Duration.ofMinutes(1));
                ImapClient client = select(server, message)) {
            String structure = client.ok("FETCH 1 BODYSTRUCTURE").getFirst();
            assertThat(structure.length()).isBetween(400_000, 700_000);
            assertThat(structure).endsWith(" \"mixed\" (\"boundary\" \"b\") NIL NIL NIL))");
            assertThat(client.ok("FETCH 1 (ENVELOPE BODY[1000])").getFirst()).endsWith("BODY[1000] {1}\r\nx)");
            assertThat(StructureMemory.OF_PROCESS.used()).isZero();
        }
    }

    @Test
    void structuresKeepTheOctetsOfTheHeader() throws IOException {
        String cut = "\u00d0\u00b3\u00d1";
        try (ImapFixture server = open(Duration.ofMinutes(1));
                ImapClient client = select(
                        server,
                        "Subject: " + cut + "\r\nContent-Type: application/pdf; name=\"" + cut + "\"\r\n\r\n")) {
            assertThat(client.ok("FETCH 1 BODYSTRUCTURE").getFirst()).contains("(\"name\" {3}\r\n" + cut + ")");
            assertThat(client.ok("FETCH 1 ENVELOPE").getFirst()).contains("(NIL {3}\r\n" + cut + " NIL");
        }
    }
}
