package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.mail.Domain;

/** What an administrator sees, and what his commands reach. */
class QueueListingTest {
    @TempDir
    private Path directory;

    private QueueBench queue;
    private QueueControl control;
    private QueueId first;
    private QueueId second;

    /** Two messages whose destinations have deferred them; that of the second is a relay. */
    @BeforeEach
    void twoThatWait() throws IOException {
        queue = new QueueBench(directory).start();
        control = queue.runner.control();
        queue.remote.answer = (destination, address) -> ScriptedAgent.deferred();
        first = queue.send("Subject: one\r\n\r\ntext\r\n", "Alice@here.test", "B@far.test", "bob@here.test");
        QueueBench.await(() -> queue.remote.got.size() == 1 && queue.local.got.size() == 1);
        queue.awaitQuiet();
        Router byDomain = queue.router;
        queue.router = address -> address.domain().name().equals("other.test")
                ? new Router.Route.To(List.of(new Router.Hop(Destination.smtp("relay.test"), address)))
                : byDomain.route(address);
        second = queue.send("no header at all", "", "d@other.test");
        QueueBench.await(() -> queue.remote.got.size() == 2);
        queue.awaitQuiet();
    }

    @AfterEach
    void close() {
        queue.close();
    }

    private List<QueueId> listed(String filter) {
        return control.list(filter, 10).shown().stream()
                .map(QueueControl.Summary::id)
                .toList();
    }

    @Test
    void filtersBySenderOpenRecipientDestinationAndState() throws IOException {
        assertThat(listed("")).containsExactly(first, second);
        assertThat(listed("alice@HERE")).containsExactly(first);
        assertThat(listed("b@FAR.test")).containsExactly(first);
        assertThat(listed("relay.test")).containsExactly(second);
        assertThat(listed("d@other")).containsExactly(second);
        // Bob has it already.
        assertThat(listed("bob@")).isEmpty();
        assertThat(listed("deferred")).containsExactly(first, second);
        assertThat(listed("active")).isEmpty();
        assertThat(control.hold(first)).isTrue();
        assertThat(listed("held")).containsExactly(first);
        assertThat(listed("deferred")).containsExactly(second);
        assertThat(control.list("", 1).shown()).hasSize(1);
        assertThat(control.list("", 1).total()).isEqualTo(2);
        assertThat(control.list("", 0).shown()).isEmpty();
    }

    @Test
    void selectsByDomainSenderAndWhetherHeld() throws IOException {
        control.hold(second);
        QueueSelection all = new QueueSelection(Optional.empty(), Optional.empty(), Optional.empty());
        assertThat(control.select(all)).containsExactly(first, second);
        assertThat(control.select(all.ifHeld(true))).containsExactly(second);
        assertThat(control.select(all.ifHeld(false))).containsExactly(first);
        for (String sender : List.of("ALICE@here.test", "@HERE.test")) {
            assertThat(control.select(new QueueSelection(Optional.empty(), Optional.of(sender), Optional.empty())))
                    .containsExactly(first);
        }
        assertThat(control.select(new QueueSelection(Optional.empty(), Optional.of("here.test"), Optional.empty())))
                .isEmpty();
        assertThat(control.select(new QueueSelection(Optional.empty(), Optional.of(""), Optional.empty())))
                .containsExactly(second);
        assertThat(control.select(
                        new QueueSelection(Optional.of(Domain.parse("far.test")), Optional.empty(), Optional.empty())))
                .containsExactly(first);
        assertThat(control.select(
                        new QueueSelection(Optional.of(Domain.parse("here.test")), Optional.empty(), Optional.empty())))
                .isEmpty();
    }

