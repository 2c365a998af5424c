package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.mail.Address;
import org.posthorn.protocol.smtp.EnhancedStatus;

class QueueRunnerTest {
    @TempDir
    Path directory;

    @Test
    void deliversLocallyAndRemotelyAndForgets() throws IOException {
        try (QueueBench queue = new QueueBench(directory).start()) {
            QueueId id = queue.send("Subject: x\r\n\r\nhello\r\n", "a@far.test", "bob@here.test", "carol@far.test");
            queue.awaitEmpty();
            assertThat(queue.local.got)
                    .containsExactly(new ScriptedAgent.Got(
                            Destination.mailbox("bob@here.test"),
                            id,
                            Address.parse("bob@here.test"),
                            "X-Prefix: yes\r\nSubject: x\r\n\r\nhello\r\n",
                            false));
            assertThat(queue.remote.recipients()).containsExactly("carol@far.test");
            assertThat(queue.notices).isEmpty();
        }
    }

    @Test
    void logsInPostfixForm() throws IOException {
        try (QueueBench queue = new QueueBench(directory).start()) {
            queue.router = address -> QueueBench.routeByDomain(Address.parse("bob@here.test"));
            QueueId id = queue.send("x\r\n", "a@far.test", "info@here.test");
            queue.awaitEmpty();
            assertThat(queue.log.lines)
                    .containsExactly(
                            "qmgr " + id + ": from=<a@far.test>, size=18, nrcpt=1 (queue active)",
                            "local " + id + ": to=<bob@here.test>, orig_to=<info@here.test>, "
                                    + "relay=host[192.0.2.1]:25, delay=0, delays=0/0/0/0, dsn=2.0.0, "
                                    + "status=sent (250 ok)",
                            "qmgr " + id + ": removed");
        }
    }

    @Test
    void logsTheTimesOfWaitingConnectingAndSending() throws IOException {
        try (QueueBench queue = new QueueBench(directory).start()) {
            queue.remote.onJob = job -> {
                queue.clock.advance(Duration.ofSeconds(2));
                job.connected();
                queue.clock.advance(Duration.ofSeconds(3));
            };
            queue.send("x\r\n", "a@here.test", "b@far.test");
            queue.awaitEmpty();
            queue.remote.onJob = job -> queue.clock.advance(Duration.ofSeconds(2));
            queue.remote.answer = (destination, address) -> ScriptedAgent.unreachable();
            queue.send("x\r\n", "a@here.test", "b@far.test");
            queue.awaitQuiet();
            assertThat(queue.log.lines)
                    .anyMatch(line -> line.contains("delay=5, delays=0/0/2/3, dsn=2.0.0"))
                    .anyMatch(line -> line.contains("delay=2, delays=0/0/2/0, dsn=4.4.1"));
        }
    }

    @Test
    void triesAgainBySchedule() throws IOException {
        try (QueueBench queue = new QueueBench(directory).start()) {
            queue.remote.answer = (destination, address) -> ScriptedAgent.deferred();
            queue.send("x\r\n", "a@here.test", "b@far.test");
            QueueBench.await(() -> queue.remote.got.size() == 1);
            queue.awaitQuiet();
            queue.advance(Duration.ofMinutes(4));
            assertThat(queue.runner.control().list("deferred", 10).shown()).hasSize(1);
            queue.advance(Duration.ofMinutes(2));
            QueueBench.await(() -> queue.remote.got.size() == 2);
            queue.awaitQuiet();
            queue.remote.answer = (destination, address) -> ScriptedAgent.delivered();
            queue.advance(Duration.ofMinutes(12));
            queue.awaitEmpty();
            assertThat(queue.remote.got).hasSize(3);
            assertThat(queue.remote.got.get(1).mayBeRepeat()).isTrue();
        }
    }

    @Test
    void goesOnAfterAMessageThatCannotBeTried() throws IOException {
        try (QueueBench queue = new QueueBench(directory).start()) {
            queue.remote.answer = (destination, address) -> ScriptedAgent.deferred();
            queue.send("x\r\n", "a@here.test", "b@far.test");
            queue.send("x\r\n", "a@here.test", "c@other.test");
            QueueBench.await(() -> queue.remote.got.size() == 2);
            queue.awaitQuiet();
            queue.remote.answer = (destination, address) -> ScriptedAgent.delivered();
            Router good = queue.router;
            queue.router = address -> {
                if (address.domain().name().equals("far.test")) {
                    throw new AssertionError("a defect");
                }
                return good.route(address);
            };
            queue.advance(Duration.ofHours(1));
            QueueBench.await(() -> queue.spool.messages().size() == 1);
            QueueBench.await(() -> !queue.log.containing("attempt-failed").isEmpty());
            assertThat(queue.log.containing("attempt-failed"))
                    .singleElement()
                    .asString()
                    .contains("a defect");
            assertThat(queue.runner.alive()).isTrue();
        }
    }

