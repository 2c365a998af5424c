package org.posthorn.mailbox.maildir;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.posthorn.mail.Headers;
import org.posthorn.mail.MessageContent;
import org.posthorn.mail.mime.HeaderSummary;
import org.posthorn.mail.mime.IndexedFields;
import org.posthorn.mail.mime.MimePart;
import org.posthorn.mailbox.HeaderSource;
import org.posthorn.mailbox.HeldMessage;

/**
 * Header fields of a folder's messages: kept in the index from APPEND, or from the first search or ENVELOPE on. Read from there in runs, in
 * the order in which they are asked for; what is in memory at once is bounded in octets, whatever the size of the folder. Thread-safe.
 */
final class KeptHeaders {
    private static final int RUN = 256;
    private static final int RUN_OCTETS = 64 * 1024;
    /** So much waits before the index is told at once, and not within a second: a search finds more than memory should hold. */
    private static final int SAVE_OCTETS = 256 * 1024;

    private static final byte[] UNKNOWN = {};

    private final Folder folder;
    private final Index index;

    @GuardedBy("this")
    private Reader shared;

    @GuardedBy("this")
    private boolean used;

    KeptHeaders(Folder folder, Index index) {
        this.folder = folder;
        this.index = index;
        this.shared = new Reader();
    }

    /** A place of its own, for a search. */
    HeaderSource reader() {
        return new Reader();
    }

    /** Where one who asks for many is. Used by one thread at a time. */
    private final class Reader implements HeaderSource {
        private Map<Long, byte[]> run = new HashMap<>();
        private long runStart = 1;
        private long runEnd;
        private byte[] last = UNKNOWN;

        @Override
        public Optional<Headers> find(long uid) throws IOException {
            last = row(uid);
            return IndexedFields.decode(last);
        }

        private byte[] row(long uid) throws IOException {
            byte[] known = run.get(uid);
            if (known != null) {
                return known;
            }
            // Before the index is asked: what was taken from there is on its way into the index by now.
            Optional<byte[]> waiting = unsaved(uid);
            if (waiting.isPresent()) {
                return waiting.get();
            }
            if (uid < runStart || uid > runEnd) {
                read(uid);
            }
            return run.getOrDefault(uid, UNKNOWN);
        }

        private void read(long uid) throws IOException {
            long next = folder.uidNext();
            IndexRun read = index.headers(folder.uidValidity(), uid, RUN, RUN_OCTETS);
            run = new HashMap<>(read.data());
            runStart = uid;
            runEnd = read.ended()
                    ? Math.max(uid, next - 1)
                    : run.keySet().stream().mapToLong(Long::longValue).max().orElse(uid);
        }

        /** So that it is known before the index is asked again. */
        void remember(long uid, byte[] row) {
            if (uid >= runStart && uid <= runEnd && run.size() < 2 * RUN) {
                run.put(uid, row);
            }
        }

        /** Whether the index knows all there is to know of the message of the last {@link #find}. */
        boolean knew() {
            return IndexedFields.isCurrent(last);
        }

        @Override
        public void found(long uid, Headers headers, boolean whole) throws IOException {
            if (!knew()) {
                keep(uid, IndexedFields.encode(headers, whole));
            }
        }
    }

    private Optional<byte[]> unsaved(long uid) throws IOException {
        folder.lock.lock();
        try {
            folder.inheritance.tell(uid);
            return folder.pending.header(uid);
        } finally {
            folder.lock.unlock();
        }
    }

    /** Keeps a row for a message that is there; the folder's lock may be held. */
    void keep(long uid, byte[] row) throws IOException {
        folder.lock.lock();
        try {
            if (folder.entries.find(uid).isPresent() && folder.pending.header(uid, row) > SAVE_OCTETS) {
                folder.save(false);
            }
        } finally {
            folder.lock.unlock();
        }
    }

    /** Empty when the message is gone. */
    Optional<HeaderSummary> envelope(long uid) throws IOException {
        if (folder.entry(uid).isEmpty()) {
            return Optional.empty();
        }
        Optional<Headers> kept;
        boolean known;
        synchronized (this) {
            used = true;
            kept = shared.find(uid);
            known = shared.knew();
        }
        if (kept.isPresent()) {
            return kept.map(HeaderSummary::of);
        }
        Optional<MimePart> structure = folder.structures.kept(uid);
        if (structure.isEmpty() && !known) {
            Optional<HeldMessage> held = folder.reader.hold(uid);
            if (held.isEmpty()) {
                return Optional.empty();
            }
            Optional<Headers> read;
            try (HeldMessage message = held.get()) {
                read = read(uid, message.content());
            }
            if (read.isPresent()) {
                return read.map(HeaderSummary::of);
            }
        }
        // Its header is too large to be told by these fields alone.
        return (structure.isPresent() ? structure : folder.structures.find(uid)).flatMap(MimePart::summary);
    }

    private Optional<Headers> read(long uid, MessageContent content) throws IOException {
        Headers headers = Headers.read(content);
        byte[] row = IndexedFields.encode(headers, headers.isComplete() || content.size() < Headers.MAX_OCTETS);
        keep(uid, row);
        synchronized (this) {
            shared.remember(uid, row);
        }
        return IndexedFields.decode(row);
    }

    /** Frees what only saves time, when it has not been used since the last call. */
    synchronized void tidy() {
        if (!used) {
            shared = new Reader();
        }
        used = false;
    }
}
