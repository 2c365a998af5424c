package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.posthorn.mailbox.Change;
import org.posthorn.mailbox.Changes;
import org.posthorn.mailbox.Message;

/** Answers what changed in a folder since a mod-sequence; the folder's lock is held. */
record History(Folder folder, Index index) {
    Changes since(long modSeq, ChangeLog recent) throws IOException {
        Set<Long> changed = new TreeSet<>();
        Set<Long> expunged = new TreeSet<>();
        if (recent.covers(modSeq)) {
            for (Change change : recent.since(modSeq)) {
                if (change instanceof Change.Expunged gone) {
                    expunged.add(gone.uid());
                } else if (change instanceof Change.OfMessage here) {
                    changed.add(here.uid());
                }
            }
        } else {
            for (Entry entry : folder.entries.all()) {
                if (entry.message().modSeq() > modSeq) {
                    changed.add(entry.uid());
                }
            }
            addExpunged(modSeq, expunged);
        }
        List<Message> messages = new ArrayList<>(changed.size());
        for (long uid : changed) {
            folder.entries.find(uid).ifPresent(entry -> messages.add(entry.message()));
        }
        return new Changes(folder.uidState.modSeq(), messages, List.copyOf(expunged));
    }

    private void addExpunged(long modSeq, Set<Long> expunged) throws IOException {
        if (folder.look.isStopped()) {
            addMissing(expunged);
            return;
        }
        folder.save(true);
        Optional<List<Long>> known = index.expunged(folder.uidState.uidValidity(), modSeq);
        if (known.isPresent()) {
            expunged.addAll(known.get());
        } else {
            addMissing(expunged);
        }
    }

    /** Every UID below the next that names no message: who asks for older changes than we know of gets them all (RFC 7162 3.2.7). */
    private void addMissing(Set<Long> expunged) {
        long next = 1;
        for (Entry entry : folder.entries.all()) {
            for (; next < entry.uid(); next++) {
                expunged.add(next);
            }
            next = entry.uid() + 1;
        }
        for (; next < folder.uidState.uidNext(); next++) {
            expunged.add(next);
        }
    }
}
