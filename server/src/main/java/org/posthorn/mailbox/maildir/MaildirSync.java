package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import java.util.stream.Collectors;
import org.posthorn.mailbox.Flags;

/**
 * Brings a folder's state and its directories together. New mail moves from {@code new} to {@code cur} and gets its UID; what
 * other programs add, rename or remove in {@code cur} is noticed by the directory's time. Guarded by the folder's lock.
 */
final class MaildirSync {
    private static final FileTime UNKNOWN = FileTime.fromMillis(0);
    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(1);
    /** A change this short before a listing may have a twin that the listing missed and the time does not show. */
    private static final long RACY_MILLIS = 50;
    /** Changes by others in the very moment of one of our own are found by a listing that comes this late. */
    private static final long SAFETY_INTERVAL = TimeUnit.SECONDS.toNanos(60);
    /** The share of time that listings of one large directory may take. */
    private static final int SCAN_SHARE = 20;
    /** A listing as short as this is never put off when a mailbox is opened. */
    private static final long SHORT_SCAN = TimeUnit.MILLISECONDS.toNanos(50);

    private final Folder folder;
    private final FolderContext context;
    private final AtomicBoolean arrived = new AtomicBoolean();
    private UidJournal journal;
    private FileTime curSeen = UNKNOWN;
    private FileTime newSeen = UNKNOWN;
    /** UIDs that the list tells for files we have not taken in. */
    private Map<String, Long> known = Map.of();
    /** The flags of files that have no UID yet. */
    private Function<FileName, Flags> flags = this::shown;

    private long lastLook;
    private long lastScan;
    private long scanTook;
    private boolean ownSinceScan;
    private volatile boolean stopped;

    MaildirSync(Folder folder, FolderContext context) {
        this.folder = folder;
        this.context = context;
        this.journal = new UidJournal(folder.files().folder());
    }

    FolderRow row(String directory) {
        return folder.uidState.row(
                directory, curSeen.to(TimeUnit.NANOSECONDS), newSeen.to(TimeUnit.NANOSECONDS), context.bootId());
    }

    void arrived() {
        arrived.set(true);
    }

    void moved() {
        journal = new UidJournal(folder.files().folder());
        curSeen = UNKNOWN;
        newSeen = UNKNOWN;
    }

    /** The directory is gone for good. */
    void stop() {
        stopped = true;
    }

    /** May be asked without the lock. */
    boolean isStopped() {
        return stopped;
    }

    /** The first look: what the index holds, where that is not all, what the list and the directories tell. */
    void load(LongUnaryOperator freshValidity) throws IOException {
        InitialSync look = new InitialSync(folder, context, journal, freshValidity);
        known = look.known();
        flags = look::flags;
        curSeen = look.curSeen();
        newSeen = look.newSeen();
        if (!FolderFiles.modified(folder.files().cur()).equals(curSeen)) {
            scanCur();
        }
        if (look.isUnindexed()) {
            folder.uidState.recentFrom(folder.uidState.uidNext());
        }
        if (!FolderFiles.modified(folder.files().fresh()).equals(newSeen)) {
            takeNew();
        }
        look.end();
        known = Map.of();
        flags = this::shown;
        lastLook = System.nanoTime();
    }

    private Flags shown(FileName name) {
        return folder.keywords.flags(name.info());
    }

    /** Whether anything was new. */
    boolean refresh(boolean now) throws IOException {
        if (stopped) {
            return false;
        }
        long before = folder.uidState.modSeq();
        if (arrived.getAndSet(false)) {
            takeNew();
        }
        long nano = System.nanoTime();
        if (now || nano - lastLook >= INTERVAL) {
            lastLook = nano;
            unlessRemoved(() -> lookAtDisk(nano, now));
        }
        return folder.uidState.modSeq() != before;
    }

    /** Looks through {@code cur} now. */
    void rescan() throws IOException {
        if (!stopped) {
            unlessRemoved(this::scanCur);
        }
    }

    private interface Look {
        void run() throws IOException;
    }

    private void unlessRemoved(Look look) throws IOException {
        try {
            look.run();
        } catch (NoSuchFileException e) {
            if (Files.isDirectory(folder.files().folder())) {
                throw e;
            }
            // Another program has deleted the mailbox.
            folder.removed();
        }
    }

