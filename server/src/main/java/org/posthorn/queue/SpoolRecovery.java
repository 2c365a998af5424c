package org.posthorn.queue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.posthorn.log.MailLog;
import org.posthorn.storage.CommitLog;
import org.posthorn.storage.FileSystemSync;
import org.posthorn.storage.LogPosition;

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

    /** Recipients whose local delivery may not be on disk: all that are done, when the message was removed. */
    private record Unconfirmed(QueueEntry entry, int recipient, long epoch) {}

    private static final int ALL = -1;

    private final CommitLog log;
    private final Path large;
    private final Trust trust;
    private final MailLog mailLog;
    private final SpoolCodec codec = new SpoolCodec();
    private final Map<QueueId, QueueEntry> entries = new LinkedHashMap<>();
    private final Map<QueueId, QueueEntry> removed = new LinkedHashMap<>();
    private final List<Unconfirmed> unconfirmed = new ArrayList<>();
    private boolean trusted;
    private long epoch;
    private long lastId;

    SpoolRecovery(CommitLog log, Path large, Trust trust, MailLog mailLog) {
        this.log = log;
        this.large = large;
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
    public void record(int type, LogPosition position, ByteBuffer payload) {
        try {
            switch (codec.decode(type, payload)) {
                case SpoolRecord.Arrival arrival -> arrived(arrival, position);
                case SpoolRecord.Progress progress -> progressed(progress);
                case SpoolRecord.Removed gone -> removed(gone);
                case SpoolRecord.Held held -> with(held.id()).ifPresent(entry -> entry.held = held.held());
                case SpoolRecord.Warned warned -> with(warned.id()).ifPresent(entry -> entry.warned = true);
                case SpoolRecord.Checkpoint checkpoint -> checkpoint(checkpoint);
            }
        } catch (SpoolFormatException e) {
            mailLog.failure(MailLog.Level.ERROR, "spool", "", "record-not-understood", e, "position", position);
        }
    }

    private Optional<QueueEntry> with(QueueId id) {
        return Optional.ofNullable(entries.get(id));
    }

    private void arrived(SpoolRecord.Arrival arrival, LogPosition position) {
        lastId = Math.max(lastId, QueueIds.number(arrival.id()));
        @Nullable QueueEntry known = entries.get(arrival.id());
        if (known != null) {
            // Written again to let its old segment go; its state follows.
            known.position = position;
        } else if (!removed.containsKey(arrival.id())) {
            entries.put(arrival.id(), new QueueEntry(arrival, position, true));
        }
    }

    private void progressed(SpoolRecord.Progress progress) {
        @Nullable QueueEntry entry = entries.get(progress.id());
        if (entry == null) {
            return;
        }
        for (SpoolRecord.Step step : progress.steps()) {
            if (step.recipient() < 0 || step.recipient() >= entry.recipients.length) {
                throw new SpoolFormatException("recipient " + step.recipient() + " of " + progress.id());
            }
            entry.recipients[step.recipient()].restore(step);
            if (step.local()) {
                entry.local = true;
                doubt(entry, step.recipient());
            }
        }
    }

    private void removed(SpoolRecord.Removed gone) {
        @Nullable QueueEntry entry = entries.remove(gone.id());
        if (entry != null && gone.local()) {
            removed.put(gone.id(), entry);
            doubt(entry, ALL);
        }
    }

    private void doubt(QueueEntry entry, int recipient) {
        if (!trusted) {
            unconfirmed.add(new Unconfirmed(entry, recipient, epoch));
        }
    }

    private void checkpoint(SpoolRecord.Checkpoint checkpoint) {
        if (!checkpoint.end()) {
            epoch++;
        } else {
            unconfirmed.removeIf(each -> each.epoch() < epoch);
        }
    }

    /** The messages that are in the queue; holds their segments. Files of no message are removed. */
    Collection<QueueEntry> finish() throws IOException {
        for (Unconfirmed each : unconfirmed) {
            revive(each);
        }
        entries.values().removeIf(this::isLost);
        for (QueueEntry entry : entries.values()) {
            log.pin(entry.position);
            entry.open = entry.pending().size();
        }
        removeStrangers();
        return entries.values();
    }

    private void revive(Unconfirmed each) {
        QueueEntry entry = each.entry();
        if (each.recipient() != ALL) {
            entry.recipients[each.recipient()].distrustLocal();
            return;
        }
        for (RecipientState recipient : entry.recipients) {
            if (recipient.local) {
                recipient.distrustLocal();
            }
        }
        if (Arrays.stream(entry.recipients).anyMatch(recipient -> !recipient.done)) {
            entries.put(entry.id, entry);
        }
    }

    private boolean isLost(QueueEntry entry) {
        if (entry.place.inFile() && !Files.isRegularFile(large.resolve(entry.id.text()))) {
            mailLog.event(
                    MailLog.Level.ERROR, "spool", entry.id.text(), "message-file-missing", "from", entry.senderText());
            return true;
        }
        return false;
    }

    private void removeStrangers() throws IOException {
        Set<String> known = new HashSet<>();
        entries.keySet().forEach(id -> known.add(id.text()));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(large)) {
            for (Path file : files) {
                if (!known.contains(String.valueOf(file.getFileName()))) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
