package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.MailboxName;

/**
 * The file {@code subscriptions} as Dovecot has it. Version 2: {@code V<TAB>2}, an empty line, then a name on each line, its levels in
 * modified UTF-7 with tabs between them. Version 1, which is read too: a name on each line, levels with dots between them. Guarded by
 * the account's lock.
 */
final class Subscriptions {
    private static final String VERSION = "V\t2";

    private final Path file;

    Subscriptions(Path maildir) {
        this.file = maildir.resolve("subscriptions");
    }

    Set<MailboxName> all() throws IOException {
        Set<MailboxName> names = new TreeSet<>();
        String text;
        try {
            text = FolderFiles.read(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return names;
        }
        boolean version2 = text.startsWith(VERSION);
        for (String line : text.split("\n", -1)) {
            if (line.isEmpty() || line.equals(VERSION)) {
                continue;
            }
            List<String> levels = new ArrayList<>();
            for (String level : line.split(version2 ? "\t" : "\\.", -1)) {
                levels.add(FolderNames.decodeLevel(level));
            }
            try {
                names.add(new MailboxName(levels));
            } catch (IllegalArgumentException e) {
                // Not a name that a client could ever use; it is dropped at the next change.
            }
        }
        return names;
    }

    /** False when it was so before. */
    boolean change(MailboxName name, boolean subscribed, int max) throws IOException, MailboxException {
        Set<MailboxName> names = all();
        if (subscribed && names.size() >= max && !names.contains(name)) {
            throw new MailboxException(MailboxException.Reason.LIMIT, "At most " + max + " subscriptions");
        }
        boolean changed = subscribed ? names.add(name) : names.remove(name);
        if (changed) {
            write(names);
        }
        return changed;
    }

    void write(Set<MailboxName> names) throws IOException {
        StringBuilder text = new StringBuilder(VERSION).append("\n\n");
        for (MailboxName name : names) {
            text.append(String.join(
                            "\t",
                            name.levels().stream().map(FolderNames::encodeLevel).toList()))
                    .append('\n');
        }
        Path fresh = file.resolveSibling("subscriptions.tmp");
        FolderFiles.write(fresh, text.toString().getBytes(StandardCharsets.UTF_8));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
