package org.posthorn.mailbox.maildir;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.posthorn.mail.mime.MimeFormatException;
import org.posthorn.mail.mime.MimePart;
import org.posthorn.mail.mime.MimeStructure;
import org.posthorn.mailbox.HeldMessage;

/**
 * Structures of a folder's messages: found once, then kept in the index. Read from there in runs, since a client that asks for one
 * mostly asks for those that follow. What is in memory at once is bounded in octets, and a large structure is found anew each time.
 * Thread-safe.
 */
final class Structures {
    /** The largest structure that is kept, octets; others are rare, or hostile. */
    static final int MAX_KEPT = 64 * 1024;

    private static final int RUN = 64;
    private static final int RUN_OCTETS = 256 * 1024;

    private final Folder folder;
    private final Index index;

    @GuardedBy("this")
    private final Map<Long, byte[]> run = new HashMap<>();

    @GuardedBy("this")
    private int runOctets;

    @GuardedBy("this")
    private long runStart = 1;

    @GuardedBy("this")
    private long runEnd;

    @GuardedBy("this")
    private boolean used;

    Structures(Folder folder, Index index) {
        this.folder = folder;
        this.index = index;
    }

    /** Empty when the message is gone. */
    Optional<MimePart> find(long uid) throws IOException {
        if (folder.entry(uid).isEmpty()) {
            return Optional.empty();
        }
        Optional<MimePart> kept = kept(uid);
        if (kept.isPresent()) {
            return kept;
        }
        Optional<HeldMessage> held = folder.reader.hold(uid);
        if (held.isEmpty()) {
            return Optional.empty();
        }
        MimePart part;
        try (HeldMessage message = held.get()) {
            part = MimeStructure.parse(message.content());
        }
        byte[] data = part.encode();
        if (data.length <= MAX_KEPT) {
            folder.keepStructure(uid, data);
            remember(uid, data);
        }
        return Optional.of(part);
    }

    /** So that the next question is answered before the index has it. */
    private synchronized void remember(long uid, byte[] data) {
        if (uid >= runStart && uid <= runEnd && run.size() < 2 * RUN && runOctets < 2 * RUN_OCTETS) {
            run.put(uid, data);
            runOctets += data.length;
        }
    }

    /** As the index has it; empty when it must be found. */
    synchronized Optional<MimePart> kept(long uid) throws IOException {
        used = true;
        if (uid < runStart || uid > runEnd) {
            run.clear();
            folder.inheritance.tell(uid);
            IndexRun read = index.structures(folder.uidValidity(), uid, RUN, RUN_OCTETS);
            run.putAll(read.data());
            runOctets = run.values().stream().mapToInt(data -> data.length).sum();
            runStart = uid;
            runEnd = read.ended()
                    ? Math.max(uid, folder.uidNext() - 1)
                    : read.data().keySet().stream()
                            .mapToLong(Long::longValue)
                            .max()
                            .orElse(uid);
        }
        byte[] data = run.get(uid);
        try {
            return data == null ? Optional.empty() : Optional.of(MimePart.decode(data));
        } catch (MimeFormatException e) {
            // From another version: it is found and written again.
            return Optional.empty();
        }
    }

    /** Frees what only saves time, when it has not been used since the last call. */
    synchronized void tidy() {
        if (!used) {
            run.clear();
            runOctets = 0;
            runStart = 1;
            runEnd = 0;
        }
        used = false;
    }
}