    /** RFC 5321 5.1: one copy for all recipients of a host, after a deferral too. */
    @Test
    void triesTheRecipientsOfADomainTogetherAgain() throws IOException {
        try (QueueBench queue = new QueueBench(directory).start()) {
            queue.remote.answer = (destination, address) -> ScriptedAgent.deferred();
            List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
            queue.remote.onJob = job -> sizes.add(job.recipients().size());
            String[] recipients =
                    IntStream.range(0, 50).mapToObj(i -> "r" + i + "@far.test").toArray(String[]::new);
            queue.send("x\r\n", "a@here.test", recipients);
            QueueBench.await(() -> queue.remote.got.size() == 50);
            queue.awaitQuiet();
            queue.remote.answer = (destination, address) -> ScriptedAgent.delivered();
            for (int second = 270; second <= 330 && queue.remote.got.size() < 100; second++) {
                queue.advance(Duration.ofSeconds(second == 270 ? 270 : 1));
                queue.awaitQuiet();
            }
            queue.awaitEmpty();
            assertThat(sizes).containsExactly(50, 50);
        }
    }

    /** Two agents may be at work for an account: the first takes both messages, and the third comes while the second leaves. */
    @Test
    void goesOnWhereAnAgentFoundItsJobTaken() throws IOException {
        CountDownLatch bothSent = new CountDownLatch(1);
        CountDownLatch bothTaken = new CountDownLatch(1);
        CountDownLatch secondFoundNothing = new CountDownLatch(1);
        CountDownLatch thirdSent = new CountDownLatch(1);
        CountDownLatch thirdTaken = new CountDownLatch(1);
        try (QueueBench queue = new QueueBench(directory).start()) {
            queue.local.onStart = session -> passed(session == 2 ? bothTaken : new CountDownLatch(0));
            queue.local.onLeave = session -> {
                if (session == 2) {
                    secondFoundNothing.countDown();
                    passed(thirdSent);
                }
            };
            queue.local.onContent = (content, mayBeRepeat) -> {
                if (content.endsWith("first\r\n")) {
                    passed(bothSent);
                } else if (content.endsWith("second\r\n")) {
                    bothTaken.countDown();
                    passed(thirdTaken);
                } else {
                    thirdTaken.countDown();
                }
            };
            queue.send("first\r\n", "a@far.test", "bob@here.test");
            queue.send("second\r\n", "a@far.test", "bob@here.test");
            bothSent.countDown();
            passed(secondFoundNothing);
            queue.send("third\r\n", "a@far.test", "bob@here.test");
            thirdSent.countDown();
            queue.awaitEmpty();
            assertThat(queue.local.got).hasSize(3);
            assertThat(queue.log.lines).noneMatch(line -> line.contains("suspended"));
        }
    }