    /** Whether the directories look as if somebody had changed them; may say so although nothing has changed for us. */
    boolean isChanged() throws IOException {
        FolderFiles files = folder.files();
        return !stopped
                && (!FolderFiles.modified(files.fresh()).equals(newSeen)
                        || !FolderFiles.modified(files.cur()).equals(curSeen));
    }

    private void lookAtDisk(long nano, boolean now) throws IOException {
        FolderFiles files = folder.files();
        if (!FolderFiles.modified(files.fresh()).equals(newSeen)) {
            takeNew();
        }
        boolean changed = !FolderFiles.modified(files.cur()).equals(curSeen)
                || (ownSinceScan && nano - lastScan >= SAFETY_INTERVAL);
        boolean affordable = nano - lastScan >= scanTook * SCAN_SHARE || (now && scanTook < SHORT_SCAN);
        if (changed && affordable) {
            scanCur();
        }
    }

    /** Notes whether somebody else changed {@code cur} before we do. */
    void beforeOwnChange() throws IOException {
        if (!FolderFiles.modified(folder.files().cur()).equals(curSeen)) {
            curSeen = UNKNOWN;
        }
    }

    /** Takes our own change of {@code cur} as seen. */
    void afterOwnChange() throws IOException {
        if (!curSeen.equals(UNKNOWN)) {
            curSeen = FolderFiles.modified(folder.files().cur());
            ownSinceScan = true;
        }
    }

    /** Moves what is in {@code new} to {@code cur} and gives it UIDs, in the order of arrival. */
    private void takeNew() throws IOException {
        FolderFiles files = folder.files();
        FileTime modified = settled(FolderFiles.modified(files.fresh()));
        List<FileName> names = FolderFiles.list(files.fresh());
        takeBack(names);
        if (!names.isEmpty()) {
            names.sort(FileName.BY_ARRIVAL);
            beforeOwnChange();
            List<FileName> taken = new ArrayList<>(names.size());
            for (FileName name : names) {
                FileName target = new FileName(name.base(), name.info().isEmpty() ? "2," : name.info());
                try {
                    FolderFiles.rename(
                            files.fresh().resolve(name.text()), files.cur().resolve(target.text()));
                    taken.add(target);
                } catch (NoSuchFileException e) {
                    // Another program was faster; it is in cur by now, or gone.
                    curSeen = UNKNOWN;
                }
            }
            adoptFiles(taken);
            afterOwnChange();
            modified = settled(FolderFiles.modified(files.fresh()));
        }
        newSeen = modified;
    }

    /**
     * What another program has moved from {@code cur} back to {@code new}, as mutt does with a message that is marked new, is the message
     * that it was: the base of its name is its identity. It goes back under its UID, with the flags that are left. Takes those names from
     * the list.
     */
    private void takeBack(List<FileName> names) throws IOException {
        if (names.isEmpty() || folder.entries.size() == 0) {
            return;
        }
        Map<String, Entry> returned =
                folder.entries.withBases(names.stream().map(FileName::base).collect(Collectors.toSet()));
        if (returned.isEmpty()) {
            return;
        }
        FolderFiles files = folder.files();
        for (FileName name : List.copyOf(names)) {
            Entry entry = returned.get(name.base());
            if (entry == null) {
                continue;
            }
            names.remove(name);
            if (Files.exists(files.inCur(entry), LinkOption.NOFOLLOW_LINKS)) {
                // A second file of the name: a message of its own, under another.
                FileName other = name.distinct(Long.toHexString(System.nanoTime()));
                FolderFiles.rename(
                        files.fresh().resolve(name.text()), files.fresh().resolve(other.text()));
                names.add(other);
                continue;
            }
            FileName target = new FileName(name.base(), name.info().isEmpty() ? "2," : name.info());
            folder.requireNumbers(1);
            try {
                FolderFiles.rename(
                        files.fresh().resolve(name.text()), files.cur().resolve(target.text()));
                curSeen = UNKNOWN;
                reflag(entry, target.info().intern());
            } catch (NoSuchFileException e) {
                curSeen = UNKNOWN;
            }
        }
    }

    /** A directory's time, as long as it tells all changes; else one that is never met again. */
    private static FileTime settled(FileTime modified) {
        return System.currentTimeMillis() - modified.toMillis() > RACY_MILLIS ? modified : UNKNOWN;
    }