    @Test
    void showsAllOfAMessage() throws IOException {
        QueueControl.Details details = control.show(first).orElseThrow();
        QueueControl.Summary summary = details.summary();
        assertThat(summary.sender()).isEqualTo("Alice@here.test");
        assertThat(summary.arrived()).isEqualTo(queue.clock.instant());
        assertThat(summary.size()).isEqualTo(37);
        assertThat(summary.open()).containsExactly("B@far.test");
        assertThat(summary.state()).isEqualTo(QueueControl.State.DEFERRED);
        assertThat(summary.reason()).isEqualTo("452 full");
        assertThat(details.header()).isEqualTo("X-Prefix: yes\r\nSubject: one\r\n");
        QueueControl.RecipientStatus waiting = details.recipients().getFirst();
        assertThat(waiting.attempts()).isEqualTo(1);
        assertThat(waiting.done()).isFalse();
        assertThat(waiting.nextAttempt()).isEqualTo(summary.nextAttempt());
        assertThat(Duration.between(queue.clock.instant(), waiting.nextAttempt().orElseThrow()))
                .isBetween(Duration.ofSeconds(270), Duration.ofSeconds(330));
        QueueControl.RecipientStatus done = details.recipients().get(1);
        assertThat(done.done()).isTrue();
        assertThat(done.nextAttempt()).isEmpty();
        assertThat(control.show(second).orElseThrow().header()).isEqualTo("X-Prefix: yes\r\nno header at all");
        assertThat(control.show(second).orElseThrow().summary().sender()).isEmpty();
        control.hold(first);
        assertThat(control.show(first).orElseThrow().summary().nextAttempt()).isEmpty();
        // Whoever has looked has let go again.
        assertThat(queue.runner.metrics().depth()).isEqualTo(new QueueMetrics.Depth(0, 1, 1));
    }

    /** 64 KiB. */
    @Test
    void showsTheBeginningOfAnEndlessHeader() throws IOException {
        QueueId id = queue.send("X: " + "y".repeat(100_000) + "\r\n", "a@here.test", "b@far.test");
        assertThat(control.show(id).orElseThrow().header()).hasSize(65_536);
    }

    @Test
    void aDestinationIsTheDomainOrWhereItWaits() throws IOException {
        queue.remote.answer = (destination, address) -> ScriptedAgent.delivered();
        assertThat(control.retryDestination("nowhere.test")).isZero();
        // A part of the name is none of it, and who has it already waits for nothing.
        assertThat(control.retryDestination("relay")).isZero();
        assertThat(control.retryDestination("here.test")).isZero();
        control.hold(second);
        assertThat(control.retryDestination("relay.test")).isZero();
        assertThat(control.release(second)).isTrue();
        QueueBench.await(() -> queue.spool.messages().size() == 1);
        assertThat(control.retryDestination("FAR.test")).isEqualTo(1);
        queue.awaitEmpty();
        assertThat(queue.log.containing("held []")).hasSize(1);
        assertThat(queue.log.containing("released []")).hasSize(1);
    }

    @Test
    void whatAWholeDestinationWaitsForIsForgivenAtARetry() throws IOException {
        queue.remote.answer = (destination, address) -> ScriptedAgent.unreachable();
        QueueId id = queue.send("x", "a@here.test", "b@dead.test");
        QueueBench.await(() -> queue.remote.got.size() == 3);
        queue.awaitQuiet();
        assertThat(queue.runner.metrics().destinations()).isEqualTo(1);
        queue.remote.answer = (destination, address) -> ScriptedAgent.delivered();
        assertThat(control.retry(id)).isTrue();
        QueueBench.await(() -> queue.spool.messages().size() == 2);
        queue.awaitGone();
        assertThat(queue.runner.metrics().destinations()).isZero();
    }

    @Test
    void flushTriesWhatIsNotHeld() throws IOException {
        queue.remote.answer = (destination, address) -> ScriptedAgent.delivered();
        control.hold(second);
        assertThat(control.flush()).isEqualTo(1);
        QueueBench.await(() -> queue.spool.messages().size() == 1);
        assertThat(listed("")).containsExactly(second);
        assertThat(control.delete(second)).isTrue();
        queue.awaitEmpty();
        assertThat(queue.log.containing("deleted []")).hasSize(1);
        assertThat(queue.log.containing("qmgr " + second + ": removed")).hasSize(1);
        assertThat(queue.runner.metrics().removed()).isEqualTo(2);
    }

    @Test
    void whatIsInDeliveryIsActiveAndIsTriedOnceOnly() throws IOException {
        CountDownLatch gate = new CountDownLatch(1);
        queue.remote.onJob = job -> {
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        assertThat(control.retry(first)).isTrue();
        QueueBench.await(() -> queue.remote.busy.get() == 1);
        assertThat(listed("active")).containsExactly(first);
        assertThat(listed("deferred")).containsExactly(second);
        assertThat(queue.runner.metrics().depth()).isEqualTo(new QueueMetrics.Depth(1, 1, 0));
        assertThat(control.retry(first)).isTrue();
        // Dropped in the midst: the delivery goes on to its end.
        assertThat(control.delete(first)).isTrue();
        assertThat(control.show(first)).isEmpty();
        gate.countDown();
        queue.awaitGone();
        assertThat(queue.remote.got).hasSize(3);
        assertThat(queue.spool.messages()).hasSize(1);
    }
}
