package org.posthorn.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.log.MailLog;
import org.posthorn.testing.Eventually;
import org.posthorn.testing.RecordedLog;

class AdminSocketTest {
    @TempDir
    Path dir;

    @Test
    void carriesCommandAndReply() throws IOException {
        Path path = dir.resolve("admin.sock");
        try (AdminSocket _ = AdminSocket.start(
                path,
                words -> AdminReply.table(
                        List.of("word"), words.stream().map(List::of).toList()),
                MailLog.none())) {
            AdminReply reply = AdminSocket.send(path, List.of("account", "add", "älice@posthorn.test"));
            assertThat(reply.ok()).isTrue();
            assertThat(reply.rows())
                    .containsExactly(List.of("account"), List.of("add"), List.of("älice@posthorn.test"));
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void saysThatRowsAreNotShown() throws IOException {
        Path path = dir.resolve("admin.sock");
        List<List<String>> rows = Collections.nCopies(100_001, List.of("x"));
        try (AdminSocket _ = AdminSocket.start(path, _ -> AdminReply.table(List.of("word"), rows), MailLog.none())) {
            AdminReply reply = AdminSocket.send(path, Collections.nCopies(10_000, "word"));
            assertThat(reply.rows()).hasSize(100_000);
            assertThat(reply.message()).isEqualTo("only the first 100000 of 100001 rows are shown");
        }
    }

    @Test
    void isOpenToItsOwnerOnly() throws IOException {
        Path path = dir.resolve("admin.sock");
        try (AdminSocket _ = AdminSocket.start(path, words -> AdminReply.done(""), MailLog.none())) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void replacesTheSocketOfAKilledServer() throws IOException {
        Path path = dir.resolve("admin.sock");
        Files.createFile(path);
        try (AdminSocket _ = AdminSocket.start(path, words -> AdminReply.done("here"), MailLog.none())) {
            assertThat(AdminSocket.send(path, List.of("x")).message()).isEqualTo("here");
        }
    }

    @Test
    void survivesGarbageAndHugeCounts() throws IOException {
        Path path = dir.resolve("admin.sock");
        try (AdminSocket _ = AdminSocket.start(path, words -> AdminReply.done("alive"), MailLog.none())) {
            for (byte[] garbage : List.of(
                    "GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                    new byte[] {0x50, 0x48, 0, 1, 0x7f, -1, -1, -1},
                    new byte[0])) {
                try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
                    channel.write(ByteBuffer.wrap(garbage));
                    channel.shutdownOutput();
                    assertThat(channel.read(ByteBuffer.allocate(10))).isEqualTo(-1);
                }
            }
            assertThat(AdminSocket.send(path, List.of("x")).message()).isEqualTo("alive");
        }
    }

    @Test
    void answersAFailingCommandWithoutItsStackTrace() throws IOException {
        Path path = dir.resolve("admin.sock");
        try (AdminSocket _ = AdminSocket.start(
                path,
                words -> {
                    throw new IllegalStateException("secret");
                },
                MailLog.none())) {
            AdminReply reply = AdminSocket.send(path, List.of("x"));
            assertThat(reply.ok()).isFalse();
            assertThat(reply.message()).doesNotContain("secret");
        }
        assertThatThrownBy(() -> AdminSocket.send(path, List.of("x"))).isInstanceOf(IOException.class);
    }

    @Test
    void saysInTheLogWhatWentWrong() throws Exception {
        Path path = dir.resolve("admin.sock");
        RecordedLog log = new RecordedLog();
        try (AdminSocket _ = AdminSocket.start(
                path,
                words -> {
                    throw new IllegalStateException("secret");
                },
                log)) {
            AdminSocket.send(path, List.of("x"));
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
                channel.write(ByteBuffer.wrap(new byte[] {'G', 'E', 'T', ' '}));
                assertThat(channel.read(ByteBuffer.allocate(10))).isEqualTo(-1);
            }
            // The end of the connection may come before the line.
            Eventually.await(() -> log.lines().size() > 1);
            assertThat(log.lines())
                    .containsExactly(
                            "admin : command-failed [] java.lang.IllegalStateException: secret",
                            "admin : request-failed [] java.io.IOException: the other end is not a Posthorn of this version");
        }
    }

    /** 16 at once. */
    @Test
    void eachRequestMakesRoomForAnother() throws IOException {
        Path path = dir.resolve("admin.sock");
        try (AdminSocket _ = AdminSocket.start(path, words -> AdminReply.done("here"), MailLog.none())) {
            for (int i = 0; i < 40; i++) {
                assertThat(AdminSocket.send(path, List.of("x")).message()).isEqualTo("here");
            }
        }
    }

    @Test
    void isAliveUntilItIsClosedAndNotMissedThen() throws IOException {
        AdminSocket socket = AdminSocket.start(dir.resolve("admin.sock"), words -> AdminReply.done(""), MailLog.none());
        assertThat(socket.alive()).isTrue();
        socket.close();
        assertThat(socket.alive()).isTrue();
    }

    @Test
    void saysThatItCannotBeMade() {
        Path path = dir.resolve("nowhere/admin.sock");
        assertThatThrownBy(() -> AdminSocket.start(path, words -> AdminReply.done(""), MailLog.none()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot make the admin socket " + path + ": ");
    }
}
