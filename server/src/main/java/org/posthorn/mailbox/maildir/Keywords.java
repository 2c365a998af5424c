package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.MailboxException;

/**
 * The keywords of a folder and their letters in file names, as in Dovecot's {@code dovecot-keywords}: lines
 * {@code NUMBER KEYWORD}, 0 for {@code a}. Keywords beyond the 26th have no letter; they live in the index and in {@link MoreKeywords}. Guarded by the
 * folder's lock.
 */
final class Keywords {
    private static final String NAME = "dovecot-keywords";
    private static final int LETTERS = 26;
    /** Whatever the limit was when they were set: these files and the index may say anything. */
    private static final int MAX_KNOWN = 1_000;

    /** An atom of at most 100 characters, as in commands. */
    private static final Pattern KEYWORD = Pattern.compile("[!#$&'+-\\[^-z|}~]{1,100}");

    private static final int MAX_CACHED = 4096;
    private static final String SYSTEM_LETTERS = "DFRST";
    private static final int[] SYSTEM_FLAGS = {Flags.DRAFT, Flags.FLAGGED, Flags.ANSWERED, Flags.SEEN, Flags.DELETED};

    private final Supplier<Path> folder;
    private final int max;
    private final String[] byLetter = new String[LETTERS];
    private final TreeSet<String> others = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    private final Map<String, Flags> flagsByInfo = new HashMap<>();
    /** Whether a letter was given that the file does not tell yet. */
    private boolean unwritten;

    /** @param folder where it lies now */
    Keywords(Supplier<Path> folder, int max) {
        this.folder = folder;
        this.max = max;
        Arrays.fill(byLetter, "");
    }

