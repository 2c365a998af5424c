package org.posthorn.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.mail.MessageContent;
import org.posthorn.testing.Eventually;

/** Messages that are gone, that cannot be read, or of which a part only can: a client never takes half for whole. */
class UnreadableMessageTest {
    private static final String MESSAGE = "Subject: x\r\n\r\ntext\r\n";

    private final FailingStore store = new FailingStore();

    @Test
    void whatIsGoneIsExpungedAlready() throws Exception {
        try (ImapFixture server = ImapFixture.plain(store);
                ImapClient client = server.connect().login("alice")) {
            client.append("INBOX", "", MESSAGE);
            client.ok("SELECT INBOX");
            store.failsAt = "hold";
            store.fault = new NoSuchFileException("cur/1");
            assertThat(client.command("FETCH 1 (UID BODY.PEEK[])"))
                    .containsExactly("x OK [EXPUNGEISSUED] Some messages were expunged already");
            // What needs no file is told.
            assertThat(client.command("FETCH 1 (UID RFC822.SIZE)"))
                    .containsExactly("* 1 FETCH (UID 1 RFC822.SIZE " + MESSAGE.length() + ")", "x OK FETCH completed");
        }
    }

    /** Another session may remove it between the moment that its number is looked up and that in which it is read. */
    @ParameterizedTest
    @CsvSource({"hold, BODY.PEEK[]", "hold, BODY.PEEK[TEXT]", "structure, BODY.PEEK[TEXT]", "structure, BODYSTRUCTURE"})
    void whatGoesMeanwhileIsExpungedAlready(String lookedFor, String item) throws Exception {
        try (ImapFixture server = ImapFixture.plain(store);
                ImapClient client = server.connect().login("alice")) {
            client.append("INBOX", "", MESSAGE);
            client.ok("SELECT INBOX");
            int open = store.open.get();
            store.findsNothingAt = lookedFor;
            assertThat(client.command("FETCH 1 (UID " + item + ")"))
                    .containsExactly("x OK [EXPUNGEISSUED] Some messages were expunged already");
            store.findsNothingAt = "";
            assertThat(client.command("FETCH 1 (UID " + item + ")")).hasSize(2).contains("x OK FETCH completed");
            assertThat(store.open.get()).isEqualTo(open);
        }
    }

    @Test
    void whatIsNotOursToReadIsUnavailableAndTheSessionGoesOn() throws Exception {
        try (ImapFixture server = ImapFixture.plain(store);
                ImapClient client = server.connect().login("alice")) {
            client.append("INBOX", "", MESSAGE);
            client.append("INBOX", "", MESSAGE);
            client.ok("SELECT INBOX");
            store.failsAt = "hold";
            store.fault = new FileSystemException("cur/1", null, "Permission denied");
            assertThat(client.command("FETCH 1:2 BODY.PEEK[]"))
                    .containsExactly("x NO [UNAVAILABLE] Some messages could not be read; see the server's log");
            assertThat(server.log.lines())
                    .filteredOn(line -> line.contains("message-unreadable [account, alice@posthorn.test]"))
                    .hasSize(2);
            store.failsAt = "";
            assertThat(client.ok("FETCH 1:2 BODY.PEEK[]")).hasSize(3);
        }
    }

    /** Says that it has more than it gives, or breaks in its midst. */
    private record Broken(MessageContent whole, boolean ends) implements MessageContent {
        @Override
        public long size() {
            return whole.size();
        }

        @Override
        public InputStream open(long from, long length) throws IOException {
            return whole.open(from, length);
        }

        @Override
        public void transferTo(long from, long length, OutputStream out) throws IOException {
            try (InputStream in = new ByteArrayInputStream("Subject".getBytes(StandardCharsets.US_ASCII))) {
                in.transferTo(out);
            }
            if (!ends) {
                throw new IOException("disk is ill");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"true, message is shorter than its index says", "false, message cannot be read: disk is ill"})
    void aLiteralThatCannotBeFinishedEndsTheSession(boolean ends, String reason) throws Exception {
        try (ImapFixture server = ImapFixture.plain(new MemoryMailboxStore(content -> new Broken(content, ends)));
                ImapClient client = server.connect().login("alice")) {
            client.append("INBOX", "", MESSAGE);
            client.ok("SELECT INBOX");
            client.send("a FETCH 1 BODY.PEEK[]\r\n");
            Eventually.await(() -> server.log.lines().stream()
                    .anyMatch(
                            line -> line.contains("disconnect [reason, " + reason + ", account, alice@posthorn.test")));
        }
    }
}