    /** Compares the state with the directory. */
    void scanCur() throws IOException {
        FolderFiles files = folder.files();
        long start = System.nanoTime();
        curSeen = settled(FolderFiles.modified(files.cur()));
        Map<String, Entry> missing = folder.entries.byBase();
        List<FileName> fresh = new ArrayList<>();
        compare(FolderFiles.list(files.cur()), missing, fresh);
        if (!missing.isEmpty()) {
            takeBack(FolderFiles.list(files.fresh()));
            // A listing may miss a file that is renamed meanwhile: gone is only what a second one misses too.
            fresh.clear();
            Map<String, Entry> all = folder.entries.byBase();
            compare(FolderFiles.list(files.cur()), all, fresh);
            all.keySet().retainAll(missing.keySet());
            Set<Long> gone = new TreeSet<>();
            all.values().forEach(entry -> gone.add(entry.uid()));
            folder.forget(gone);
        }
        fresh.sort(FileName.BY_ARRIVAL);
        adoptFiles(fresh);
        lastScan = System.nanoTime();
        scanTook = lastScan - start;
        ownSinceScan = false;
    }

    /** Takes flags as the files show them; leaves in {@code missing} what is not listed, adds to {@code fresh} what is not known. */
    private void compare(List<FileName> listing, Map<String, Entry> missing, List<FileName> fresh) throws IOException {
        Set<String> twice = new HashSet<>();
        folder.requireNumbers(listing.size());
        for (FileName name : listing) {
            Entry entry = missing.remove(name.base());
            if (entry == null) {
                if (twice.add(name.base())) {
                    fresh.add(name);
                }
            } else {
                twice.add(name.base());
                if (!entry.info().equals(name.info())) {
                    reflag(entry, name.info().intern());
                }
            }
        }
    }

    private void reflag(Entry entry, String info) throws IOException {
        if (info.chars().anyMatch(c -> c >= 'a' && c <= 'z')) {
            folder.keywords.read();
        }
        Flags shown = folder.keywords.flags(info);
        Set<String> hidden = folder.keywords.withoutLetter(entry.message().flags());
        Entry renamed = entry.with(entry.message(), info);
        folder.reflag(renamed, hidden.isEmpty() ? shown : shown.plus(new Flags(0, hidden)));
    }

    /** Takes in files of {@code cur}: those with a UID in the list under that one, the others in this order. */
    private void adoptFiles(List<FileName> names) throws IOException {
        if (names.isEmpty()) {
            return;
        }
        Optional<UidList> list = journal.readIfChanged();
        if (list.isPresent()) {
            adoptListed(list.get());
        }
        TreeMap<Long, Entry> proven = new TreeMap<>();
        List<Arrival> others = new ArrayList<>();
        folder.requireNumbers(1);
        for (FileName name : names) {
            Optional<FolderFiles.Measure> measure = folder.files().measure(name);
            if (measure.isEmpty()) {
                continue;
            }
            Arrival arrival = new Arrival(name, measure.get(), flags.apply(name));
            Long uid = known.get(name.base());
            if (uid == null || folder.entries.find(uid).isPresent()) {
                others.add(arrival);
            } else {
                proven.put(uid, arrival.entry(uid));
            }
        }
        if (!proven.isEmpty()) {
            List<Entry> _ = folder.insert(List.copyOf(proven.values()));
        }
        List<Entry> _ = folder.adopt(others);
    }

    /** Another program wrote the list: its UIDs hold as far as they are above all that we have given. */
    private void adoptListed(UidList list) throws IOException {
        if (list.validity() != folder.uidState.uidValidity()) {
            return;
        }
        long next = folder.uidState.uidNext();
        known = new HashMap<>(list.uids());
        known.values().removeIf(uid -> uid < next);
        folder.uidState.atLeast(list.next());
    }

    /** Writes down UIDs before anybody sees them. */
    void journal(List<Entry> adopted) throws IOException {
        if (journal.wantsRewrite(folder.entries.size() + adopted.size()) || !journal.append(adopted)) {
            List<Entry> all = new ArrayList<>(folder.entries.all());
            all.addAll(adopted);
            journal.rewrite(folder.uidState.uidValidity(), folder.uidState.uidNext(), all);
        }
    }
}
