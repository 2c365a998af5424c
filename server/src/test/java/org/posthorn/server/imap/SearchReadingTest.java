package org.posthorn.server.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.posthorn.mail.MessageContent;
import org.posthorn.net.TlsContext;
import org.posthorn.testing.SelfSigned;

/** What SEARCH reads of messages, and for how long. */
class SearchReadingTest {
    private static final String MESSAGE =
            "Subject: apple\r\nFrom: a@b\r\nDate: Mon, 30 Nov 2026 08:00:00 +0000\r\n\r\n" + "pear\r\n".repeat(200_000);

    @Test
    void aSearchOfHeadersReadsNoBody() throws IOException {
        AtomicLong read = new AtomicLong();
        try (ImapFixture server = server(new MemoryMailboxStore(content -> counted(content, read)), Optional.empty());
                ImapClient client = server.connect().login("alice")) {
            client.append("INBOX", "", MESSAGE);
            client.ok("SELECT INBOX");
            read.set(0);
            for (String keys : new String[] {"SUBJECT x", "FROM x", "HEADER Subject apple", "SENTON 30-Nov-2026"}) {
                client.ok("SEARCH " + keys);
            }
            // one buffer for each search, of 1.2 million octets
            assertThat(read.get()).isPositive().isLessThanOrEqualTo(4 * 8192);

            client.ok("SEARCH UNSEEN SMALLER 1000000");
            assertThat(read.getAndSet(0)).isLessThanOrEqualTo(5 * 8192);
            client.ok("SEARCH BODY x");
            assertThat(read.get()).isGreaterThan(1_200_000);
        }
    }

    @Test
    void aSearchOpensEachMessageOnceAndClosesIt() throws IOException {
        FailingStore store = new FailingStore();
        try (ImapFixture server = server(store, Optional.empty());
                ImapClient client = server.connect().login("alice")) {
            client.append("INBOX", "", MESSAGE);
            client.append("INBOX", "", "Subject: apple\r\n\r\npear\r\n");
            client.ok("SELECT INBOX");
            int open = store.open.get();
            client.ok("SEARCH TEXT nothing");
            assertThat(store.held.get()).isEqualTo(2);
            assertThat(store.open.get()).isEqualTo(open);
        }
    }

    /** Encodings and charsets are undone, and what is no text is not looked at. */
    @Test
    void aBodyIsSearchedAsItIsReadNotAsItIsSent() throws IOException {
        String type = "Content-Type: text/plain; charset=";
        try (ImapFixture server = ImapFixture.plain(new MemoryMailboxStore());
                ImapClient client = server.connect().login("alice")) {
            client.append("INBOX", "", "Content-Transfer-Encoding: quoted-printable\r\n\r\ncaf=65\r\n");
            client.append("INBOX", "", "Content-Type: application/octet-stream\r\n\r\ncafe\r\n");
            client.append("INBOX", "", type + "utf-16be\r\n\r\n\0c\0a\0f\0e\r\n");
            client.append("INBOX", "", type + "iso-8859-1\r\n\r\ncaf\u00e9\r\n");
            client.append("INBOX", "", type + "utf-8\r\n\r\ncafe\r\n");
            client.ok("SELECT INBOX");
            assertThat(client.ok("SEARCH BODY cafe").getFirst()).isEqualTo("* SEARCH 1 3 5");
            assertThat(client.ok("SEARCH CHARSET UTF-8 BODY {5+}\r\ncaf\u00c3\u00a9")
                            .getFirst())
                    .isEqualTo("* SEARCH 4");
        }
    }

    @Test
    void whatAnotherSessionHasSeenIsNotRecent() throws IOException {
        try (ImapFixture server = ImapFixture.plain(new MemoryMailboxStore());
                ImapClient first = server.connect().login("alice");
                ImapClient second = server.connect().login("alice")) {
            first.append("INBOX", "", "Subject: apple\r\n\r\npear\r\n");
            first.ok("SELECT INBOX");
            second.ok("SELECT INBOX");
            assertThat(first.ok("SEARCH RECENT").getFirst()).isEqualTo("* SEARCH 1");
            assertThat(second.ok("SEARCH RECENT").getFirst()).isEqualTo("* SEARCH");
            assertThat(second.ok("SEARCH OLD").getFirst()).isEqualTo("* SEARCH 1");
        }
    }

