package org.posthorn.queue.spool;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.MessageContent;
import org.posthorn.queue.QueueId;
import org.posthorn.queue.QueuedMessage;
import org.posthorn.queue.RecipientState;
import org.posthorn.queue.StoredMessage;
import org.posthorn.storage.LogPosition;

/** A message in the spool: where it lies, and what the log says of it. */
final class SpoolMessage implements StoredMessage {
    private final FileSpool spool;
    private final QueueId id;
    private final long arrivedMillis;
    private final Envelope envelope;
    private final SpoolRecord.Place place;
    private final boolean recovered;

    @GuardedBy("this")
    private final RecipientState[] states;

    /** Where the record lies that this message lives by. */
    @GuardedBy("this")
    private LogPosition position;

    /** The content as it came, while memory allows. */
    @GuardedBy("this")
    private @Nullable MessageContent inMemory;

    /** Deliveries and readers that use the content now. */
    @GuardedBy("this")
    private int users;

    @GuardedBy("this")
    private boolean held;

    @GuardedBy("this")
    private boolean warned;

    @GuardedBy("this")
    private boolean removed;

    SpoolMessage(FileSpool spool, SpoolRecord.Arrival arrival, LogPosition position, boolean recovered) {
        this.spool = spool;
        this.id = arrival.id();
        this.arrivedMillis = arrival.arrivedMillis();
        this.envelope = arrival.envelope();
        this.place = arrival.place();
        this.position = position;
        this.recovered = recovered;
        this.states = new RecipientState[envelope.recipients().size()];
        Arrays.fill(states, RecipientState.Waiting.UNTRIED);
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
        return place.size();
    }

    @Override
    public boolean isRecovered() {
        return recovered;
    }

    @Override
    public synchronized RecipientState state(int recipient) {
        return states[recipient];
    }

    @Override
    public synchronized boolean isHeld() {
        return held;
    }

    @Override
    public synchronized boolean isWarned() {
        return warned;
    }

    /** Whether its content lies in a file of its own that is gone. */
    boolean isFileMissing() {
        return place.inFile() && !Files.isRegularFile(spool.file(id));
    }

    synchronized LogPosition position() {
        return position;
    }

    /** As the log has it: of a message that is found at start. */
    synchronized void restore(int recipient, RecipientState state) {
        states[recipient] = state;
    }

    synchronized void restoreHeld(boolean was) {
        held = was;
    }

    synchronized void restoreWarned() {
        warned = true;
    }

    /** The record was found again further on. */
    synchronized void restorePosition(LogPosition further) {
        position = further;
    }

    synchronized boolean isAllDone() {
        return Arrays.stream(states).allMatch(RecipientState::isDone);
    }

    /** Keeps the content that was just committed at hand. */
    synchronized void keepInMemory(MessageContent content) {
        inMemory = content;
    }

    @Override
    public synchronized Optional<QueuedMessage> use() {
        if (removed) {
            return Optional.empty();
        }
        users++;
        return Optional.of(new QueuedMessage(id, Instant.ofEpochMilli(arrivedMillis), envelope, content()));
    }

    @GuardedBy("this")
    private MessageContent content() {
        if (inMemory != null) {
            return inMemory;
        }
        LogContent inLog = spool.content(position, place.offset(), place.inFile() ? place.prefix() : place.size());
        return place.inFile()
                ? MessageContent.joined(inLog, MessageContent.ofFile(spool.file(id), 0, place.body()))
                : inLog;
    }

    @Override
    public synchronized void leave() {
        users--;
        if (removed && users == 0) {
            letGo();
        }
    }

    @Override
    public synchronized void keepStates(Map<Integer, RecipientState> changed) throws IOException {
        changed.forEach((recipient, state) -> states[recipient] = state);
        note(changed);
    }

    @GuardedBy("this")
    private void note(Map<Integer, RecipientState> changed) throws IOException {
        if (changed.values().stream().anyMatch(state -> state.attempts().inMailbox())) {
            spool.deliveredLocally();
        }
        spool.note(SpoolRecord.STATES, SpoolCodec.states(id, changed));
    }

    @Override
    public synchronized void keepHeld(boolean now) throws IOException {
        held = now;
        spool.note(SpoolRecord.HELD, SpoolCodec.held(id, now));
    }

    @Override
    public synchronized void keepWarned() throws IOException {
        warned = true;
        spool.note(SpoolRecord.WARNED, SpoolCodec.warned(id));
    }

    /** Notes all of it again. */
    synchronized void noteAll() throws IOException {
        Map<Integer, RecipientState> all = HashMap.newHashMap(states.length);
        for (int i = 0; i < states.length; i++) {
            all.put(i, states[i]);
        }
        note(all);
        if (held) {
            keepHeld(true);
        }
        if (warned) {
            keepWarned();
        }
    }

    @Override
    public synchronized void remove(boolean inMailbox) throws IOException {
        if (removed) {
            return;
        }
        if (inMailbox) {
            spool.deliveredLocally();
        }
        spool.note(SpoolRecord.REMOVED, SpoolCodec.removed(id, inMailbox));
        removed = true;
        spool.forget(id);
        if (users == 0) {
            letGo();
        }
    }

    @GuardedBy("this")
    private void letGo() {
        dropFromMemory();
        spool.letGo(position, id, place);
    }

    @Override
    public synchronized void dropFromMemory() {
        if (inMemory != null) {
            spool.droppedFromMemory(inMemory.size());
            inMemory = null;
        }
    }

    /** Whether nobody reads it at present, so that its record may move. */
    @GuardedBy("this")
    boolean isAtRest() {
        return !removed && users == 0;
    }

    /** The record by which the message lives has moved; the caller lets the old one go. */
    @GuardedBy("this")
    LogPosition moveTo(LogPosition to) {
        LogPosition from = position;
        position = to;
        return from;
    }
}
