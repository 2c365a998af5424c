package org.posthorn.mailbox.maildir;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the index has not been told yet. Guarded by the folder's lock. */
final class PendingIndexChanges {
    /** Structures only save time: what is over this is found again, octets. */
    private static final int MAX_STRUCTURES = 1024 * 1024;

    /** As for structures. */
    private static final int MAX_HEADERS = 1024 * 1024;
    /** What is in memory for each row besides its octets. */
    private static final int ROW = 64;

    private final Set<Long> changed = new HashSet<>();
    private final List<FolderSave.Gone> gone = new ArrayList<>();
    private final Map<Long, byte[]> structures = new HashMap<>();
    private int structureOctets;
    private final Map<Long, byte[]> headers = new HashMap<>();
    private int headerOctets;
    private final Map<Long, FolderSave.Inherited> inherited = new HashMap<>();
    private boolean numbers;
    /** May be set from any thread. */
    private volatile boolean whole;

    void changed(long uid) {
        changed.add(uid);
    }

    void gone(long uid, long modSeq, boolean moved) {
        changed.remove(uid);
        structures.remove(uid);
        headers.remove(uid);
        inherited.remove(uid);
        gone.add(new FolderSave.Gone(uid, modSeq, moved));
    }

    /** A message has what the index holds, or will hold, of another. */
    void inherit(FolderSave.Inherited from) {
        inherited.put(from.uid(), from);
    }

    /** Whether the index is yet to be told where it finds what it knows of a message. */
    boolean inherits(long uid) {
        return inherited.containsKey(uid);
    }

    Optional<byte[]> structure(long uid) {
        return Optional.ofNullable(structures.get(uid));
    }

    void structure(long uid, byte[] data) {
        if (structureOctets <= MAX_STRUCTURES - data.length) {
            structures.put(uid, data);
            structureOctets += data.length;
        }
    }

    /** Returns how much of these waits, octets. */
    int header(long uid, byte[] data) {
        if (headerOctets <= MAX_HEADERS - data.length - ROW) {
            headers.put(uid, data);
            headerOctets += data.length + ROW;
        }
        return headerOctets;
    }

    Optional<byte[]> header(long uid) {
        return Optional.ofNullable(headers.get(uid));
    }

    void numbers() {
        numbers = true;
    }

    void whole() {
        whole = true;
    }

    boolean isEmpty() {
        return changed.isEmpty()
                && gone.isEmpty()
                && structures.isEmpty()
                && headers.isEmpty()
                && inherited.isEmpty()
                && !numbers
                && !whole;
    }

    int size() {
        return changed.size() + gone.size() + structures.size() + headers.size();
    }

    /** All there is, after which there is nothing. */
    FolderSave take(FolderRow row, Entries entries, Keywords keywords) {
        List<FolderSave.Saved> messages = new ArrayList<>();
        boolean all = whole;
        whole = false;
        if (all) {
            entries.all().forEach(entry -> messages.add(saved(entry, keywords)));
        } else {
            changed.forEach(uid -> entries.find(uid).ifPresent(entry -> messages.add(saved(entry, keywords))));
        }
        FolderSave save = new FolderSave(
                row,
                all,
                messages,
                List.copyOf(gone),
                Map.copyOf(structures),
                Map.copyOf(headers),
                List.copyOf(inherited.values()));
        inherited.clear();
        changed.clear();
        gone.clear();
        structures.clear();
        structureOctets = 0;
        headers.clear();
        headerOctets = 0;
        numbers = false;
        return save;
    }

    private static FolderSave.Saved saved(Entry entry, Keywords keywords) {
        return new FolderSave.Saved(
                entry, String.join(" ", keywords.withoutLetter(entry.message().flags())));
    }
}
