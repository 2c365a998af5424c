package org.posthorn.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.mail.MessageContent;

/** What is read for FETCH and SEARCH, and how much memory that counts for, before the answer and while it is on its way. */
class FetchReadingTest {
    private static final String BODY = "x".repeat(70).concat("\r\n").repeat(10_000);

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    private void pause() throws IOException {
        reached.countDown();
        try {
            if (!goOn.await(1, TimeUnit.MINUTES)) {
                throw new IOException("forgotten");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** Stops where it is opened, or where it is sent. */
    private final class Paused implements MessageContent {
        private final MessageContent content;
        private final boolean whereOpened;

        Paused(MessageContent content, boolean whereOpened) {
            this.content = content;
            this.whereOpened = whereOpened;
        }

        @Override
        public long size() {
            return content.size();
        }

        @Override
        public InputStream open(long from, long length) throws IOException {
            if (whereOpened) {
                pause();
            }
            return content.open(from, length);
        }

        @Override
        public void transferTo(long from, long length, OutputStream out) throws IOException {
            pause();
            content.transferTo(from, length, out);
        }
    }

    /** Four octets for each of the largest header where some fields of it are chosen; of the rest only what is over 16 KiB. */
    @ParameterizedTest
    @CsvSource({
        "BODYSTRUCTURE BODY.PEEK[], 0, 0",
        "BODY.PEEK[HEADER] BODY.PEEK[], 0, 0",
        "BODY.PEEK[HEADER.FIELDS (SUBJECT)] BODY.PEEK[], 80000, 99999",
        "BODY.PEEK[HEADER.FIELDS.NOT (X)] BODY.PEEK[], 80000, 99999"
    })
    void memoryIsGivenBackBeforeAMessageIsSent(String items, long least, long most) throws Exception {
        String message = "X: " + "y".repeat(20_000) + "\r\nSubject: s\r\n\r\n" + BODY;
        try (ImapFixture server = ImapFixture.plain(new MemoryMailboxStore(content -> new Paused(content, false)));
                ImapClient client = server.connect().login("alice")) {
            client.append("INBOX", "", message);
            client.ok("SELECT INBOX");
            client.send("a FETCH 1 (" + items + ")\r\n");
            assertThat(reached.await(1, TimeUnit.MINUTES)).isTrue();
            assertThat(StructureMemory.OF_PROCESS.used()).isBetween(least, most);
            goOn.countDown();
            assertThat(client.untilTagged("a")).hasSize(2).last().isEqualTo("x OK FETCH completed");
            assertThat(StructureMemory.OF_PROCESS.used()).isZero();
        }
    }

    /** Four octets for each that is looked at, up to 256 KiB of a message. */
    @ParameterizedTest
    @CsvSource({"100000, 400000", "262144, 1048576", "700000, 1048576"})
    void aSearchCountsForWhatItLooksAt(int size, long memory) throws Exception {
        String header = "Subject: s\r\n\r\n";
        try (ImapFixture server = ImapFixture.plain(new MemoryMailboxStore(content -> new Paused(content, true)));
                ImapClient client = server.connect().login("alice")) {
            client.append("INBOX", "", header + BODY.substring(0, size - header.length()));
            client.ok("SELECT INBOX");
            client.send("a SEARCH BODY absent\r\n");
            assertThat(reached.await(1, TimeUnit.MINUTES)).isTrue();
            assertThat(StructureMemory.OF_PROCESS.used()).isEqualTo(memory);
            goOn.countDown();
            assertThat(client.untilTagged("a")).containsExactly("* SEARCH", "x OK SEARCH completed");
            assertThat(StructureMemory.OF_PROCESS.used()).isZero();
        }
    }

    @Test
    void manyBeforeOthersAreFoundAndNoMore() throws Exception {
        try (ImapFixture server = ImapFixture.plain(new MemoryMailboxStore());
                ImapClient client = server.connect().login("alice")) {
            for (int i = 0; i < 12; i++) {
                client.append("INBOX", "", "a: b\r\n\r\n");
            }
            client.ok("SELECT INBOX");
            client.ok("STORE 2 +FLAGS.SILENT (\\Deleted)");
            client.ok("EXPUNGE");
            List<String> responses = client.ok("FETCH 1:10 UID");
            assertThat(responses).hasSize(11).contains("* 1 FETCH (UID 1)", "* 2 FETCH (UID 3)", "* 10 FETCH (UID 11)");
            assertThat(client.ok("FETCH 2:11 UID")).hasSize(11).contains("* 2 FETCH (UID 3)", "* 11 FETCH (UID 12)");
            assertThat(client.ok("UID FETCH 3 FLAGS"))
                    .containsExactly("* 2 FETCH (UID 3 FLAGS (\\Recent))", "x OK FETCH completed");
        }
    }

    @Test
    void aFetchOpensEachMessageOnceAndClosesIt() throws Exception {
        FailingStore store = new FailingStore();
        try (ImapFixture server = ImapFixture.plain(store);
                ImapClient client = server.connect().login("alice")) {
            client.append("INBOX", "", "a: b\r\n\r\nx\r\n");
            client.append("INBOX", "", "a: b\r\n\r\nx\r\n");
            client.ok("SELECT INBOX");
            int open = store.open.get();
            assertThat(client.ok("FETCH 1:2 (BODY.PEEK[TEXT] BODY.PEEK[HEADER] BODYSTRUCTURE)"))
                    .hasSize(3)
                    .last()
                    .isEqualTo("x OK FETCH completed");
            assertThat(store.held.get()).isEqualTo(2);
            assertThat(store.open.get()).isEqualTo(open);
        }
    }
}