    /** Another session may remove a message at any moment of a search, its file with it. */
    @Test
    void whatIsGoneIsNotFound() throws IOException {
        MessageContent gone = MessageContent.ofFile(
                () -> {
                    throw new NoSuchFileException("message is gone");
                },
                0,
                MESSAGE.length());
        try (ImapFixture server = server(
                        new MemoryMailboxStore(content -> content.size() > 100 ? gone : content), Optional.empty());
                ImapClient client = server.connect().login("alice")) {
            client.append("INBOX", "", MESSAGE);
            client.append("INBOX", "", "Subject: apple\r\n\r\npear\r\n");
            client.ok("SELECT INBOX");
            for (String keys : new String[] {"BODY pear", "SUBJECT apple", "TEXT apple"}) {
                assertThat(client.ok("SEARCH " + keys)).contains("* SEARCH 2");
            }
        }
    }

    @Test
    void aSearchEndsWhenItsClientHasGone() throws Exception {
        EndlessMessage message = new EndlessMessage();
        try (ImapFixture server = server(new MemoryMailboxStore(content -> message), Optional.empty());
                ImapClient client = server.connect()) {
            searchAndLeave(client, message);
        }
    }

    @Test
    void aSearchEndsWhenItsClientHasGoneUnderTls() throws Exception {
        EndlessMessage message = new EndlessMessage();
        TlsContext tls = new TlsContext(SelfSigned.shared().server());
        try (ImapFixture server = server(new MemoryMailboxStore(content -> message), Optional.of(tls));
                ImapClient client = new ImapClient(tlsSocket(server.port()))) {
            searchAndLeave(client, message);
        }
    }

    private static void searchAndLeave(ImapClient client, EndlessMessage message) throws Exception {
        client.login("alice");
        client.append("INBOX", "", "Subject: x\r\n\r\n");
        client.ok("SELECT INBOX");
        client.send("s SEARCH BODY absent\r\n");
        assertThat(message.begun.await(1, TimeUnit.MINUTES)).isTrue();
        client.close();
        // it would go on for an hour otherwise
        assertThat(message.over.await(1, TimeUnit.MINUTES)).isTrue();
    }

    private static Socket tlsSocket(int port) throws IOException, GeneralSecurityException {
        SSLContext client = SelfSigned.shared().client();
        return client.getSocketFactory().createSocket("127.0.0.1", port);
    }

    private static ImapFixture server(MemoryMailboxStore store, Optional<TlsContext> implicit) throws IOException {
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
                Duration.ofHours(1));
        return new ImapFixture(store, config, Optional.empty(), implicit);
    }

    private static MessageContent counted(MessageContent content, AtomicLong read) {
        return new MessageContent() {
            @Override
            public long size() {
                return content.size();
            }

            @Override
            public InputStream open(long from, long length) throws IOException {
                return new FilterInputStream(content.open(from, length)) {
                    @Override
                    public int read() throws IOException {
                        int octet = super.read();
                        read.addAndGet(octet < 0 ? 0 : 1);
                        return octet;
                    }

                    @Override
                    public int read(byte[] bytes, int offset, int count) throws IOException {
                        int got = super.read(bytes, offset, count);
                        read.addAndGet(Math.max(0, got));
                        return got;
                    }
                };
            }
        };
    }

    /** A header, and a body that nobody has read to its end. */
    private static final class EndlessMessage implements MessageContent {
        private static final byte[] HEADER = "Subject: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

        final CountDownLatch begun = new CountDownLatch(1);
        final CountDownLatch over = new CountDownLatch(1);

        @Override
        public long size() {
            return 1L << 50;
        }

        @Override
        public InputStream open(long from, long length) {
            return new InputStream() {
                private int at;

                @Override
                public int read() {
                    if (at < HEADER.length) {
                        return HEADER[at++];
                    }
                    return 'x';
                }

                @Override
                public int read(byte[] bytes, int offset, int count) {
                    begun.countDown();
                    for (int i = offset; i < offset + count; i++) {
                        bytes[i] = (byte) read();
                    }
                    return count;
                }

                @Override
                public void close() {
                    over.countDown();
                }
            };
        }
    }
}
