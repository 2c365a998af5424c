package org.posthorn.queue;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.MessageContent;
import org.posthorn.storage.AtomicFiles;
import org.posthorn.storage.CommitLog;
import org.posthorn.storage.DataFormat;
import org.posthorn.storage.FreeSpace;
import org.posthorn.storage.LogFile;
import org.posthorn.storage.LogPosition;

/**
 * The spool in a directory: small messages lie in a group commit log, one record and a shared sync each; a larger one is
 * streamed into a file of its own, and the log has its record. Thread-safe.
 */
public final class FileSpool implements Spool, Closeable {
    /** The mailboxes that local deliveries go to. */
    @FunctionalInterface
    public interface LocalMail {
        /** Puts every delivery that has returned so far on stable storage. */
        void makeDurable() throws IOException;
    }

    /** Of the records in the log. */
    public static final DataFormat FORMAT = new DataFormat("spool", 1, SpoolCodec.VERSION);

    private final QueueConfig config;
    private final InstantSource clock;
    private final MailLog mailLog;
    private final CommitLog log;
    private final QueueIds ids;
    private final FreeSpace space;
    private final Path large;
    private final CorruptFiles corrupt;
    private final Map<QueueId, QueueEntry> entries = new ConcurrentHashMap<>();
    private final AtomicLong memory = new AtomicLong();
    private final AtomicLong liveOctets = new AtomicLong();
    private final SpoolMaintenance maintenance;
    private volatile Consumer<QueueEntry> arrivals = entry -> {};
    private volatile boolean closed;

    private FileSpool(
            QueueConfig config,
            LocalMail localMail,
            InstantSource clock,
            LogFile.Opener opener,
            SpoolRecovery.Trust trust,
            MailLog mailLog)
            throws IOException {
        this.config = config;
        this.clock = clock;
        this.mailLog = mailLog;
        this.large = config.directory().resolve("large");
        Files.createDirectories(large);
        this.corrupt = new CorruptFiles(config.directory(), mailLog);
        this.ids = new QueueIds(clock, 0);
        this.log = new CommitLog(
                config.directory().resolve("log"), config.log(), opener, () -> trust.stamp(ids.last()), mailLog);
        SpoolRecovery recovery = new SpoolRecovery(log, large, corrupt, trust, mailLog);
        try {
            log.recover(recovery);
        } catch (IOException | RuntimeException e) {
            log.close();
            throw e;
        }
        for (QueueEntry entry : recovery.finish()) {
            entries.put(entry.id, entry);
            liveOctets.addAndGet(entry.position.length());
        }
        ids.raise(recovery.lastId());
        this.space = new FreeSpace(config.directory(), config.reserve());
        this.maintenance = new SpoolMaintenance(this, log, large, localMail, config, mailLog);
        for (Path stranger : recovery.strangers()) {
            maintenance.removeLater(stranger, Files.size(stranger));
        }
        log.start();
        for (QueueEntry entry : recovery.revived()) {
            note(entry, List.of(entry.recipients));
        }
    }

    /**
     * Opens a spool, made if it is missing, and finds the messages that an earlier process has left there. The caller holds the
     * lock of the data directory.
     *
     * @throws org.posthorn.storage.UnknownFormatException another release wrote there what this one cannot read; nothing was touched
     * @param localMail asked before what local deliveries have settled is forgotten
     */
    public static FileSpool open(QueueConfig config, LocalMail localMail, InstantSource clock, MailLog mailLog)
            throws IOException {
        return open(config, localMail, clock, LogFile::onDisk, SpoolRecovery.Trust.here(), mailLog);
    }

    static FileSpool open(
            QueueConfig config,
            LocalMail localMail,
            InstantSource clock,
            LogFile.Opener opener,
            SpoolRecovery.Trust trust,
            MailLog mailLog)
            throws IOException {
        FileSpool spool = new FileSpool(config, localMail, clock, opener, trust, mailLog);
        spool.maintenance.start();
        return spool;
    }

    @Override
    public Draft begin() throws IOException {
        if (closed) {
            throw new IOException("the spool is closed");
        }
        requireRoom(0);
        QueueId id = ids.next();
        return new SpoolDraft(this, id, clock.millis(), new DraftBuffer(file(id), config.inlineLimit()));
    }

    @Override
    public boolean hasRoomFor(long octets) {
        return space.has(octets);
    }

    void requireRoom(long octets) throws IOException {
        space.require(octets);
    }

    void commit(QueueId id, long begunMillis, Envelope envelope, byte[] prefix, DraftBuffer buffer) throws IOException {
        requireRoom(prefix.length);
        boolean inFile = buffer.inFile();
        byte[] head = SpoolCodec.arrival(id, begunMillis, envelope, inFile, prefix.length, buffer.size());
        byte[] body = inFile ? new byte[0] : buffer.inMemory();
        if (inFile) {
            buffer.sync();
            AtomicFiles.syncDirectory(large);
        }
        LogPosition position = log.keep(SpoolRecord.MESSAGE, head, prefix, body).await();
        SpoolRecord.Place place = new SpoolRecord.Place(inFile, head.length, prefix.length, buffer.size());
        QueueEntry entry = new QueueEntry(new SpoolRecord.Arrival(id, begunMillis, envelope, place), position, false);
        long octets = (long) prefix.length + body.length;
        if (!inFile && memory.addAndGet(octets) <= config.memoryLimit()) {
            entry.inMemory = MessageContent.joined(MessageContent.of(prefix), MessageContent.of(body));
        } else if (!inFile) {
            memory.addAndGet(-octets);
        }
        liveOctets.addAndGet(position.length());
        entries.put(id, entry);
        try {
            arrivals.accept(entry);
        } catch (RuntimeException e) {
            // The message is ours: whoever commits must not hear that it is not. It is delivered after the next start.
            mailLog.failure(MailLog.Level.ERROR, "qmgr", id.text(), "not-started", e);
        }
    }

