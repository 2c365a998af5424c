package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.Message;

/** What is known of a folder before its directories are looked at: by the index, the list of UIDs and the file of keywords. */
final class InitialSync {
    private static final long LOST_LINES = 1_000;

    private final Folder folder;
    private final FolderContext context;
    private final UidJournal journal;
    private final Map<String, MoreKeywords.Line> more;
    private final Optional<UidList> list;
    private final Optional<Index.Loaded> saved;
    private final boolean copied;

    /** @param freshValidity gives a UIDVALIDITY above another, if the folder turns out to have none */
    InitialSync(Folder folder, FolderContext context, UidJournal journal, LongUnaryOperator freshValidity)
            throws IOException {
        this.folder = folder;
        this.context = context;
        this.journal = journal;
        this.more = folder.moreKeywords.read();
        Optional<UidList> found = journal.readIfChanged();
        copied = found.isPresent() && isCopy(found.get());
        saved = found.isPresent()
                ? context.index().load(found.get().validity())
                : context.index().loadDirectory(folder.directory());
        // What was put back may be older than what clients have seen (RFC 3501 2.3.1.1).
        list = copied && saved.isEmpty() ? Optional.empty() : found;
        boolean sameBoot = saved.isPresent()
                && saved.get().row().boot().equals(context.bootId().boot());
        if (!sameBoot) {
            folder.files().removeTorn();
        }
        folder.files().tidyTmp(context.clock().getAsLong());
        if (saved.isPresent()) {
            resume(saved.get());
            if (list.isPresent()) {
                folder.uidState.atLeast(list.get().next());
            }
        } else {
            begin(found.map(UidList::validity).orElse(0L), freshValidity);
        }
        if (list.isEmpty()) {
            rewriteList();
        }
    }

    /** Whether the list was put here by a program that copies: its own file says so, or, where that is not known, the index. */
    private boolean isCopy(UidList uids) throws IOException {
        if (!context.index().findsCopies()) {
            return false;
        }
        return uids.birth().equals(Birth.UNKNOWN)
                ? uids.validity() <= context.index().copiedAt()
                : journal.isCopy(uids);
    }

    private void resume(Index.Loaded loaded) throws IOException {
        folder.uidState.resume(loaded.row(), context.bootId(), context.feed().first());
        for (FolderSave.Saved message : loaded.messages()) {
            Entry entry = message.entry();
            String info = entry.info().intern();
            Message bare = entry.message();
            MoreKeywords.Line line = more.getOrDefault(entry.base(), MoreKeywords.Line.NONE);
            // Killed before the index was told. What an index of a release that does not write the file knows is newer.
            boolean newer = line.modSeq() > bare.modSeq() && line.modSeq() <= folder.uidState.modSeq();
            Flags flags = with(folder.keywords.flags(info), newer ? line.keywords() : message.moreKeywords());
            long modSeq = newer ? line.modSeq() : bare.modSeq();
            Entry resumed = entry.with(new Message(bare.uid(), modSeq, flags, bare.internalDate(), bare.size()), info);
            folder.entries.add(resumed);
            if (newer) {
                folder.pending.changed(bare.uid());
            } else if (!line.keywords().equals(message.moreKeywords())) {
                folder.moreKeywords.note(resumed, folder.keywords.withoutLetter(flags));
            }
        }
    }

    private Flags with(Flags shown, String keywords) {
        if (keywords.isEmpty()) {
            return shown;
        }
        Set<String> hidden = folder.keywords.addWithoutLetter(List.of(keywords.split(" ", -1)));
        return hidden.isEmpty() ? shown : shown.plus(new Flags(0, hidden));
    }

    /** The flags of a file that the index does not know. */
    Flags flags(FileName name) {
        MoreKeywords.Line line = more.getOrDefault(name.base(), MoreKeywords.Line.NONE);
        return with(folder.keywords.flags(name.info()), line.keywords());
    }

    /** There is no index of this folder: with a list its UIDs stay, without one all is new. */
    private void begin(long validityBefore, LongUnaryOperator freshValidity) throws IOException {
        if (list.isPresent()) {
            // What a power loss may have taken from our own list is less than a block.
            long gap = list.get().ours() ? LOST_LINES : 0;
            folder.uidState.begin(
                    list.get().validity(),
                    list.get().next() + gap,
                    context.feed().modSeq());
        } else {
            folder.uidState.begin(
                    freshValidity.applyAsLong(validityBefore), 1, context.feed().modSeq());
            // So that no later mailbox gets this UIDVALIDITY.
            context.index().raise(folder.row(), context.durable());
        }
        folder.pending.whole();
    }

    private void rewriteList() throws IOException {
        journal.rewrite(folder.uidState.uidValidity(), folder.uidState.uidNext(), folder.entries.all());
    }

    /** UIDs that the list tells for files we have not taken in. */
    Map<String, Long> known() {
        Map<String, Long> uids = list.map(UidList::uids).orElse(Map.of());
        if (copied) {
            // Messages that came back with an old list were removed for those who have seen them.
            long next = folder.uidState.uidNext();
            uids = new HashMap<>(uids);
            uids.values().removeIf(uid -> uid < next);
        }
        return uids;
    }

    /** Whether the index knows nothing of the folder. */
    boolean isUnindexed() {
        return saved.isEmpty();
    }

    /** When {@code cur} was as the index knows it; never, when it does not. */
    FileTime curSeen() {
        return FileTime.from(saved.map(loaded -> loaded.row().curSeen()).orElse(0L), TimeUnit.NANOSECONDS);
    }

    FileTime newSeen() {
        return FileTime.from(saved.map(loaded -> loaded.row().newSeen()).orElse(0L), TimeUnit.NANOSECONDS);
    }

    /** All files have been taken in. */
    void end() throws IOException {
        if (list.isPresent()
                && list.get().ours()
                && (copied || list.get().birth().equals(Birth.UNKNOWN))) {
            rewriteList();
        }
        folder.moreKeywords.flush(folder.entries, folder.keywords);
    }
}
