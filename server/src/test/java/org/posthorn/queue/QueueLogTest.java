package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.mail.Address;

/** The lines of the log by which pflogsumm and people follow a message, and what is counted. */
class QueueLogTest {
    @TempDir
    private Path directory;

    private QueueBench queue;

    @BeforeEach
    void start() throws IOException {
        queue = new QueueBench(directory).start();
    }

    @AfterEach
    void close() {
        queue.close();
    }

    private List<String> of(QueueId id) {
        return queue.log.containing(" " + id + ": ").stream()
                .map(line -> line.replace(id.text(), "ID"))
                .toList();
    }

    @Test
    void whatIsRefusedIsBounced() throws IOException {
        queue.remote.answer = (destination, address) -> ScriptedAgent.failed();
        QueueId id = queue.send("x", "a@here.test", "b@far.test");
        queue.awaitEmpty();
        queue.awaitGone();
        assertThat(of(id))
                .containsExactly(
                        "qmgr ID: from=<a@here.test>, size=16, nrcpt=1 (queue active)",
                        "smtp ID: to=<b@far.test>, relay=host[192.0.2.1]:25, delay=0, delays=0/0/0/0, dsn=5.1.1,"
                                + " status=bounced (550 no such user)",
                        "qmgr ID: removed");
        assertThat(queue.runner.metrics().remote().failed()).isEqualTo(1);
        assertThat(queue.runner.metrics().remote().delivered()).isZero();
        assertThat(queue.runner.metrics().remote().deferred()).isZero();
    }

    @Test
    void whatWaitsIsDeferredWithItsWholeDelay() throws IOException {
        queue.local.answer = (destination, address) -> ScriptedAgent.deferred();
        QueueId id = queue.send("x", "", "bob@here.test");
        QueueBench.await(() -> queue.local.got.size() == 1);
        queue.awaitQuiet();
        queue.local.answer = (destination, address) -> ScriptedAgent.delivered();
        queue.advance(Duration.ofMinutes(10));
        queue.awaitEmpty();
        queue.awaitGone();
        assertThat(of(id))
                .containsExactly(
                        "qmgr ID: from=<>, size=16, nrcpt=1 (queue active)",
                        "local ID: to=<bob@here.test>, relay=host[192.0.2.1]:25, delay=0, delays=0/0/0/0, dsn=4.2.2,"
                                + " status=deferred (452 full)",
                        "local ID: to=<bob@here.test>, relay=host[192.0.2.1]:25, delay=600, delays=600/0/0/0,"
                                + " dsn=2.0.0, status=sent (250 ok)",
                        "qmgr ID: removed");
        assertThat(queue.runner.metrics().local().deferred()).isEqualTo(1);
        assertThat(queue.runner.metrics().local().delivered()).isEqualTo(1);
        assertThat(queue.runner.metrics().local().failed()).isZero();
    }

    @Test
    void whatHasNoWayIsToldByNobodyElse() throws IOException {
        queue.router = address -> switch (address.localPart()) {
            case "gone" -> new Router.Route.Unroutable("5.1.2", "no such domain");
            case "odd" -> new Router.Route.Unroutable("no status", "odd");
            case "later" -> new Router.Route.Unknown("4.3.2", "directory is away");
            case "strange" -> new Router.Route.Unknown("no status", "strange");
            default -> throw new IllegalStateException("a defect");
        };
        QueueId id = queue.send(
                "x",
                "a@here.test",
                "gone@far.test",
                "odd@far.test",
                "later@far.test",
                "strange@far.test",
                "b@far.test");
        QueueBench.await(() -> queue.notices.size() == 1);
        queue.awaitQuiet();
        String begin = "@far.test>, relay=none, delay=0, delays=0/0/0/0, dsn=";
        assertThat(of(id))
                .containsExactly(
                        "qmgr ID: from=<a@here.test>, size=16, nrcpt=5 (queue active)",
                        "error ID: to=<gone" + begin + "5.1.2, status=bounced (no such domain)",
                        "error ID: to=<odd" + begin + "5.4.0, status=bounced (odd)",
                        "error ID: to=<later" + begin + "4.3.2, status=deferred (directory is away)",
                        "error ID: to=<strange" + begin + "4.4.0, status=deferred (strange)",
                        "error ID: to=<b" + begin
                                + "4.3.0, status=deferred (routing failed: java.lang.IllegalStateException: a defect)");
        assertThat(queue.runner.control().list("", 1).shown().getFirst().open())
                .containsExactly("later@far.test", "strange@far.test", "b@far.test");
    }