    private Path file(QueueId id) {
        return large.resolve(id.text());
    }

    /** From now on messages go here at once, on the thread that commits them. */
    void deliverTo(Consumer<QueueEntry> consumer) {
        arrivals = consumer;
    }

    Collection<QueueEntry> entries() {
        return entries.values();
    }

    Optional<QueueEntry> entry(QueueId id) {
        return Optional.ofNullable(entries.get(id));
    }

    /**
     * A message for reading, until {@link #leave}; nothing when it is gone.
     */
    Optional<QueuedMessage> use(QueueEntry entry) {
        synchronized (entry) {
            if (entry.removed) {
                return Optional.empty();
            }
            entry.users++;
            return Optional.of(new QueuedMessage(entry.id, entry.arrived(), entry.envelope, content(entry)));
        }
    }

    void leave(QueueEntry entry) {
        synchronized (entry) {
            entry.users--;
            if (entry.removed && entry.users == 0) {
                letGo(entry);
            }
        }
    }

    private MessageContent content(QueueEntry entry) {
        if (entry.inMemory != null) {
            return entry.inMemory;
        }
        SpoolRecord.Place place = entry.place;
        LogContent inLog =
                new LogContent(log, entry.position, place.offset(), place.inFile() ? place.prefix() : place.size());
        return place.inFile()
                ? MessageContent.joined(inLog, MessageContent.ofFile(file(entry.id), 0, place.body()))
                : inLog;
    }

    /** Keeps some recipients' state. The caller has the entry's monitor. */
    void note(QueueEntry entry, List<RecipientState> changed) throws IOException {
        for (RecipientState recipient : changed) {
            if (recipient.local) {
                maintenance.deliveredLocally();
            }
        }
        List<SpoolRecord.Step> steps =
                changed.stream().map(RecipientState::step).toList();
        log.note(SpoolRecord.PROGRESS, SpoolCodec.progress(entry.id, steps));
    }

    void noteHeld(QueueEntry entry) throws IOException {
        log.note(SpoolRecord.HELD, SpoolCodec.held(entry.id, entry.held));
    }

    void noteWarned(QueueEntry entry) throws IOException {
        log.note(SpoolRecord.WARNED, SpoolCodec.warned(entry.id));
    }

    /** Forgets a message of which nothing is left to do. The caller has the entry's monitor. */
    void remove(QueueEntry entry) throws IOException {
        if (entry.removed) {
            return;
        }
        if (entry.local) {
            maintenance.deliveredLocally();
        }
        log.note(SpoolRecord.REMOVED, SpoolCodec.removed(entry.id, entry.local));
        entry.removed = true;
        entries.remove(entry.id);
        if (entry.users == 0) {
            letGo(entry);
        }
    }

    private void letGo(QueueEntry entry) {
        dropFromMemory(entry);
        liveOctets.addAndGet(-entry.position.length());
        if (entry.place.inFile()) {
            maintenance.removeLater(file(entry.id), entry.place.body());
        }
        log.release(entry.position);
    }

    /** Gives the memory of a message back that will lie for a while. The caller has the entry's monitor. */
    void dropFromMemory(QueueEntry entry) {
        if (entry.inMemory != null) {
            memory.addAndGet(-entry.inMemory.size());
            entry.inMemory = null;
        }
    }

    /** The record by which a message lives has moved. The caller has the entry's monitor. */
    void moved(QueueEntry entry, LogPosition to) {
        log.release(entry.position);
        entry.position = to;
    }

    /** What is wrong at present, a line each: what is damaged, and where the disk takes nothing. */
    public List<String> faults() {
        return corrupt.faults();
    }

    /** False where nothing can be written any more, since the thread that does it has ended. */
    public boolean writerAlive() {
        return log.alive();
    }

    /** False where room is no longer given back, since the thread that does it has ended. */
    public boolean maintenanceAlive() {
        return maintenance.alive();
    }

    /** Octets of the records that messages live by. */
    long liveOctets() {
        return liveOctets.get();
    }

    /** Octets that the log's segments take on the disk. */
    public long logOctets() {
        return log.size();
    }

    /** Octets of messages held in memory. */
    public long memoryOctets() {
        return memory.get();
    }

    /** Syncs of the log so far. */
    public long syncs() {
        return log.syncs();
    }

    /** Octets free on the disk. */
    public long freeOctets() {
        return space.free();
    }

    /** Does now what is done from time to time: makes deliveries durable, gives segments back. */
    void maintain() throws IOException {
        maintenance.run(true);
    }

    /** Ends the threads as a crash would: no checkpoint is made, nothing more is done to the files. */
    void abandonForTest() {
        closed = true;
        maintenance.stop();
        log.close();
    }

    /** Takes no more, makes everything durable and ends. */
    @Override
    public void close() {
        closed = true;
        maintenance.close();
        log.close();
    }
}
