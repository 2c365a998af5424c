package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.MailboxException.Reason;
import org.posthorn.mailbox.MailboxInfo;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.SpecialUse;

/** The names of an account's mailboxes, and what belongs to the names. Guarded by the account's lock. */
final class FolderTree {
    private static final Map<String, SpecialUse> USUAL = new TreeMap<>(Map.of(
            "Drafts", SpecialUse.DRAFTS,
            "Junk", SpecialUse.JUNK,
            "Sent", SpecialUse.SENT,
            "Trash", SpecialUse.TRASH,
            "Archive", SpecialUse.ARCHIVE));

    private static final int MAX_FILE_NAME = 255;
    private static final int SUBSCRIPTIONS = 2;
    /** How often a mailbox is made that another program makes and removes at the same moment. */
    private static final int ATTEMPTS = 10;

    /** Begins the name of a directory that is being deleted, or made (then it is {@link #MADE}); with two dots it is no mailbox for us, Dovecot or Courier. */
    private static final String DOOMED = "..deleted-";

    private static final String MADE = DOOMED + "new";

    private final Path maildir;
    private final FolderList list;
    private final Subscriptions subscriptions;
    private final SpecialUses uses;
    private final int maxMailboxes;

    /** Opens a Maildir; makes it, with the usual mailboxes, when it is not there. */
    FolderTree(Path maildir, int maxMailboxes, TreeRemover remover) throws IOException {
        this.maildir = maildir;
        this.list = new FolderList(maildir);
        this.subscriptions = new Subscriptions(maildir);
        this.uses = new SpecialUses(maildir);
        this.maxMailboxes = maxMailboxes;
        boolean isNew = !Files.isDirectory(maildir.resolve("cur"));
        FolderFiles.of(maildir).create();
        if (!isNew) {
            // Empty, and its place is needed.
            Trees.delete(maildir.resolve(MADE));
            Trees.left(maildir, DOOMED).forEach(remover::remove);
        }
        if (!uses.read()) {
            addUsual(isNew);
        }
    }

    /** The usual mailboxes: made in a new Maildir, recognised by their names in one that another program made. */
    private void addUsual(boolean make) throws IOException {
        Set<MailboxName> subscribed = subscriptions.all();
        for (Map.Entry<String, SpecialUse> usual : USUAL.entrySet()) {
            MailboxName name = new MailboxName(List.of(usual.getKey()));
            if (make) {
                makeDirectory(name);
                subscribed.add(name);
            }
            if (list.find(name).isPresent()) {
                uses.put(usual.getValue(), name);
            }
        }
        if (make) {
            subscribed.add(MailboxName.INBOX);
            subscriptions.write(subscribed);
        }
        uses.write();
    }

