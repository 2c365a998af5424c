package org.posthorn.queue.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.posthorn.log.MailLog;
import org.posthorn.queue.QueueId;
import org.posthorn.queue.RecipientState;
import org.posthorn.storage.CommitLog;
import org.posthorn.storage.FileSystemSync;
import org.posthorn.storage.LogPosition;
import org.posthorn.storage.UnknownFormatException;

/** Builds the queue from the log at start. Used by one thread. */
final class SpoolRecovery implements CommitLog.Replay {
    /**
     * Whether what a killed process has written is still there. As long as the kernel runs it is; its boot id, kept with each
     * segment, tells a killed process from a power loss. After a power loss local deliveries count only up to the last
     * checkpoint.
     */
    record Trust(String boot) {
        private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

        /** The running kernel's; no trust at all where the mailboxes of an earlier process cannot be synced by this one. */
        static Trust here() {
            try {
                return new Trust(
                        FileSystemSync.available() ? Files.readString(BOOT_ID).strip() : "");
            } catch (IOException e) {
                return new Trust("");
            }
        }

        byte[] stamp(long lastId) {
            byte[] name = boot.getBytes(StandardCharsets.UTF_8);
            return ByteBuffer.allocate(Long.BYTES + name.length)
                    .putLong(lastId)
                    .put(name)
                    .array();
        }

        boolean holdsFor(byte[] stamp) {
            byte[] name = boot.getBytes(StandardCharsets.UTF_8);
            return name.length > 0 && Arrays.equals(name, 0, name.length, stamp, Long.BYTES, stamp.length);
        }
    }

    private static final int ALL = -1;

    private final FileSpool spool;
    private final CommitLog log;
    private final Path large;
    private final CorruptFiles corrupt;
    private final Trust trust;
    private final MailLog mailLog;
    private final SpoolCodec codec = new SpoolCodec();
    private final Map<QueueId, SpoolMessage> messages = new LinkedHashMap<>();
    private final Map<QueueId, SpoolMessage> removed = new LinkedHashMap<>();

    /** Recipients, or all, whose local delivery may not be on disk, and the number of checkpoints begun before it. */
    private final Map<SpoolMessage, Map<Integer, Long>> unconfirmed = new LinkedHashMap<>();

    private final List<SpoolMessage> revived = new ArrayList<>();
    private boolean trusted;
    private long epoch;
    private long lastId;

    SpoolRecovery(FileSpool spool, CommitLog log, Path large, CorruptFiles corrupt, Trust trust, MailLog mailLog) {
        this.spool = spool;
        this.log = log;
        this.large = large;
        this.corrupt = corrupt;
        this.trust = trust;
        this.mailLog = mailLog;
    }

    long lastId() {
        return lastId;
    }

    @Override
    public void segment(byte[] stamp) {
        trusted = stamp.length >= Long.BYTES && trust.holdsFor(stamp);
        if (stamp.length >= Long.BYTES) {
            lastId = Math.max(lastId, ByteBuffer.wrap(stamp).getLong());
        }
    }

