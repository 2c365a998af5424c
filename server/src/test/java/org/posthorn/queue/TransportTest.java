package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.posthorn.mail.Address;
import org.posthorn.testing.MemoryQueueStore;

/** Names of transports are open, and the queue needs no disk. */
class TransportTest {
    private static final Notifier NOBODY = new Notifier() {
        @Override
        public void failed(QueuedMessage message, List<Undelivered> recipients) {}

        @Override
        public void delayed(QueuedMessage message, List<Undelivered> recipients, Instant giveUp) {}
    };

    private final SettableClock clock = new SettableClock();
    private final MemoryQueueStore store = new MemoryQueueStore(clock);
    private final LineLog log = new LineLog();
    private final List<Destination> delivered = Collections.synchronizedList(new ArrayList<>());

    private static Router.Route routeToItsSubdomain(Address address) {
        String transport = address.domain().name().split("\\.", -1)[0];
        return new Router.Route.To(List.of(new Router.Hop(new Destination(transport, "there"), address)));
    }

    private QueueRunner runner(String... transports) {
        ScriptedAgent agent = new ScriptedAgent();
        agent.answer = (destination, _) -> {
            delivered.add(destination);
            return ScriptedAgent.delivered();
        };
        QueueRunner runner = new QueueRunner(
                store,
                QueueConfig.defaults(Path.of("unused")),
                TransportTest::routeToItsSubdomain,
                List.of(transports).stream()
                        .map(name -> new Transport(name, agent, 1, 1))
                        .toList(),
                NOBODY,
                clock,
                new Random(1),
                log);
        runner.start();
        return runner;
    }

    @Test
    void anyNameIsATransportOnceSomebodyDeliversByIt() throws IOException {
        try (QueueRunner runner = runner("lmtp", "pigeon")) {
            QueueBench.commit(store, "x", QueueBench.envelope("a@here.test", "b@lmtp.test", "c@pigeon.test"));
            QueueBench.await(() -> store.messages().isEmpty());
            assertThat(delivered)
                    .containsExactlyInAnyOrder(new Destination("lmtp", "there"), new Destination("pigeon", "there"));
            assertThat(log.containing("pigeon ")).hasSize(1);
            assertThat(runner.metrics().remote().delivered()).isEqualTo(2);
            assertThat(runner.metrics().local().delivered()).isZero();
        }
    }

    /** A configuration that names what is not there is mended, and the mail is not lost over it. */
    @Test
    void mailForATransportThatIsNotThereWaits() throws IOException {
        QueueId id;
        try (QueueRunner runner = runner("lmtp")) {
            id = QueueBench.commit(store, "x", QueueBench.envelope("a@here.test", "b@pigeon.test"));
            QueueControl.Details details = runner.control().show(id).orElseThrow();
            assertThat(details.recipients().getFirst().last().orElseThrow())
                    .isInstanceOf(DeliveryOutcome.Deferred.class)
                    .asString()
                    .contains("4.3.5", "no transport pigeon is configured");
            assertThat(details.recipients().getFirst().attempts()).isEqualTo(1);
        }
        clock.advance(Duration.ofMinutes(6));
        try (QueueRunner runner = runner("pigeon")) {
            QueueBench.await(() -> store.messages().isEmpty());
            assertThat(runner.control().show(id)).isEmpty();
        }
    }

    @Test
    void namesAreWordsAndLimitsAreAtLeastOne() {
        DeliveryAgent agent = (_, _) -> {};
        assertThat(new Transport("smtp2", agent, 1, 1).name()).isEqualTo("smtp2");
        for (String name : List.of("", "Smtp", "2smtp", "a b", "x".repeat(33))) {
            assertThatIllegalArgumentException().isThrownBy(() -> new Transport(name, agent, 1, 1));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new Transport("x", agent, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Transport("x", agent, 1, 0));
    }
}
