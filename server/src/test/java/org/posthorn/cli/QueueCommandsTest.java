package org.posthorn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.admin.AdminApi;
import org.posthorn.admin.LocalQueueAdmin;
import org.posthorn.admin.QueueAlone;
import org.posthorn.admin.http.AdminClient;
import org.posthorn.admin.http.AdminHandler;
import org.posthorn.admin.http.StatusHandler;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Address;
import org.posthorn.mail.Envelope;
import org.posthorn.net.ListenAddress;
import org.posthorn.queue.Destination;
import org.posthorn.queue.Draft;
import org.posthorn.queue.Notifier;
import org.posthorn.queue.QueueConfig;
import org.posthorn.queue.QueueRunner;
import org.posthorn.queue.QueuedMessage;
import org.posthorn.queue.Router;
import org.posthorn.queue.spool.FileSpool;
import org.posthorn.server.http.HttpServer;

/** The queue's commands on messages that nobody delivers: on the files, and through HTTP on the Unix socket. */
@ParameterizedClass
@ValueSource(booleans = {false, true})
class QueueCommandsTest {
    private static final Notifier NOBODY = new Notifier() {
        @Override
        public void failed(QueuedMessage message, List<Undelivered> recipients) {}

        @Override
        public void delayed(QueuedMessage message, List<Undelivered> recipients, java.time.Instant giveUp) {}
    };

    @Parameter
    private boolean running;

    @TempDir
    Path dir;

    private Optional<HttpServer> http = Optional.empty();
    private FileSpool spool;
    private QueueRunner runner;

    @BeforeEach
    void open() throws IOException {
        QueueConfig config = QueueConfig.defaults(dir);
        spool = FileSpool.open(config, () -> {}, InstantSource.system(), MailLog.none());
        runner = new QueueRunner(
                spool,
                config,
                address -> new Router.Route.To(
                        List.of(new Router.Hop(Destination.smtp(address.domain().name()), address))),
                List.of(),
                NOBODY,
                InstantSource.system(),
                new Random(1),
                MailLog.none());
        if (running) {
            http = Optional.of(HttpServer.start(
                    List.of(new HttpServer.Site(
                            new ListenAddress.Unix(dir.resolve("admin.sock")),
                            new AdminHandler(local(), new StatusHandler(List::of, _ -> {})))),
                    MailLog.none()));
        }
    }

    private AdminApi local() {
        return new QueueAlone(List::of, new LocalQueueAdmin(runner.control()));
    }

    private AdminApi admin() {
        return running ? AdminClient.of(dir.resolve("admin.sock")).orElseThrow() : local();
    }

    @AfterEach
    void close() throws IOException {
        if (http.isPresent()) {
            http.get().close();
        }
        runner.close();
        spool.close();
    }

    private String send(String sender, String... recipients) throws IOException {
        try (Draft draft = spool.begin()) {
            draft.write(new byte[] {'x', '\r', '\n'}, 0, 3);
            draft.commit(
                    new Envelope(
                            sender.isEmpty() ? Optional.empty() : Optional.of(Address.parse(sender)),
                            Arrays.stream(recipients).map(Address::parse).toList(),
                            false,
                            false),
                    new byte[0]);
            return draft.id().text();
        }
    }

    /** What a command printed: a table with the names of its columns, if there is one, and the rest. */
    private record Shown(boolean ok, List<String> columns, List<List<String>> rows, String message) {
        static Shown of(int status, String out, String err) {
            if (status != 0) {
                return new Shown(
                        false,
                        List.of(),
                        List.of(),
                        err.lines().findFirst().orElse("").replaceFirst("^posthorn: ", ""));
            }
            List<String> lines = out.lines().toList();
            boolean table =
                    lines.getFirst().startsWith("id ") || lines.getFirst().startsWith("recipient ");
            int end = 0;
            while (table && end < lines.size() && lines.get(end).contains("  ")) {
                end++;
            }
            List<List<String>> rows = lines.subList(0, end).stream()
                    .map(line -> List.of(line.split(" {2,}", -1)))
                    .toList();
            return new Shown(
                    true,
                    table ? rows.getFirst() : List.of(),
                    table ? rows.subList(1, rows.size()) : List.of(),
                    String.join("\n", lines.subList(end, lines.size())));
        }
    }

