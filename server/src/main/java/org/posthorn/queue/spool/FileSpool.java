package org.posthorn.queue.spool;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.posthorn.log.MailLog;
import org.posthorn.mail.Envelope;
import org.posthorn.mail.MessageContent;
import org.posthorn.queue.Draft;
import org.posthorn.queue.QueueConfig;
import org.posthorn.queue.QueueId;
import org.posthorn.queue.QueueStore;
import org.posthorn.queue.StoredMessage;
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
public final class FileSpool implements QueueStore, Closeable {
    /** The mailboxes that local deliveries go to. */
    @FunctionalInterface
    public interface LocalMail {
        /** Puts every delivery that has returned so far on stable storage. */
        void makeDurable() throws IOException;
    }

    /** Of the records in the log. */
    public static final DataFormat FORMAT = new DataFormat("spool", SpoolCodec.OLDEST_VERSION, SpoolCodec.VERSION);

    private final QueueConfig config;
    private final InstantSource clock;
    private final MailLog mailLog;
    private final CommitLog log;
    private final QueueIds ids;
    private final FreeSpace space;
    private final Path large;
    private final CorruptFiles corrupt;
    private final Map<QueueId, SpoolMessage> messages = new ConcurrentHashMap<>();
    private final AtomicLong memory = new AtomicLong();
    private final AtomicLong liveOctets = new AtomicLong();
    private final SpoolMaintenance maintenance;
    private volatile Consumer<StoredMessage> arrivals = _ -> {};
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
        SpoolRecovery recovery = new SpoolRecovery(this, log, large, corrupt, trust, mailLog);
        try {
            log.recover(recovery);
        } catch (IOException | RuntimeException e) {
            log.close();
            throw e;
        }
        for (SpoolMessage message : recovery.finish()) {
            messages.put(message.id(), message);
            liveOctets.addAndGet(message.position().length());
        }
        ids.raise(recovery.lastId());
        this.space = new FreeSpace(config.directory(), config.reserve());
        this.maintenance = new SpoolMaintenance(this, log, large, localMail, config, mailLog);
        for (Path stranger : recovery.strangers()) {
            maintenance.removeLater(stranger, Files.size(stranger));
        }
        log.start();
        for (SpoolMessage message : recovery.revived()) {
            message.noteAll();
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
        SpoolMessage message =
                new SpoolMessage(this, new SpoolRecord.Arrival(id, begunMillis, envelope, place), position, false);
        long octets = (long) prefix.length + body.length;
        if (!inFile && memory.addAndGet(octets) <= config.memoryLimit()) {
            message.keepInMemory(MessageContent.joined(MessageContent.of(prefix), MessageContent.of(body)));
        } else if (!inFile) {
            memory.addAndGet(-octets);
        }
        liveOctets.addAndGet(position.length());
        messages.put(id, message);
        try {
            arrivals.accept(message);
        } catch (RuntimeException e) {
            // The message is ours: whoever commits must not hear that it is not. It is delivered after the next start.
            mailLog.failure(MailLog.Level.ERROR, "qmgr", id.text(), "not-started", e);
        }
    }

    Path file(QueueId id) {
        return large.resolve(id.text());
    }

    @Override
    public void onArrival(Consumer<StoredMessage> consumer) {
        arrivals = consumer;
    }

    @Override
    public Collection<StoredMessage> messages() {
        return Collections.unmodifiableCollection(messages.values());
    }

    Collection<SpoolMessage> all() {
        return messages.values();
    }

    LogContent content(LogPosition position, int offset, long size) {
        return new LogContent(log, position, offset, size);
    }

    /** Appends a record to the log, to be written soon. */
    void note(int type, byte[] record) throws IOException {
        log.note(type, record);
    }

    /** The next checkpoint has mail to make durable. */
    void deliveredLocally() {
        maintenance.deliveredLocally();
    }

    void forget(QueueId id) {
        messages.remove(id);
    }

    /** Gives back what a removed message takes, once nobody reads it. */
    void letGo(LogPosition position, QueueId id, SpoolRecord.Place place) {
        liveOctets.addAndGet(-position.length());
        if (place.inFile()) {
            maintenance.removeLater(file(id), place.body());
        }
        log.release(position);
    }

    void droppedFromMemory(long octets) {
        memory.addAndGet(-octets);
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
    public long liveOctets() {
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
    public void maintain() throws IOException {
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