    private static void passed(CountDownLatch latch) {
        try {
            if (!latch.await(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nothing happened");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void returnsWhatIsRefusedAndOnlyThat() throws IOException {
        try (QueueBench queue = new QueueBench(directory).start()) {
            queue.remote.answer = (destination, address) ->
                    address.localPart().startsWith("no") ? ScriptedAgent.failed() : ScriptedAgent.delivered();
            QueueId id = queue.send("x\r\n", "a@here.test", "no1@far.test", "yes@far.test", "no2@far.test");
            queue.awaitEmpty();
            assertThat(queue.notices)
                    .containsExactly(new QueueBench.Notice(
                            "failed", id, List.of("no1@far.test", "no2@far.test"), List.of("5.1.1", "5.1.1")));
        }
    }

    @Test
    void neverAnswersTheNullSender() throws IOException {
        try (QueueBench queue = new QueueBench(directory).start()) {
            queue.remote.answer = (destination, address) -> ScriptedAgent.failed();
            queue.send("x\r\n", "", "b@far.test");
            queue.awaitEmpty();
            assertThat(queue.notices).isEmpty();
        }
    }

    @Test
    void keepsRecipientUntilItsNoticeIsKept() throws IOException {
        try (QueueBench queue = new QueueBench(directory).start()) {
            queue.remote.answer = (destination, address) -> ScriptedAgent.failed();
            queue.noticesFail = true;
            queue.send("x\r\n", "a@here.test", "b@far.test");
            QueueBench.await(() -> queue.remote.got.size() == 1);
            queue.awaitQuiet();
            assertThat(queue.spool.messages()).hasSize(1);
            queue.noticesFail = false;
            queue.advance(Duration.ofMinutes(6));
            queue.awaitEmpty();
            assertThat(queue.notices).hasSize(1);
        }
    }

    @Test
    void warnsOnceThenReturnsExpiredMail() throws IOException {
        try (QueueBench queue = new QueueBench(directory).start()) {
            queue.remote.answer = (destination, address) -> ScriptedAgent.deferred();
            QueueId id = queue.send("x\r\n", "a@here.test", "b@far.test");
            for (int hour = 0; hour < 24 * 5 + 5 && !queue.spool.messages().isEmpty(); hour++) {
                queue.awaitQuiet();
                queue.advance(Duration.ofHours(1));
            }
            queue.awaitEmpty();
            assertThat(queue.notices)
                    .containsExactly(
                            new QueueBench.Notice("delayed", id, List.of("b@far.test"), List.of("4.2.2")),
                            new QueueBench.Notice("failed", id, List.of("b@far.test"), List.of("4.4.7")));
            assertThat(queue.log.containing("status=expired, returned to sender"))
                    .hasSize(1);
        }
    }

    @Test
    void deadDestinationHoldsUpNoOther() throws IOException {
        try (QueueBench queue = new QueueBench(directory).start()) {
            Object stuck = new Object();
            boolean[] free = {false};
            queue.remote.answer = (destination, address) -> {
                if (destination.name().equals("stuck.test")) {
                    synchronized (stuck) {
                        while (!free[0]) {
                            try {
                                stuck.wait();
                            } catch (InterruptedException e) {
                                return ScriptedAgent.unreachable();
                            }
                        }
                    }
                }
                return ScriptedAgent.delivered();
            };
            for (int i = 0; i < 200; i++) {
                queue.send("x\r\n", "a@here.test", "b" + i + "@stuck.test");
                queue.send("x\r\n", "a@here.test", "b" + i + "@good.test");
            }
            QueueBench.await(() -> queue.spool.messages().size() == 200);
            assertThat(queue.remote.recipients()).hasSize(200).allMatch(to -> to.endsWith("@good.test"));
            assertThat(queue.remote.mostBusy.get()).isLessThanOrEqualTo(10);
            synchronized (stuck) {
                free[0] = true;
                stuck.notifyAll();
            }
            queue.awaitEmpty();
        }
    }

    @Test
    void leavesUnreachableDestinationAloneAsAWhole() throws Exception {
        try (QueueBench queue = new QueueBench(directory).start()) {
            queue.remote.answer = (destination, address) -> ScriptedAgent.unreachable();
            sendFromManyThreads(queue, 100, 100);
            queue.awaitQuiet();
            assertThat(queue.spool.messages()).hasSize(10_000);
            int first = queue.remote.sessions.get();
            assertThat(first).isLessThanOrEqualTo(5);
            queue.advance(Duration.ofMinutes(6));
            QueueBench.await(() -> queue.remote.sessions.get() > first);
            queue.awaitQuiet();
            assertThat(queue.remote.sessions.get()).isEqualTo(first + 1);
            queue.remote.answer = (destination, address) -> ScriptedAgent.delivered();
            queue.advance(Duration.ofMinutes(25));
            queue.awaitEmpty();
            // A session that found the destination given up already has tried nothing.
            assertThat(queue.remote.got).hasSizeBetween(10_001, 10_000 + first + 1);
        }
    }

    private static void sendFromManyThreads(QueueBench queue, int threads, int each) throws InterruptedException {
        List<Thread> senders = IntStream.range(0, threads)
                .mapToObj(thread -> Thread.startVirtualThread(() -> {
                    try {
                        for (int i = 0; i < each; i++) {
                            queue.send("x\r\n", "a@here.test", "b" + i + "@dead.test");
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }))
                .toList();
        for (Thread sender : senders) {
            sender.join();
        }
    }

    @Test
    void deliversToManyRecipientsInJobsOfAThousand() throws IOException {
        try (QueueBench queue = new QueueBench(directory).start()) {
            String[] recipients = IntStream.range(0, 2500)
                    .mapToObj(i -> "u" + i + "@far.test")
                    .toArray(String[]::new);
            queue.send("x\r\n", "a@here.test", recipients);
            queue.awaitEmpty();
            assertThat(queue.remote.recipients()).containsExactlyInAnyOrder(recipients);
        }
    }

    @Test
    void expandsAliasOnceForEachAddressAndRetriesOnlyWhatIsLeft() throws IOException {
        try (QueueBench queue = new QueueBench(directory).start()) {
            Router.Hop bob = hop("bob@here.test");
            Router.Hop carol = hop("carol@far.test");
            Router.Hop dave = hop("dave@far.test");
            queue.router = address ->
                    new Router.Route.To(address.localPart().equals("all") ? List.of(bob, carol, dave) : List.of(bob));
            queue.remote.answer = (destination, address) ->
                    address.localPart().equals("dave") ? ScriptedAgent.deferred() : ScriptedAgent.delivered();
            queue.send("x\r\n", "a@here.test", "all@here.test", "bob@here.test");
            QueueBench.await(() -> queue.remote.got.size() == 2);
            queue.awaitQuiet();
            queue.restart();
            queue.remote.answer = (destination, address) -> ScriptedAgent.delivered();
            queue.advance(Duration.ofMinutes(6));
            queue.awaitEmpty();
            assertThat(queue.local.recipients()).containsExactly("bob@here.test");
            assertThat(queue.remote.recipients())
                    .containsExactlyInAnyOrder("carol@far.test", "dave@far.test", "dave@far.test");
        }
    }

    private static Router.Hop hop(String address) {
        return ((Router.Route.To) QueueBench.routeByDomain(Address.parse(address)))
                .hops()
                .getFirst();
    }

    @Test
    void returnsWhatHasNoRouteAndRetriesWhatHasNoneNow() throws IOException {
        try (QueueBench queue = new QueueBench(directory).start()) {
            queue.router = address -> address.localPart().equals("gone")
                    ? new Router.Route.Unroutable("5.1.2", "no such domain")
                    : new Router.Route.Unknown("4.3.2", "directory is away");
            QueueId id = queue.send("x\r\n", "a@here.test", "gone@far.test", "b@far.test");
            QueueBench.await(() -> queue.notices.size() == 1);
            assertThat(queue.notices.getFirst())
                    .isEqualTo(new QueueBench.Notice("failed", id, List.of("gone@far.test"), List.of("5.1.2")));
            queue.awaitQuiet();
            queue.router = QueueBench::routeByDomain;
            queue.advance(Duration.ofMinutes(6));
            queue.awaitEmpty();
            assertThat(queue.remote.recipients()).containsExactly("b@far.test");
        }
    }

    @Test
    void defersWhatAnAgentLeftUnsettledOrBrokeOver() throws IOException {
        try (QueueBench queue = new QueueBench(directory).start()) {
            queue.local.answer = (destination, address) -> {
                throw new IllegalStateException("broken");
            };
            queue.send("x\r\n", "a@far.test", "bob@here.test");
            QueueBench.await(() -> !queue.log.containing("agent-failed").isEmpty());
            queue.awaitQuiet();
            queue.local.answer = (destination, address) -> ScriptedAgent.delivered();
            queue.advance(Duration.ofMinutes(6));
            queue.awaitEmpty();
            assertThat(queue.local.got.getFirst().mayBeRepeat()).isTrue();
        }
    }

    @Test
    void goesOnAfterRestartWithAttemptsAndTimesKept() throws IOException {
        try (QueueBench queue = new QueueBench(directory).start()) {
            queue.remote.answer = (destination, address) -> ScriptedAgent.deferred();
            QueueId id = queue.send("x\r\n", "a@here.test", "b@far.test", "bob@here.test");
            QueueBench.await(() -> queue.remote.got.size() == 1 && queue.local.got.size() == 1);
            queue.awaitQuiet();
            queue.restart();
            queue.awaitQuiet();
            QueueControl.Details details = queue.runner.control().show(id).orElseThrow();
            assertThat(details.recipients().get(0).attempts()).isEqualTo(1);
            assertThat(details.recipients().get(0).last())
                    .contains(new DeliveryOutcome.Deferred(
                            "host[192.0.2.1]:25", new EnhancedStatus(4, 2, 2), "452 full", true));
            assertThat(details.recipients().get(1).done()).isTrue();
            assertThat(details.header()).isEqualTo("X-Prefix: yes\r\nx\r\n");
            assertThat(queue.remote.got).hasSize(1);
            queue.remote.answer = (destination, address) -> ScriptedAgent.delivered();
            queue.advance(Duration.ofMinutes(6));
            queue.awaitEmpty();
            assertThat(queue.local.got).hasSize(1);
        }
    }
}