    @Test
    void whatIsNotTriedForItsDestinationIsToldOnce() throws IOException {
        queue.remote.answer = (destination, address) -> ScriptedAgent.unreachable();
        queue.send("x", "a@here.test", "b@dead.test");
        QueueBench.await(() -> !queue.log.containing("destination-suspended").isEmpty());
        queue.awaitQuiet();
        QueueId id = queue.send("y", "a@here.test", "c@dead.test");
        queue.awaitQuiet();
        assertThat(queue.remote.got).hasSize(1);
        assertThat(of(id))
                .containsExactly(
                        "qmgr ID: from=<a@here.test>, size=16, nrcpt=1 (queue active)",
                        "smtp ID: to=<c@dead.test>, relay=none, delay=0, delays=0/0/0/0, dsn=4.4.1,"
                                + " status=deferred (delivery temporarily suspended: connection refused)");
        assertThat(queue.log.containing("destination-suspended"))
                .singleElement()
                .asString()
                .endsWith(
                        "qmgr : destination-suspended [destination, dead.test, failures, 1, reason, connection refused]");
        QueueControl.RecipientStatus waiting =
                queue.runner.control().show(id).orElseThrow().recipients().getFirst();
        assertThat(waiting.attempts()).isZero();
        assertThat(Duration.between(queue.clock.instant(), waiting.nextAttempt().orElseThrow()))
                .isBetween(Duration.ofSeconds(270), Duration.ofSeconds(330));
    }

    /** Of an alias, who is reached by two ways has it once; what is over by one way is not tried again. */
    @Test
    void anAliasIsDoneWhenAllItsWaysAre() throws IOException {
        Router.Hop good = new Router.Hop(Destination.smtp("far.test"), Address.parse("b@far.test"));
        Router.Hop bad = new Router.Hop(Destination.smtp("dead.test"), Address.parse("c@dead.test"));
        queue.router = address -> new Router.Route.To(List.of(good, bad, good));
        queue.remote.answer = (destination, address) ->
                destination.name().equals("dead.test") ? ScriptedAgent.failed() : ScriptedAgent.delivered();
        QueueId id = queue.send("x", "a@here.test", "all@here.test");
        queue.awaitEmpty();
        queue.awaitGone();
        assertThat(queue.remote.recipients()).containsExactlyInAnyOrder("b@far.test", "c@dead.test");
        assertThat(queue.notices)
                .containsExactly(new QueueBench.Notice("failed", id, List.of("all@here.test"), List.of("5.1.1")));
        assertThat(of(id)).anyMatch(line -> line.startsWith("smtp ID: to=<b@far.test>, orig_to=<all@here.test>, "));
        assertThat(queue.spool.memoryOctets()).isZero();
    }

    /** The way that succeeds must not end the message while the sender is being told of the other, or a crash would lose the notice. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAliasIsNotDoneBeforeItsSenderIsTold(boolean failsFirst) throws IOException {
        Router.Hop good = new Router.Hop(Destination.smtp("far.test"), Address.parse("b@far.test"));
        Router.Hop bad = new Router.Hop(Destination.smtp("dead.test"), Address.parse("c@dead.test"));
        AtomicBoolean telling = new AtomicBoolean();
        List<Integer> inQueue = Collections.synchronizedList(new ArrayList<>());
        queue.router = address -> new Router.Route.To(List.of(good, bad));
        queue.remote.answer = (destination, address) -> {
            if (destination.name().equals("dead.test")) {
                return ScriptedAgent.failed();
            }
            QueueBench.await(telling::get);
            return ScriptedAgent.delivered();
        };
        queue.noticesFail = failsFirst;
        queue.beforeNotice = () -> {
            telling.set(true);
            // Until the other way has ended: who tells is all that is busy.
            QueueBench.await(() -> queue.runner.metrics().busy() == 1);
            inQueue.add(queue.spool.messages().size());
        };
        QueueId id = queue.send("x", "a@here.test", "all@here.test");
        if (failsFirst) {
            queue.awaitQuiet();
            assertThat(queue.notices).isEmpty();
            queue.beforeNotice = () -> {};
            queue.noticesFail = false;
            queue.advance(Duration.ofHours(1));
        }
        queue.awaitEmpty();
        queue.awaitGone();
        assertThat(inQueue).containsExactly(1);
        assertThat(queue.notices)
                .containsExactly(new QueueBench.Notice("failed", id, List.of("all@here.test"), List.of("5.1.1")));
        assertThat(queue.remote.recipients().stream().filter("b@far.test"::equals))
                .as("what is over by one way is not tried again")
                .hasSize(1);
    }

    @Test
    void countsWhatTheSpoolTakes() throws IOException {
        long before = queue.spool.syncs();
        queue.send("x", "a@here.test", "b@far.test");
        assertThat(queue.spool.syncs()).isGreaterThan(before);
        assertThat(queue.spool.logOctets()).isGreaterThanOrEqualTo(262_144);
        assertThat(queue.spool.freeOctets()).isPositive();
    }
}
