package org.posthorn.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.log.MailLog;

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
    void statusServerTellsHealthAndMetrics() throws Exception {
        List<String> faults = new ArrayList<>();
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (StatusServer server = StatusServer.start(anyPort, () -> faults, AdminSocketTest::oneMetric);
                HttpClient client = HttpClient.newHttpClient()) {
            assertThat(get(client, server, "/healthz").statusCode()).isEqualTo(200);
            faults.add("the spool's disk is full");
            HttpResponse<String> sick = get(client, server, "/healthz");
            assertThat(sick.statusCode()).isEqualTo(503);
            assertThat(sick.body()).isEqualTo("the spool's disk is full\n");
            assertThat(get(client, server, "/metrics").body()).isEqualTo("up 1\n");
            assertThat(get(client, server, "/else").statusCode()).isEqualTo(404);
            HttpRequest post = HttpRequest.newBuilder(uri(server, "/metrics"))
                    .POST(HttpRequest.BodyPublishers.ofString("x"))
                    .build();
            assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(405);
        }
    }

    private static void oneMetric(OutputStream out) throws IOException {
        out.write("up 1\n".getBytes(StandardCharsets.US_ASCII));
    }

    private static URI uri(StatusServer server, String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private static HttpResponse<String> get(HttpClient client, StatusServer server, String path) throws Exception {
        return client.send(HttpRequest.newBuilder(uri(server, path)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
