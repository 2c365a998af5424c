package org.posthorn.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.MessageContent;
import org.posthorn.queue.Draft;
import org.posthorn.queue.QueueId;
import org.posthorn.queue.QueueStore;
import org.posthorn.queue.QueuedMessage;
import org.posthorn.queue.RecipientState;
import org.posthorn.queue.StoredMessage;

/** A queue's store in memory. What was committed and noted outlives {@link #reopen}, as it does on a disk. */
public final class MemoryQueueStore implements QueueStore {
    private final InstantSource clock;
    private final Map<QueueId, Message> messages = new ConcurrentHashMap<>();
    private final AtomicLong last = new AtomicLong();
    private volatile Consumer<StoredMessage> arrivals = _ -> {};
    private volatile boolean closed;

    /** An empty one. */
    public MemoryQueueStore(InstantSource clock) {
        this.clock = clock;
    }

    /** A message of no store, that arrived in 1970. */
    public static StoredMessage message(QueueId id, Envelope envelope) {
        return new MemoryQueueStore(() -> Instant.EPOCH)
        .new Message(id, 0, envelope, MessageContent.of(new byte[] {1}), false);
    }

    @Override
    public Collection<StoredMessage> messages() {
        return List.copyOf(messages.values());
    }

    @Override
    public void onArrival(Consumer<StoredMessage> consumer) {
        arrivals = consumer;
    }

    @Override
    public boolean hasRoomFor(long octets) {
        return octets < 1L << 30;
    }

    /** As after another start. */
    public MemoryQueueStore reopen() {
        closed = true;
        MemoryQueueStore next = new MemoryQueueStore(clock);
        next.last.set(last.get());
        messages.forEach((id, message) -> next.messages.put(id, message.recoveredIn(next)));
        return next;
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the store is closed");
        }
    }

    @Override
    public Draft begin() throws IOException {
        requireOpen();
        QueueId id = new QueueId("%011d".formatted(last.incrementAndGet()));
        long begun = clock.millis();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        return new Draft() {
            private boolean ended;

            @Override
            public QueueId id() {
                return id;
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                requireNotEnded();
                out.write(bytes, offset, length);
            }

            private void requireNotEnded() throws IOException {
                if (ended) {
                    throw new IOException("the draft has ended");
                }
            }

            @Override
            public long size() {
                return out.size();
            }

            @Override
            public MessageContent content() {
                return MessageContent.of(out.toByteArray());
            }

            @Override
            public void commit(Envelope envelope, byte[] prefix) throws IOException {
                requireOpen();
                requireNotEnded();
                if (envelope.recipients().isEmpty()) {
                    throw new IOException("no recipients");
                }
                ended = true;
                MessageContent content =
                        MessageContent.joined(MessageContent.of(prefix), MessageContent.of(out.toByteArray()));
                Message message = new Message(id, begun, envelope, content, false);
                messages.put(id, message);
                arrivals.accept(message);
            }

            @Override
            public void close() {
                ended = true;
            }
        };
    }

    private final class Message implements StoredMessage {
        private final QueueId id;
        private final long arrivedMillis;
        private final Envelope envelope;
        private final MessageContent content;
        private final boolean recovered;
        private final List<RecipientState> states;
        private boolean held;
        private boolean warned;
        private boolean removed;

        Message(QueueId id, long arrivedMillis, Envelope envelope, MessageContent content, boolean recovered) {
            this.id = id;
            this.arrivedMillis = arrivedMillis;
            this.envelope = envelope;
            this.content = content;
            this.recovered = recovered;
            RecipientState[] untried = new RecipientState[envelope.recipients().size()];
            Arrays.fill(untried, RecipientState.Waiting.UNTRIED);
            this.states = new ArrayList<>(Arrays.asList(untried));
        }

        synchronized Message recoveredIn(MemoryQueueStore store) {
            Message copy = store.new Message(id, arrivedMillis, envelope, content, true);
            copy.states.clear();
            copy.states.addAll(states);
            copy.held = held;
            copy.warned = warned;
            return copy;
        }

        @Override
        public QueueId id() {
            return id;
        }

        @Override
        public long arrivedMillis() {
            return arrivedMillis;
        }

        @Override
        public Envelope envelope() {
            return envelope;
        }

        @Override
        public long size() {
            return content.size();
        }

        @Override
        public boolean isRecovered() {
            return recovered;
        }

        @Override
        public synchronized RecipientState state(int recipient) {
            return states.get(recipient);
        }

        @Override
        public synchronized boolean isHeld() {
            return held;
        }

        @Override
        public synchronized boolean isWarned() {
            return warned;
        }

        @Override
        public synchronized Optional<QueuedMessage> use() {
            return removed
                    ? Optional.empty()
                    : Optional.of(new QueuedMessage(id, Instant.ofEpochMilli(arrivedMillis), envelope, content));
        }

        @Override
        public void leave() {}

        @Override
        public synchronized void keepStates(Map<Integer, RecipientState> changed) throws IOException {
            requireOpen();
            changed.forEach(states::set);
        }

        @Override
        public synchronized void keepHeld(boolean now) throws IOException {
            requireOpen();
            held = now;
        }

        @Override
        public synchronized void keepWarned() throws IOException {
            requireOpen();
            warned = true;
        }

        @Override
        public synchronized void remove(boolean inMailbox) throws IOException {
            requireOpen();
            removed = true;
            messages.remove(id);
        }

        @Override
        public void dropFromMemory() {}
    }
}