    /**
     * Made aside and put in place whole, so that a program which removes the mailbox at that moment finds all of it or nothing. Where
     * another program is making the same, what it lacks is made in place.
     */
    private void makeDirectory(MailboxName name) throws IOException {
        Path directory = list.place(name);
        list.changed();
        for (int attempt = 1; ; attempt++) {
            try {
                if (!FolderFiles.isDirectory(directory)) {
                    FolderFiles.rename(madeAside(), directory);
                } else {
                    fill(directory);
                }
                return;
            } catch (FileSystemException e) {
                // It has come or gone meanwhile.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** There is one at a time: the caller has the account's lock. What a crash leaves goes at the next opening. */
    private Path madeAside() throws IOException {
        Path aside = maildir.resolve(MADE);
        fill(aside);
        return aside;
    }

    private static void fill(Path directory) throws IOException {
        FolderFiles.of(directory).create();
        Path marker = directory.resolve("maildirfolder");
        if (!Files.exists(marker)) {
            Files.createFile(marker);
        }
    }

    /** All mailboxes, INBOX first, and the levels above them. */
    List<MailboxInfo> mailboxes() throws IOException {
        Set<MailboxName> subscribed = subscriptions.all();
        Map<MailboxName, MailboxInfo> infos = new TreeMap<>();
        for (MailboxName name : list.all().keySet()) {
            infos.put(name, new MailboxInfo(name, true, uses.of(name), subscribed.contains(name)));
            for (int depth = name.levels().size() - 1; depth > 0; depth--) {
                MailboxName parent = new MailboxName(name.levels().subList(0, depth));
                infos.putIfAbsent(
                        parent,
                        new MailboxInfo(
                                parent, list.all().containsKey(parent), uses.of(parent), subscribed.contains(parent)));
            }
        }
        List<MailboxInfo> all = new ArrayList<>(infos.size());
        all.add(Objects.requireNonNull(infos.remove(MailboxName.INBOX)));
        all.addAll(infos.values());
        return all;
    }

    /** The directory of a mailbox. */
    Path directory(MailboxName name) throws IOException, MailboxException {
        return list.find(name).orElseThrow(Folder::nonexistent);
    }

    /** Every mailbox with its directory. */
    Map<MailboxName, Path> all() throws IOException {
        return list.all();
    }

    List<Path> directories() throws IOException {
        return List.copyOf(list.all().values());
    }

    void create(MailboxName name, Optional<SpecialUse> use) throws IOException, MailboxException {
        if (list.find(name).isPresent()) {
            throw new MailboxException(Reason.ALREADY_EXISTS, "Mailbox exists");
        }
        checkName(name);
        Path place = list.place(name);
        if (Files.exists(place, LinkOption.NOFOLLOW_LINKS) && !FolderFiles.isDirectory(place)) {
            throw new MailboxException(Reason.CANNOT, "Something that is no mailbox lies in the place of " + name);
        }
        if (list.all().size() >= maxMailboxes) {
            throw new MailboxException(Reason.LIMIT, "Too many mailboxes");
        }
        if (use.isPresent() && uses.isTaken(use.get())) {
            throw new MailboxException(Reason.CANNOT, "Another mailbox has this special use");
        }
        // RFC 3501 6.3.3: superior names SHOULD be made as well; in Maildir++ they need not exist.
        makeDirectory(name);
        if (use.isPresent()) {
            uses.put(use.get(), name);
            uses.write();
        }
    }

    private static void checkName(MailboxName name) throws MailboxException {
        if (FolderNames.directory(name).length() > MAX_FILE_NAME
                || FolderNames.mailbox(FolderNames.directory(name)).isEmpty()) {
            throw new MailboxException(Reason.CANNOT, "Mailbox name is too long");
        }
    }

    /** Takes a mailbox from the names: moves its directory to where nobody looks, and returns that. */
    Path remove(MailboxName name, String unique) throws IOException, MailboxException {
        if (name.isInbox()) {
            throw new MailboxException(Reason.CANNOT, "INBOX cannot be deleted");
        }
        Optional<Path> directory = list.find(name);
        if (directory.isEmpty()) {
            throw list.hasChildren(name)
                    ? new MailboxException(Reason.HAS_CHILDREN, "Mailbox is only a level above others")
                    : Folder.nonexistent();
        }
        Path doomed = maildir.resolve(DOOMED + unique);
        list.changed();
        try {
            FolderFiles.rename(directory.get(), doomed);
        } catch (NoSuchFileException e) {
            // Another program has removed it since the names were read.
            throw Folder.nonexistent();
        }
        uses.remove(name);
        return doomed;
    }

    /** A directory and the name and place it is to get. */
    record Rename(MailboxName from, Path directory, MailboxName to, Path place) {
        /**
         * Does it. A folder that is loaded goes along; where it cannot, all stays as it was, so that whoever has it open and whoever opens it
         * next have the same.
         */
        void run(Index index, Optional<Folder> loaded) throws IOException, MailboxException {
            // Who makes a mailbox of the old name must not find the numbers of this one.
            index.moved(FolderNames.directory(from), FolderNames.directory(to));
            try {
                if (loaded.isPresent()) {
                    loaded.get().rename(to, place);
                } else {
                    FolderFiles.rename(directory, place);
                }
            } catch (IOException e) {
                index.moved(FolderNames.directory(to), FolderNames.directory(from));
                if (!(e instanceof NoSuchFileException) && Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                    throw new MailboxException(
                            Reason.ALREADY_EXISTS, "Something that is no mailbox lies in the place of " + to);
                }
                throw e;
            }
        }
    }

    /** What must be renamed so that a mailbox gets a new name, with all below it; nothing is done yet. */
    List<Rename> renames(MailboxName from, MailboxName to) throws IOException, MailboxException {
        if (list.find(to).isPresent()) {
            throw new MailboxException(Reason.ALREADY_EXISTS, "Mailbox exists");
        }
        if (to.isBelow(from)) {
            throw new MailboxException(Reason.CANNOT, "A mailbox cannot become its own child");
        }
        List<Rename> renames = new ArrayList<>();
        for (Map.Entry<MailboxName, Path> old : list.tree(from).entrySet()) {
            MailboxName target = below(old.getKey(), from, to);
            if (list.find(target).isPresent()) {
                throw new MailboxException(Reason.ALREADY_EXISTS, "Mailbox exists: " + target);
            }
            checkName(target);
            renames.add(new Rename(old.getKey(), old.getValue(), target, list.place(target)));
        }
        if (renames.isEmpty()) {
            throw Folder.nonexistent();
        }
        return renames;
    }

    /** One of {@link #renames} was done. */
    void renamed(Rename rename) throws IOException {
        list.changed();
        uses.rename(rename.from(), rename.to());
    }

    /** Another program changed the names. */
    void changed() {
        list.changed();
    }

    Set<MailboxName> subscriptions() throws IOException {
        return subscriptions.all();
    }

    /** Subscribes also to names that do not exist (RFC 3501 6.3.6): to twice as many as there may be mailboxes. False when it was so before. */
    boolean subscribe(MailboxName name, boolean subscribed) throws IOException, MailboxException {
        return subscriptions.change(name, subscribed, SUBSCRIPTIONS * maxMailboxes);
    }

    private static MailboxName below(MailboxName name, MailboxName from, MailboxName to) throws MailboxException {
        List<String> levels = new ArrayList<>(to.levels());
        levels.addAll(name.levels().subList(from.levels().size(), name.levels().size()));
        try {
            return new MailboxName(levels);
        } catch (IllegalArgumentException e) {
            throw new MailboxException(Reason.CANNOT, "Mailbox name is too deep");
        }
    }
}