    private Shown run(String... words) {
        Program program = (Program) Proxy.newProxyInstance(
                Program.class.getClassLoader(), new Class<?>[] {Program.class}, (_, _, _) -> admin());
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        ByteArrayOutputStream complaints = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(complaints, true, StandardCharsets.UTF_8));
            int status = PosthornCommand.run(program, words);
            return Shown.of(
                    status, printed.toString(StandardCharsets.UTF_8), complaints.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private List<String> ids(String... words) {
        return run(words).rows().stream().map(List::getFirst).toList();
    }

    @Test
    void saysHowManyOfHowManyAreShown() throws IOException {
        assertThat(run("queue", "list").message()).isEqualTo("no messages");
        String first = send("a@here.test", "x@far.test");
        String second = send("b@here.test", "y@far.test");
        send("c@here.test", "z@other.test");
        assertThat(run("queue", "list").message()).isEqualTo("3 of 3 messages");
        Shown two = run("queue", "list", "--limit", "2");
        assertThat(two.rows()).extracting(List::getFirst).containsExactly(first, second);
        assertThat(two.message()).isEqualTo("2 of 3 messages, the oldest; --limit N or --all shows more");
        assertThat(run("queue", "list", "--limit", "1", "far.test").message())
                .startsWith("1 of 2 messages, the oldest");
        assertThat(run("queue", "list", "--all", "other.test").message()).isEqualTo("1 of 1 message");
        for (String wrong : List.of("0", "many", "-1")) {
            assertThat(run("queue", "list", "--limit", wrong).ok()).as(wrong).isFalse();
        }
    }

    @Test
    void showsAThousandUnlessAskedForMore() throws IOException {
        for (int i = 0; i < 1001; i++) {
            send("a@here.test", "x@far.test");
        }
        assertThat(run("queue", "list").rows()).hasSize(1000);
        assertThat(run("queue", "list").message()).startsWith("1000 of 1001 messages, the oldest");
        assertThat(run("queue", "list", "--all").rows()).hasSize(1001);
    }

    @Test
    void takesSeveralIdsAndNamesThoseThatAreGone() throws IOException {
        String first = send("a@here.test", "x@far.test");
        String second = send("b@here.test", "y@far.test");
        String third = send("c@here.test", "z@far.test");
        assertThat(run("queue", "hold", first, second.toLowerCase(java.util.Locale.ROOT))
                        .message())
                .isEqualTo("2 messages held");
        assertThat(ids("queue", "list", "held")).containsExactly(first, second);
        Shown gone = run("queue", "delete", first, "F0000000000", third);
        assertThat(gone.ok()).isFalse();
        assertThat(gone.message()).isEqualTo("2 messages deleted; not in the queue: F0000000000");
        assertThat(ids("queue", "list")).containsExactly(second);
        assertThat(run("queue", "delete", second, "what?").message())
                .isEqualTo("not a queue id: what?; nothing was done");
        assertThat(ids("queue", "list")).containsExactly(second);
        assertThat(run("queue", "delete", second).message()).isEqualTo("1 message deleted");
    }

    @Test
    void selectsByDomainAndSender() throws IOException {
        String far = send("a@here.test", "x@far.test", "y@other.test");
        String other = send("a@here.test", "y@other.test");
        String bounce = send("", "x@far.test");
        String sub = send("b@there.test", "x@sub.far.test");
        assertThat(run("queue", "hold", "--to-domain", "FAR.test").message()).isEqualTo("2 messages held");
        assertThat(ids("queue", "list", "held")).containsExactly(far, bounce);
        assertThat(run("queue", "release", "--sender", "<>").message()).isEqualTo("1 message released");
        assertThat(ids("queue", "list", "held")).containsExactly(far);
        assertThat(run("queue", "delete", "--sender", "A@here.test", "--to-domain", "other.test")
                        .message())
                .isEqualTo("2 messages deleted");
        assertThat(ids("queue", "list")).containsExactly(bounce, sub).doesNotContain(other);
        assertThat(run("queue", "delete", "--sender", "@there.test").message()).isEqualTo("1 message deleted");
        assertThat(run("queue", "delete", "--to-domain", "nobody.test").message())
                .isEqualTo("0 messages deleted");
    }

    @Test
    void countsThoseThatAChangeIsFor() throws IOException {
        String held = send("a@here.test", "x@far.test");
        send("a@here.test", "x@far.test");
        assertThat(run("queue", "hold", held).ok()).isTrue();
        assertThat(run("queue", "retry", "--all").message()).isEqualTo("1 message tried now");
        assertThat(run("queue", "release", "--all").message()).isEqualTo("1 message released");
        assertThat(run("queue", "hold", "--all").message()).isEqualTo("2 messages held");
        assertThat(run("queue", "delete", "--all").message()).isEqualTo("2 messages deleted");
        assertThat(run("queue", "list").message()).isEqualTo("no messages");
    }

    @Test
    void refusesASelectionThatCouldMeanMoreThanWasMeant() throws IOException {
        String id = send("a@here.test", "x@far.test");
        List<List<String>> unclear = List.of(
                List.of("--all", "--sender", "a@here.test"),
                List.of("--to-domain"),
                List.of("--to-domain", "far..test"),
                List.of("--sender", "a@here.test", id),
                List.of(id, "--all"),
                List.of("--every"));
        for (List<String> words : unclear) {
            List<String> command = new ArrayList<>(List.of("queue", "delete"));
            command.addAll(words);
            assertThat(run(command.toArray(String[]::new)).ok())
                    .as(words.toString())
                    .isFalse();
        }
        assertThat(ids("queue", "list")).containsExactly(id);
    }

    private static String minute(java.time.Instant time) {
        return time.atZone(java.time.ZoneId.systemDefault())
                .format(java.time.format.DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm"));
    }

    @Test
    void showsAMessage() throws IOException {
        String before = minute(java.time.Instant.now());
        String id = send("", "a@far.test", "b@far.test", "c@far.test", "d@far.test", "e@far.test");
        run("queue", "hold", id);
        Shown list = run("queue", "list");
        assertThat(list.columns())
                .containsExactly("id", "arrived", "size", "state", "sender", "recipients", "next attempt", "reason");
        List<String> row = list.rows().getFirst();
        String arrived = row.get(1);
        assertThat(arrived).isGreaterThanOrEqualTo(before).matches("[-0-9]{10} [0-9:]{8}");
        assertThat(row)
                .containsExactly(
                        id, arrived, "3", "held", "<>", "a@far.test,b@far.test,c@far.test and 2 more", "-", "");
        Shown shown = run("queue", "show", id.toLowerCase(java.util.Locale.ROOT));
        assertThat(shown.message())
                .isEqualTo("message " + id + " from <>, 3 octets, arrived " + arrived + ", held\n\nx\n");
        assertThat(shown.columns()).containsExactly("recipient", "state", "attempts", "next attempt", "last");
        assertThat(shown.rows()).hasSize(5).first().isEqualTo(List.of("a@far.test", "open", "0", "-", "-"));
        assertThat(run("queue", "show", "F0000000000").message()).isEqualTo("no message F0000000000 in the queue");
        assertThat(run("queue", "show", "what?").message()).isEqualTo("not a queue id: what?");
        assertThat(run("queue", "show", "what?").ok()).isFalse();
        String three = send("s@here.test", "a@far.test", "b@far.test", "c@far.test");
        assertThat(run("queue", "list", "s@here").rows().getFirst())
                .contains(three, "s@here.test", "a@far.test,b@far.test,c@far.test", "active");
    }

    @Test
    void triesAllOrWhatWaitsForADestination() throws IOException {
        String first = send("a@here.test", "x@far.test");
        assertThat(run("queue", "flush").message()).isEqualTo("1 message is tried now");
        send("b@here.test", "y@far.test", "z@other.test");
        assertThat(run("queue", "retry", "all").message()).isEqualTo("2 messages are tried now");
        assertThat(run("queue", "retry", "other.test").message()).isEqualTo("1 message is tried now");
        assertThat(run("queue", "retry", "nobody.test").message()).isEqualTo("0 messages are tried now");
        assertThat(run("queue", "retry", first).message()).isEqualTo("1 message tried now");
        assertThat(run("queue", "retry", first, "F0000000000").message())
                .isEqualTo("1 message tried now; not in the queue: F0000000000");
    }

    /** A spool whose log cannot be written, since it is closed. */
    @Test
    void saysHowFarItCameWhenTheSpoolFailed() throws IOException {
        String id = send("a@here.test", "x@far.test");
        spool.close();
        assertThat(run("queue", "hold", id).message()).startsWith("0 messages held, then the spool failed: ");
        assertThat(run("queue", "delete", "--all").message()).startsWith("0 messages deleted, then the spool failed: ");
    }
}