    @Override
    public void record(int type, LogPosition position, ByteBuffer payload) throws IOException {
        ByteBuffer whole = payload.duplicate();
        try {
            switch (codec.decode(type, payload)) {
                case SpoolRecord.Arrival arrival -> arrived(arrival, position);
                case SpoolRecord.States states -> restore(states);
                case SpoolRecord.Removed gone -> removed(gone);
                case SpoolRecord.Held held -> with(held.id()).ifPresent(message -> message.restoreHeld(held.held()));
                case SpoolRecord.Warned warned -> with(warned.id()).ifPresent(SpoolMessage::restoreWarned);
                case SpoolRecord.Checkpoint checkpoint -> checkpoint(checkpoint);
            }
        } catch (SpoolFormatException e) {
            if (e.isUnknown()) {
                throw new UnknownFormatException(
                        "the spool has " + e.getMessage() + " in segment " + position.segment());
            }
            corrupt.keep(position, whole, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void damaged(LogPosition position, ByteBuffer octets) throws IOException {
        corrupt.keep(
                position,
                octets,
                octets.hasRemaining() ? "its check sum is wrong" : "the segment ends before its records do");
    }

    private Optional<SpoolMessage> with(QueueId id) {
        return Optional.ofNullable(messages.get(id));
    }

    private void arrived(SpoolRecord.Arrival arrival, LogPosition position) {
        lastId = Math.max(lastId, QueueIds.number(arrival.id()));
        @Nullable SpoolMessage known = messages.get(arrival.id());
        if (known != null) {
            // Written again to let its old segment go; its state follows.
            known.restorePosition(position);
        } else if (!removed.containsKey(arrival.id())) {
            messages.put(arrival.id(), new SpoolMessage(spool, arrival, position, true));
        }
    }

    private void restore(SpoolRecord.States record) {
        @Nullable SpoolMessage message = messages.get(record.id());
        if (message == null) {
            message = removed.remove(record.id());
            if (message == null) {
                return;
            }
            // An earlier recovery did not believe that it was done.
            messages.put(message.id(), message);
        }
        Map<Integer, Long> doubts = unconfirmed.getOrDefault(message, new HashMap<>());
        doubts.remove(ALL);
        int recipients = message.envelope().recipients().size();
        for (Map.Entry<Integer, RecipientState> each : record.states().entrySet()) {
            int recipient = each.getKey();
            if (recipient < 0 || recipient >= recipients) {
                throw new SpoolFormatException("recipient " + recipient + " of " + record.id());
            }
            message.restore(recipient, each.getValue());
            doubts.remove(recipient);
            if (each.getValue().attempts().inMailbox()) {
                doubt(message, recipient);
            }
        }
    }

    private void removed(SpoolRecord.Removed gone) {
        @Nullable SpoolMessage message = messages.remove(gone.id());
        if (message != null && gone.local() && !trusted) {
            removed.put(gone.id(), message);
            doubt(message, ALL);
        }
    }

    private void doubt(SpoolMessage message, int recipient) {
        if (!trusted) {
            unconfirmed.computeIfAbsent(message, key -> new HashMap<>(2)).put(recipient, epoch);
        }
    }

    private void checkpoint(SpoolRecord.Checkpoint checkpoint) {
        if (!checkpoint.end()) {
            epoch++;
            return;
        }
        for (Map<Integer, Long> doubts : unconfirmed.values()) {
            doubts.values().removeIf(since -> since < epoch);
        }
        unconfirmed.values().removeIf(Map::isEmpty);
        removed.values().removeIf(message -> !unconfirmed.containsKey(message));
    }

    /** The messages that are in the queue; holds their segments. */
    Collection<SpoolMessage> finish() throws IOException {
        unconfirmed.forEach(this::revive);
        for (SpoolMessage message : List.copyOf(messages.values())) {
            if (isLost(message)) {
                messages.remove(message.id());
            }
        }
        for (SpoolMessage message : messages.values()) {
            log.pin(message.position());
        }
        return messages.values();
    }

    private void revive(SpoolMessage message, Map<Integer, Long> doubts) {
        for (int i = 0; i < message.envelope().recipients().size(); i++) {
            RecipientState state = message.state(i);
            if (state.attempts().inMailbox() && (doubts.containsKey(ALL) || doubts.containsKey(i))) {
                message.restore(i, state.distrustMailboxes());
            }
        }
        if (!message.isAllDone() && !doubts.isEmpty()) {
            messages.put(message.id(), message);
            revived.add(message);
        }
    }

    /**
     * Messages brought back after a power loss. The log has to say so before the next checkpoint, whose end would
     * confirm what they were thought to have been delivered by.
     */
    List<SpoolMessage> revived() {
        return revived;
    }

    private boolean isLost(SpoolMessage message) throws IOException {
        if (!message.isFileMissing()) {
            return false;
        }
        boolean isNew = corrupt.keep(
                message.position(),
                ByteBuffer.wrap(log.readAll(message.position())),
                "the file of message " + message.id().text() + " is missing");
        if (isNew) {
            mailLog.event(
                    MailLog.Level.ERROR,
                    "spool",
                    message.id().text(),
                    "message-file-missing",
                    "from",
                    message.envelope().sender().map(Object::toString).orElse(""));
        }
        return true;
    }

    /**
     * Files of no message: drafts, and messages that are done. They must outlive the next checkpoint, since without it a power
     * loss would bring the latter back. Where records were damaged, one of them may have been the file's: then it is set aside.
     */
    List<Path> strangers() throws IOException {
        List<Path> strangers = new ArrayList<>();
        collect(strangers);
        corrupt.foundAll();
        return strangers;
    }

    private void collect(List<Path> strangers) throws IOException {
        Set<String> known = new HashSet<>();
        messages.keySet().forEach(id -> known.add(id.text()));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(large)) {
            for (Path file : files) {
                if (known.contains(String.valueOf(file.getFileName()))) {
                    continue;
                }
                if (corrupt.isUsed()) {
                    corrupt.move(file, "it may belong to a damaged record");
                } else {
                    strangers.add(file);
                }
            }
        }
    }
}