    void read() throws IOException {
        String text;
        try {
            text = FolderFiles.read(file(), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return;
        }
        unwritten = false;
        flagsByInfo.clear();
        Arrays.fill(byLetter, "");
        for (String line : text.split("\n", -1)) {
            int space = line.indexOf(' ');
            if (space >= 1
                    && space <= 2
                    && space + 1 < line.length()
                    && line.chars().limit(space).allMatch(c -> c >= '0' && c <= '9')) {
                int number = Integer.parseInt(line, 0, space, 10);
                if (number < LETTERS && isKeyword(line.substring(space + 1))) {
                    byLetter[number] = line.substring(space + 1).intern();
                }
            }
        }
    }

    Set<String> all() {
        Set<String> all = new LinkedHashSet<>();
        for (String keyword : byLetter) {
            if (!keyword.isEmpty()) {
                all.add(keyword);
            }
        }
        all.addAll(others);
        return all;
    }

    /** The flags that a file name shows. */
    Flags flags(String info) {
        Flags known = flagsByInfo.get(info);
        if (known != null) {
            return known;
        }
        int system = 0;
        Set<String> keywords = new TreeSet<>();
        for (int i = info.startsWith("2,") ? 2 : info.length(); i < info.length() && info.charAt(i) != ','; i++) {
            char c = info.charAt(i);
            int at = SYSTEM_LETTERS.indexOf(c);
            if (at >= 0) {
                system |= SYSTEM_FLAGS[at];
            } else if (c >= 'a' && c <= 'z' && !byLetter[c - 'a'].isEmpty()) {
                keywords.add(byLetter[c - 'a']);
            }
        }
        Flags flags = keywords.isEmpty() ? Flags.of(system) : new Flags(system, keywords);
        if (flagsByInfo.size() < MAX_CACHED) {
            flagsByInfo.put(info, flags);
        }
        return flags;
    }

    /** Keywords among these flags that no letter stands for. */
    Set<String> withoutLetter(Flags flags) {
        if (flags.keywords().isEmpty() || others.isEmpty()) {
            return Set.of();
        }
        Set<String> found = new TreeSet<>(flags.keywords());
        found.removeIf(keyword -> letter(keyword) >= 0);
        return found;
    }

    /** The info for system flags alone. */
    static String systemInfo(int system) {
        StringBuilder letters = new StringBuilder("2,");
        for (int i = 0; i < SYSTEM_FLAGS.length; i++) {
            if ((system & SYSTEM_FLAGS[i]) != 0) {
                letters.append(SYSTEM_LETTERS.charAt(i));
            }
        }
        return letters.toString();
    }

    /** The info for these flags; letters in the old one that mean nothing to us stay. */
    String info(Flags flags, String old) {
        StringBuilder letters = new StringBuilder(systemInfo(flags.system()));
        for (String keyword : flags.keywords()) {
            int letter = letter(keyword);
            if (letter >= 0) {
                letters.append((char) ('a' + letter));
            }
        }
        for (int i = old.startsWith("2,") ? 2 : old.length(); i < old.length(); i++) {
            char c = old.charAt(i);
            boolean ours = SYSTEM_LETTERS.indexOf(c) >= 0 || (c >= 'a' && c <= 'z' && !byLetter[c - 'a'].isEmpty());
            if (!ours) {
                letters.append(c);
            }
        }
        // Dovecot and others expect the letters in ASCII order.
        char[] sorted = letters.substring(2).toCharArray();
        Arrays.sort(sorted);
        return ("2," + new String(sorted)).intern();
    }

    /**
     * Gives new keywords a letter as long as there are letters, in the spelling of who came first; returns the flags so spelt. The file
     * tells their letters then, also where another program has removed it.
     *
     * @throws MailboxException the mailbox would have too many
     */
    Flags learn(Flags flags) throws IOException, MailboxException {
        if (flags.keywords().isEmpty()) {
            return flags;
        }
        if (!unwritten && flags.keywords().stream().anyMatch(this::isNew)) {
            // Another program may have given the letter that comes next.
            read();
        }
        Set<String> spelt = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        boolean lettered = false;
        for (String keyword : flags.keywords()) {
            int letter = isNew(keyword) ? place(keyword) : letter(keyword);
            lettered |= letter >= 0;
            spelt.add(letter >= 0 ? byLetter[letter] : Objects.requireNonNull(others.floor(keyword)));
        }
        if (unwritten || (lettered && !Files.exists(file(), LinkOption.NOFOLLOW_LINKS))) {
            flagsByInfo.clear();
            write();
        }
        return new Flags(flags.system(), spelt);
    }

    /** Keywords that the index or the file of keywords knows; beyond 1,000 they are left out. Returns the others as they are spelt. */
    Set<String> addWithoutLetter(List<String> keywords) {
        Set<String> spelt = new TreeSet<>();
        for (String keyword : keywords) {
            int letter = letter(keyword);
            if (letter >= 0) {
                spelt.add(byLetter[letter]);
            } else if (others.contains(keyword) || others.size() < MAX_KNOWN) {
                others.add(keyword);
                spelt.add(Objects.requireNonNull(others.floor(keyword)));
            }
        }
        return spelt;
    }

    /** Whether a word from a file, which its user may have written, is an atom as clients may send it (RFC 3501 9, flag-keyword). */
    static boolean isKeyword(String word) {
        return KEYWORD.matcher(word).matches();
    }

    private boolean isNew(String keyword) {
        return letter(keyword) < 0 && !others.contains(keyword);
    }

    private int place(String keyword) throws MailboxException {
        if (all().size() >= max) {
            throw new MailboxException(MailboxException.Reason.LIMIT, "Too many keywords in this mailbox");
        }
        for (int i = 0; i < LETTERS; i++) {
            if (byLetter[i].isEmpty()) {
                byLetter[i] = keyword.intern();
                unwritten = true;
                return i;
            }
        }
        others.add(keyword);
        return -1;
    }

    private int letter(String keyword) {
        for (int i = 0; i < LETTERS; i++) {
            if (byLetter[i].equalsIgnoreCase(keyword)) {
                return i;
            }
        }
        return -1;
    }

    private void write() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < LETTERS; i++) {
            if (!byLetter[i].isEmpty()) {
                text.append(i).append(' ').append(byLetter[i]).append('\n');
            }
        }
        Path file = file();
        Path fresh = file.resolveSibling(NAME + ".tmp");
        FolderFiles.write(fresh, text.toString().getBytes(StandardCharsets.ISO_8859_1));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        unwritten = false;
    }

    private Path file() {
        return folder.get().resolve(NAME);
    }
}
