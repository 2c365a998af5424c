package org.posthorn.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.posthorn.mail.Address;
import org.posthorn.mail.Envelope;
import org.posthorn.protocol.smtp.EnhancedStatus;
import org.posthorn.queue.RecipientState.Attempts;

/** What the scheduler relies on, whatever keeps the messages. */
public abstract class QueueStoreContract {
    private QueueStore store;

    /** An empty store. */
    protected abstract QueueStore open() throws IOException;

    /** The same store after an end without notice, as far as the test can make one. */
    protected abstract QueueStore reopen() throws IOException;

    protected abstract void close() throws IOException;

    @BeforeEach
    void begin() throws IOException {
        store = open();
    }

    @AfterEach
    void end() throws IOException {
        close();
    }

    private static Envelope envelope() {
        return new Envelope(
                Optional.of(Address.parse("a@here.test")),
                List.of(
                        new Envelope.Recipient(
                                Address.parse("b@far.test"),
                                Set.of(Envelope.Notify.SUCCESS, Envelope.Notify.DELAY),
                                Optional.of(new Envelope.OriginalRecipient("rfc822", "team@far.test"))),
                        Envelope.Recipient.of(Address.parse("c@far.test"))),
                true,
                true,
                true,
                true,
                new Envelope.Notification(Optional.of("an id"), Optional.of(Envelope.ReturnedContent.FULL)));
    }

    private QueueId commit(String body) throws IOException {
        return QueueBench.commit(store, body, envelope());
    }

    private StoredMessage only() {
        assertThat(store.messages()).hasSize(1);
        return store.messages().iterator().next();
    }

    private static String content(StoredMessage message) throws IOException {
        try (InputStream in = message.use().orElseThrow().content().open()) {
            return new String(in.readAllBytes(), UTF_8);
        } finally {
            message.leave();
        }
    }

    @Test
    void whatIsCommittedIsThereAndAfterAnotherStart() throws IOException {
        QueueId id = commit("body");
        for (int start = 0; start < 2; start++) {
            StoredMessage message = only();
            assertThat(message.id()).isEqualTo(id);
            assertThat(message.envelope()).isEqualTo(envelope());
            assertThat(message.isRecovered()).isEqualTo(start > 0);
            assertThat(message.state(0)).isEqualTo(RecipientState.Waiting.UNTRIED);
            assertThat(message.state(1)).isEqualTo(RecipientState.Waiting.UNTRIED);
            assertThat(message.isHeld()).isFalse();
            assertThat(message.isWarned()).isFalse();
            assertThat(content(message)).isEqualTo("X-Prefix: yes\r\nbody");
            assertThat(message.size()).isEqualTo(19);
            message.dropFromMemory();
            assertThat(content(message)).isEqualTo("X-Prefix: yes\r\nbody");
            store = start == 0 ? reopen() : store;
        }
    }

    @Test
    void everyArrivalIsToldOnceItIsThere() throws IOException {
        List<QueueId> told = new ArrayList<>();
        commit("before");
        store.onArrival(message -> {
            assertThat(store.messages()).contains(message);
            told.add(message.id());
        });
        QueueId id = commit("after");
        assertThat(told).containsExactly(id);
        assertThat(store.messages()).hasSize(2);
    }

    @Test
    void notesOutliveAnotherStart() throws IOException {
        commit("body");
        StoredMessage message = only();
        DeliveryOutcome full = new DeliveryOutcome.Deferred("mx", new EnhancedStatus(4, 2, 2), "452 full", true);
        Router.Hop hop = new Router.Hop(new Destination("lmtp", "socket"), Address.parse("x@far.test"));
        RecipientState first = new RecipientState.Waiting(new Attempts(2, Optional.of(full), Set.of(hop), false), 99);
        RecipientState second = new RecipientState.Failed(new Attempts(1, Optional.of(full), Set.of(), false));
        message.keepStates(Map.of(0, first));
        message.keepStates(Map.of(1, second));
        message.keepHeld(true);
        message.keepWarned();
        for (int start = 0; start < 2; start++) {
            assertThat(only().state(0)).isEqualTo(first);
            assertThat(only().state(1)).isEqualTo(second);
            assertThat(only().isHeld()).isTrue();
            assertThat(only().isWarned()).isTrue();
            store = start == 0 ? reopen() : store;
        }
        only().keepHeld(false);
        RecipientState later = new RecipientState.Delivered(first.attempts());
        only().keepStates(Map.of(0, later));
        store = reopen();
        assertThat(only().isHeld()).isFalse();
        assertThat(only().state(0)).isEqualTo(later);
        assertThat(only().state(1)).isEqualTo(second);
    }

    @Test
    void whatIsRemovedIsGoneForGood() throws IOException {
        commit("body");
        StoredMessage message = only();
        StoredMessage read = only();
        QueuedMessage inHand = read.use().orElseThrow();
        message.remove(false);
        message.remove(false);
        assertThat(store.messages()).isEmpty();
        assertThat(message.use()).isEmpty();
        try (InputStream in = inHand.content().open()) {
            assertThat(in.readAllBytes()).hasSize(19);
        }
        read.leave();
        store = reopen();
        assertThat(store.messages()).isEmpty();
    }

    @Test
    void aDraftIsKeptByItsCommitAlone() throws IOException {
        try (Draft draft = store.begin()) {
            draft.write(new byte[] {'x'}, 0, 1);
            assertThat(draft.size()).isEqualTo(1);
        }
        try (Draft draft = store.begin()) {
            assertThatThrownBy(() -> draft.commit(new Envelope(Optional.empty(), List.of(), false, false), new byte[0]))
                    .isInstanceOf(IOException.class);
        }
        assertThat(store.messages()).isEmpty();
        QueueId first = commit("one");
        store = reopen();
        assertThat(commit("two")).isGreaterThan(first);
    }

    @Test
    void aClosedStoreKeepsNothing() throws IOException {
        commit("body");
        StoredMessage before = only();
        QueueStore closed = store;
        store = reopen();
        assertThatThrownBy(closed::begin).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> before.keepHeld(true)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> before.remove(false)).isInstanceOf(IOException.class);
        assertThat(only().isHeld()).isFalse();
    }
}
