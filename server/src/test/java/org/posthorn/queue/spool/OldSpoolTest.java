package org.posthorn.queue.spool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.mail.Address;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.MessageContent;
import org.posthorn.queue.Destination;
import org.posthorn.queue.LineLog;
import org.posthorn.queue.QueueBench;
import org.posthorn.queue.QueueId;
import org.posthorn.queue.RecipientState;
import org.posthorn.queue.Router;
import org.posthorn.queue.StoredMessage;
import org.posthorn.storage.CommitLog;
import org.posthorn.storage.CommitLogConfig;
import org.posthorn.storage.LogFile;
import org.posthorn.storage.UnknownFormatException;
import org.posthorn.testing.OldData;

class OldSpoolTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"491e74f", "6a595a2", "5a64c65", "e584268"})
    void takesTheQueueOfAnEarlierBuildOver(String build) throws IOException {
        OldData.unpack(build, directory);
        try (QueueBench queue = new QueueBench(directory.resolve("spool"))) {
            // The kernel under which these were killed: it still has what was delivered locally.
            queue.boot = "57df7710-e0bb-488c-bef3-719cca6dfd50";
            for (int start = 0; start < 2; start++) {
                queue.openSpool();
                List<StoredMessage> messages = queue.spool.messages().stream()
                        .sorted(Comparator.comparing(StoredMessage::id))
                        .toList();
                assertThat(messages.stream().map(OldSpoolTest::pending))
                        .containsExactly(
                                List.of("v0@q.test", "v1@q.test"),
                                List.of("team@example.test"),
                                List.of("large@q.test"));
                assertThat(messages)
                        .allMatch(message -> message.envelope()
                                .sender()
                                .orElseThrow()
                                .toString()
                                .equals("a@example.test"));
                // The local half of the alias is done: the account does not get it twice.
                assertThat(messages.get(1).state(0).attempts().finished())
                        .containsExactly(
                                new Router.Hop(Destination.mailbox("a@example.test"), Address.parse("a@example.test")));
                MessageContent large = messages.get(2).use().orElseThrow().content();
                try (InputStream in = large.open(0, large.size())) {
                    assertThat(new String(in.readAllBytes(), UTF_8))
                            .contains("\r\nSubject: large\r\n")
                            .endsWith("yyy\r\n");
                }
                assertThat(queue.spool.faults()).isEmpty();
                queue.spool.maintain();
                queue.spool.close();
            }
        }
    }

    private static List<String> pending(StoredMessage message) {
        List<String> pending = new ArrayList<>();
        for (int i = 0; i < message.envelope().recipients().size(); i++) {
            if (!message.state(i).isDone()) {
                pending.add(message.envelope().addresses().get(i).toString());
            }
        }
        return pending;
    }

    /** As 272e718 wrote it, the last with version 1; and what is written now, with room for what the sender asks for. */
    @Test
    void readsMessagesOfTheReleaseBefore() {
        String old = "01000b4650574441" + "4d54504a3047" + "0000000000000001" + "2e" + "00000000" + "0000000000000009"
                + "0001610006622e74657374" + "00000001" + "0001630006642e74657374";
        QueueId id = new QueueId("FPWDAMTPJ0G");
        Envelope envelope = QueueBench.envelope("a@b.test", "c@d.test").doubtSender();
        assertThat(new SpoolCodec()
                        .decode(
                                SpoolRecord.MESSAGE,
                                ByteBuffer.wrap(HexFormat.of().parseHex(old))))
                .isEqualTo(new SpoolRecord.Arrival(id, 1, envelope, new SpoolRecord.Place(true, 61, 0, 9)));
        assertThat(HexFormat.of().formatHex(SpoolCodec.arrival(id, 1, envelope, true, 0, 9)))
                .isEqualTo("02000b4650574441" + "4d54504a3047" + "0000000000000001" + "2e" + "00000000"
                        + "0000000000000009" + "0001610006622e74657374" + "00" + "00000001"
                        + "0001630006642e74657374" + "00");
    }

    private void write(int type, byte[]... records) throws IOException {
        try (CommitLog log = new CommitLog(
                directory.resolve("log"),
                new CommitLogConfig(64 << 10, 64 << 10, 0),
                LogFile::onDisk,
                () -> new SpoolRecovery.Trust("boot-1").stamp(0),
                new LineLog())) {
            log.recover((CommitLog.Replay) new CommitLog.Replay() {
                @Override
                public void segment(byte[] stamp) {}

                @Override
                public void record(int ofType, org.posthorn.storage.LogPosition position, ByteBuffer payload) {}
            });
            log.start();
            for (byte[] record : records) {
                log.sync(type, record).await();
            }
        }
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(directory.relativize(file).toString(), new String(Files.readAllBytes(file), UTF_8));
            }
        }
        return files;
    }

    private static byte[] message(String id, Consumer<byte[]> change) {
        byte[] head = SpoolCodec.arrival(new QueueId(id), 1, QueueBench.envelope("a@b.test", "c@d.test"), true, 0, 9);
        change.accept(head);
        return head;
    }

    @Test
    void refusesAMessageOfAnUnknownVersionAndChangesNothing() throws IOException {
        refuses(SpoolRecord.MESSAGE, message("FPWDAMTPJ0G", head -> head[0] = 3), "version 3");
    }

    @Test
    void refusesARecordOfAnUnknownTypeAndChangesNothing() throws IOException {
        refuses(8, new byte[] {1, 2, 3}, "type 8");
    }

    private void refuses(int type, byte[] record, String words) throws IOException {
        write(type, record);
        Files.createDirectories(directory.resolve("large"));
        Files.writeString(directory.resolve("large/FPWDAMTPJ0G"), "nine octe");
        Map<String, String> before = files();
        try (QueueBench queue = new QueueBench(directory)) {
            assertThatThrownBy(queue::openSpool)
                    .isInstanceOf(UnknownFormatException.class)
                    .hasMessageContaining(words)
                    .hasMessageContaining("Nothing was changed");
        }
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void setsADamagedRecordAsideWithTheFileThatMayBelongToIt() throws IOException {
        byte[] damaged = message("FPWDAMTPJ0G", head -> head[head.length - 1] = 0);
        damaged = java.util.Arrays.copyOf(damaged, damaged.length - 1);
        write(SpoolRecord.MESSAGE, damaged, message("FPWDAMTPJ0H", _ -> {}));
        Files.createDirectories(directory.resolve("large"));
        Files.writeString(directory.resolve("large/FPWDAMTPJ0G"), "nine octe");
        Files.writeString(directory.resolve("large/FPWDAMTPJ0H"), "nine octe");
        try (QueueBench queue = new QueueBench(directory).openSpool()) {
            queue.spool.maintain();
            assertThat(queue.spool.messages())
                    .extracting(message -> message.id().text())
                    .containsExactly("FPWDAMTPJ0H");
            assertThat(directory.resolve("corrupt/FPWDAMTPJ0G")).hasContent("nine octe");
            assertThat(directory.resolve("large/FPWDAMTPJ0H")).exists();
            assertThat(files()).containsValue(new String(damaged, UTF_8));
            assertThat(queue.log.lines).anyMatch(line -> line.contains("record-set-aside"));
            assertThat(queue.spool.faults()).singleElement().asString().contains("corrupt holds 2 damaged");
        }
    }

    @Test
    void setsOctetsWithAWrongCheckSumAside() throws IOException {
        write(SpoolRecord.MESSAGE, message("FPWDAMTPJ0G", _ -> {}), message("FPWDAMTPJ0H", _ -> {}));
        Path segment = directory.resolve("log/0000000000000001.log");
        byte[] octets = Files.readAllBytes(segment);
        int at = new String(octets, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("FPWDAMTPJ0G");
        octets[at] = 'f';
        Files.write(segment, octets);
        Files.createDirectories(directory.resolve("large"));
        Files.writeString(directory.resolve("large/FPWDAMTPJ0G"), "nine octe");
        Files.writeString(directory.resolve("large/FPWDAMTPJ0H"), "nine octe");
        try (QueueBench queue = new QueueBench(directory).openSpool()) {
            queue.spool.maintain();
            assertThat(directory.resolve("corrupt/FPWDAMTPJ0G")).hasContent("nine octe");
            assertThat(files().keySet()).anyMatch(name -> name.startsWith("corrupt/0000000000000001-"));
            assertThat(queue.spool.faults()).hasSize(1);
        }
    }

    /** The segment stays as long as a message of it or before it, and whoever has removed what was set aside is done with it. */
    @Test
    void setsDamageAsideOnce() throws IOException {
        write(
                SpoolRecord.MESSAGE,
                message("FPWDAMTPJ0G", _ -> {}),
                message("FPWDAMTPJ0J", _ -> {}),
                message("FPWDAMTPJ0H", _ -> {}));
        spoil(1, "FPWDAMTPJ0G");
        Files.createDirectories(directory.resolve("large"));
        Files.writeString(directory.resolve("large/FPWDAMTPJ0H"), "nine octe");
        for (int start = 0; start < 3; start++) {
            try (QueueBench queue = new QueueBench(directory).openSpool()) {
                queue.spool.maintain();
                if (start == 0) {
                    // One with a wrong check sum, one whose file is gone.
                    assertThat(queue.spool.faults()).singleElement().asString().contains("holds 2 damaged");
                    Files.writeString(directory.resolve("large/FPWDAMTPJ0K"), "of a draft");
                }
                assertThat(queue.log.containing("record-set-aside")).hasSize(start == 0 ? 2 : 0);
                assertThat(queue.log.containing("message-file-missing")).hasSize(start == 0 ? 1 : 0);
                assertThat(queue.spool.messages())
                        .extracting(message -> message.id().text())
                        .containsExactly("FPWDAMTPJ0H");
            }
            if (start == 0) {
                try (Stream<Path> aside = Files.list(directory.resolve("corrupt"))) {
                    for (Path file : aside.toList()) {
                        Files.delete(file);
                    }
                }
            }
        }
        assertThat(directory.resolve("corrupt")).isEmptyDirectory();
        assertThat(directory.resolve("set-aside")).content().hasLineCount(2);
    }

    private void spoil(int segment, String text) throws IOException {
        Path file = directory.resolve("log/%016d.log".formatted(segment));
        byte[] octets = Files.readAllBytes(file);
        octets[new String(octets, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf(text)] ^= 1;
        Files.write(file, octets);
    }

    /** Nothing good follows it in its segment, but a later process has written since: it was there then. */
    @Test
    void setsTheLastRecordOfAnEarlierProcessAside() throws IOException {
        write(SpoolRecord.MESSAGE, message("FPWDAMTPJ0G", _ -> {}));
        write(SpoolRecord.MESSAGE, message("FPWDAMTPJ0H", _ -> {}));
        Files.createDirectories(directory.resolve("large"));
        Files.writeString(directory.resolve("large/FPWDAMTPJ0G"), "nine octe");
        Files.writeString(directory.resolve("large/FPWDAMTPJ0H"), "nine octe");
        spoil(1, "FPWDAMTPJ0G");
        try (QueueBench queue = new QueueBench(directory).openSpool()) {
            queue.spool.maintain();
            assertThat(queue.spool.messages())
                    .extracting(message -> message.id().text())
                    .containsExactly("FPWDAMTPJ0H");
            assertThat(directory.resolve("corrupt/FPWDAMTPJ0G")).hasContent("nine octe");
            assertThat(queue.spool.faults()).singleElement().asString().contains("corrupt holds 2 damaged");
        }
    }

    @Test
    void cutsATailThatACrashHasTornWithTheFileOfItsDraft() throws IOException {
        write(SpoolRecord.MESSAGE, message("FPWDAMTPJ0H", _ -> {}), message("FPWDAMTPJ0G", _ -> {}));
        Files.createDirectories(directory.resolve("large"));
        Files.writeString(directory.resolve("large/FPWDAMTPJ0G"), "nine octe");
        Files.writeString(directory.resolve("large/FPWDAMTPJ0H"), "nine octe");
        spoil(1, "FPWDAMTPJ0G");
        for (int start = 0; start < 2; start++) {
            try (QueueBench queue = new QueueBench(directory).openSpool()) {
                queue.spool.maintain();
                assertThat(queue.spool.messages())
                        .extracting(message -> message.id().text())
                        .containsExactly("FPWDAMTPJ0H");
                assertThat(directory.resolve("large/FPWDAMTPJ0G")).doesNotExist();
                assertThat(directory.resolve("corrupt")).doesNotExist();
                assertThat(queue.spool.faults()).isEmpty();
            }
        }
    }

    @Test
    void keepsTheRecordOfAMessageWhoseFileIsMissing() throws IOException {
        write(SpoolRecord.MESSAGE, message("FPWDAMTPJ0G", _ -> {}));
        try (QueueBench queue = new QueueBench(directory).openSpool()) {
            assertThat(queue.spool.messages()).isEmpty();
            assertThat(queue.spool.faults()).hasSize(1);
            assertThat(files()).containsValue(new String(message("FPWDAMTPJ0G", _ -> {}), UTF_8));
        }
    }

    @Test
    void readsProgressWithAddressesInOneText() {
        byte[] old = new RecordWriter(64)
                .text("FPWDAMTPJ0G")
                .integer(1)
                .integer(0)
                .octet(0)
                .integer(2)
                .number(5)
                .octet(0)
                .integer(1)
                .octet(1)
                .text("far.test")
                .text("x@far.test")
                .bytes();
        SpoolRecord.States read =
                (SpoolRecord.States) new SpoolCodec().decode(SpoolRecord.PROGRESS, ByteBuffer.wrap(old));
        RecipientState state = Objects.requireNonNull(read.states().get(0));
        assertThat(state.attempts().finished())
                .containsExactly(new Router.Hop(Destination.smtp("far.test"), Address.parse("x@far.test")));
    }
}
