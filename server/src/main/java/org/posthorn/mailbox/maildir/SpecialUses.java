package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.posthorn.mailbox.MailboxName;
import org.posthorn.mailbox.SpecialUse;

/**
 * What mailboxes are for (RFC 6154): the file {@code posthorn-special-use} in the Maildir, lines {@code USE<TAB>DIRECTORY}. A use
 * belongs to one mailbox. Guarded by the account's lock.
 */
final class SpecialUses {
    private final Path file;
    private final Map<SpecialUse, MailboxName> names = new EnumMap<>(SpecialUse.class);

    SpecialUses(Path maildir) {
        this.file = maildir.resolve("posthorn-special-use");
    }

    /** False when there is no file yet. */
    boolean read() throws IOException {
        String text;
        try {
            text = FolderFiles.read(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return false;
        }
        for (String line : text.split("\n", -1)) {
            int tab = line.indexOf('\t');
            if (tab > 0) {
                for (SpecialUse use : SpecialUse.values()) {
                    if (use.name().equals(line.substring(0, tab))) {
                        FolderNames.mailbox(line.substring(tab + 1)).ifPresent(name -> names.put(use, name));
                    }
                }
            }
        }
        return true;
    }

    Optional<SpecialUse> of(MailboxName name) {
        return names.entrySet().stream()
                .filter(entry -> entry.getValue().equals(name))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    boolean isTaken(SpecialUse use) {
        return names.containsKey(use);
    }

    void put(SpecialUse use, MailboxName name) {
        names.put(use, name);
    }

    void remove(MailboxName name) throws IOException {
        if (names.values().remove(name)) {
            write();
        }
    }

    void rename(MailboxName from, MailboxName to) throws IOException {
        Optional<SpecialUse> use = of(from);
        if (use.isPresent()) {
            names.put(use.get(), to);
            write();
        }
    }

    void write() throws IOException {
        StringBuilder text = new StringBuilder();
        names.forEach((use, name) -> text.append(use.name())
                .append('\t')
                .append(FolderNames.directory(name))
                .append('\n'));
        Path fresh = file.resolveSibling("posthorn-special-use.tmp");
        FolderFiles.write(fresh, text.toString().getBytes(StandardCharsets.ISO_8859_1));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
