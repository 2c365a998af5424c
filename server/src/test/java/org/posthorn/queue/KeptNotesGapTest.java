package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.mail.Envelope;

/** What the scheduler has the store keep of a message: each note is a write, so none is made that the end of the message makes needless. */
class KeptNotesGapTest {
    @TempDir
    Path directory;

    private final List<String> notes = Collections.synchronizedList(new ArrayList<>());

    /** Writes down what is noted. */
    private record Noted(StoredMessage message, List<String> notes) implements StoredMessage {
        @Override
        public QueueId id() {
            return message.id();
        }

        @Override
        public long arrivedMillis() {
            return message.arrivedMillis();
        }

        @Override
        public Envelope envelope() {
            return message.envelope();
        }

        @Override
        public long size() {
            return message.size();
        }

        @Override
        public boolean isRecovered() {
            return message.isRecovered();
        }

        @Override
        public RecipientState state(int recipient) {
            return message.state(recipient);
        }

        @Override
        public boolean isHeld() {
            return message.isHeld();
        }

        @Override
        public boolean isWarned() {
            return message.isWarned();
        }

        @Override
        public Optional<QueuedMessage> use() {
            return message.use();
        }

        @Override
        public void leave() {
            message.leave();
        }

        @Override
        public void keepStates(Map<Integer, RecipientState> states) throws IOException {
            notes.add("keep " + new TreeSet<>(states.keySet()));
            message.keepStates(states);
        }

        @Override
        public void keepHeld(boolean held) throws IOException {
            message.keepHeld(held);
        }

        @Override
        public void keepWarned() throws IOException {
            message.keepWarned();
        }

        @Override
        public void remove(boolean inMailbox) throws IOException {
            notes.add(inMailbox ? "remove from mailbox" : "remove");
            message.remove(inMailbox);
        }

        @Override
        public void dropFromMemory() {
            notes.add("drop");
            message.dropFromMemory();
        }
    }

    private record Noting(QueueStore store, List<String> notes) implements QueueStore {
        @Override
        public Draft begin() throws IOException {
            return store.begin();
        }

        @Override
        public boolean hasRoomFor(long octets) {
            return store.hasRoomFor(octets);
        }

        @Override
        public Collection<StoredMessage> messages() {
            return store.messages().stream()
                    .<StoredMessage>map(message -> new Noted(message, notes))
                    .toList();
        }

        @Override
        public void onArrival(Consumer<StoredMessage> consumer) {
            store.onArrival(message -> consumer.accept(new Noted(message, notes)));
        }
    }

    private QueueBench open() throws IOException {
        QueueBench queue = new QueueBench(directory).openSpool();
        queue.runner = new QueueRunner(
                new Noting(queue.spool, notes),
                queue.config,
                QueueBench::routeByDomain,
                QueueBench.transports(queue.config, queue.local, queue.remote),
                new Notifier() {
                    @Override
                    public void failed(QueuedMessage message, List<Undelivered> recipients) {}

                    @Override
                    public void delayed(QueuedMessage message, List<Undelivered> recipients, Instant giveUp) {}
                },
                queue.clock,
                new Random(1),
                QueueBench.silent());
        queue.runner.start();
        return queue;
    }

    /** Defers b until it has been asked twice. */
    private static void deferOnce(ScriptedAgent agent) {
        AtomicInteger asked = new AtomicInteger();
        agent.answer = (destination, address) -> address.localPart().equals("b") && asked.getAndIncrement() == 0
                ? ScriptedAgent.deferred()
                : ScriptedAgent.delivered();
    }

    @Test
    void ofAMessageThatIsDoneAtOnceOnlyItsEndIsKept() throws IOException {
        try (QueueBench queue = open()) {
            queue.send("x", "s@here.test", "a@here.test");
            queue.awaitEmpty();
            assertThat(notes).containsExactly("remove from mailbox");
            notes.clear();
            queue.send("x", "s@here.test", "a@far.test", "b@far.test");
            queue.awaitEmpty();
            assertThat(notes).containsExactly("remove");
        }
    }

    @Test
    void ofAMessageThatWaitsEachRecipientIsKeptAndItsEndSaysTheRest() throws IOException {
        try (QueueBench queue = open()) {
            deferOnce(queue.remote);
            queue.send("x", "s@here.test", "a@far.test", "b@far.test");
            QueueBench.await(() -> notes.size() == 2);
            queue.awaitQuiet();
            queue.advance(Duration.ofMinutes(6));
            queue.awaitEmpty();
            assertThat(notes).containsExactly("drop", "keep [0, 1]", "remove");
        }
    }

    /** Mail in a mailbox here may be undone by a loss of power: who of several has it is kept to the end. */
    @Test
    void whoHasItInAMailboxHereIsKeptWithTheEnd() throws IOException {
        try (QueueBench queue = open()) {
            deferOnce(queue.local);
            queue.send("x", "s@here.test", "a@here.test", "b@here.test");
            QueueBench.await(() -> notes.size() == 4);
            queue.awaitQuiet();
            assertThat(notes).containsExactlyInAnyOrder("drop", "keep [0]", "drop", "keep [1]");
            notes.clear();
            queue.advance(Duration.ofMinutes(6));
            queue.awaitEmpty();
            assertThat(notes).containsExactly("keep [1]", "remove from mailbox");
        }
    }
}
