package org.posthorn.mailbox.maildir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.posthorn.storage.UnknownFormatException;

/**
 * A folder's {@code posthorn-keywords}: the keywords that have no letter in file names, so that they survive the loss of the index. A
 * line {@code posthorn-keywords 1}, then lines {@code MODSEQ NUMBER KEYWORD ... BASE}; the last line of a message holds, and where the
 * index knows the message too, what has the higher mod-sequence. Appended without a sync as {@link UidJournal}, before the index is told.
 * There is no file as long as no message has such keywords. Guarded by the folder's lock.
 */
final class MoreKeywords {
    private static final String NAME = "posthorn-keywords";
    private static final String HEADER = NAME + " 1";
    private static final Pattern OTHER_VERSION = Pattern.compile(NAME + " [0-9]{1,6}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    /** Octets of a file that is read: a Maildir is its user's ground, and all of it is in memory for a while. */
    private static final long MAX_SIZE = 64L * 1024 * 1024;
    /** A line of as many keywords as a mailbox may have is shorter. */
    private static final int MAX_LINE = 64 * 1024;

    private static final int MAX_MESSAGES = 500_000;

    /** What the file says of a message; the keywords are separated by spaces, as in {@link FolderSave.Saved}. */
    record Line(long modSeq, String keywords) {
        static final Line NONE = new Line(0, "");
    }

    private final Supplier<Path> folder;
    private final StringBuilder pending = new StringBuilder();
    private long lines;
    private int unwritten;
    private boolean whole = true;

    /** @param folder where it lies now */
    MoreKeywords(Supplier<Path> folder) {
        this.folder = folder;
    }

    /**
     * What it says, by the base of the file name. Lines that make no sense are passed over, a torn last one too; a file that is none of
     * ours, or too large, says nothing.
     *
     * @throws UnknownFormatException it is of another version
     */
    Map<String, Line> read() throws IOException {
        Map<String, Line> found = new HashMap<>();
        Map<String, String> shared = new HashMap<>();
        lines = 0;
        whole = true;
        try (FileChannel channel = FolderFiles.open(folder.get().resolve(NAME));
                BufferedReader reader =
                        new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), UTF_8))) {
            String header = line(reader);
            if (!header.equals(HEADER) && OTHER_VERSION.matcher(header).matches()) {
                throw new UnknownFormatException(folder.get().resolve(NAME) + ", \"" + header + "\"");
            }
            if (!header.equals(HEADER) || channel.size() > MAX_SIZE) {
                return found;
            }
            for (String line = line(reader); !line.isEmpty(); line = line(reader)) {
                lines++;
                take(line, found, shared);
            }
            whole = !FolderFiles.endsLine(channel);
            return found;
        } catch (NoSuchFileException e) {
            return found;
        }
    }

    private static void take(String line, Map<String, Line> found, Map<String, String> shared) {
        String[] words = line.split(" ", 3);
        if (words.length < 3 || !NUMBER.matcher(words[0]).matches() || !words[1].matches("[0-9]{1,4}")) {
            return;
        }
        int count = Integer.parseInt(words[1]);
        String[] rest = words[2].split(" ", count + 1);
        if (rest.length <= count || rest[count].isEmpty()) {
            return;
        }
        List<String> keywords = Arrays.asList(rest).subList(0, count);
        if (!keywords.stream().allMatch(Keywords::isKeyword)) {
            return;
        }
        if (found.size() < MAX_MESSAGES || found.containsKey(rest[count])) {
            String text = shared.computeIfAbsent(String.join(" ", new TreeSet<>(keywords)), each -> each);
            found.put(rest[count], new Line(Long.parseLong(words[0]), text));
        }
    }

    /** A line that ends in LF, without it; a single space for an empty one and one too long; empty at the end, a torn line included. */
    private static String line(BufferedReader reader) throws IOException {
        StringBuilder line = new StringBuilder(200);
        boolean tooLong = false;
        for (int c = reader.read(); c >= 0; c = reader.read()) {
            if (c == '\n') {
                return line.isEmpty() || tooLong ? " " : line.toString();
            }
            tooLong |= line.length() >= MAX_LINE;
            if (!tooLong) {
                line.append((char) c);
            }
        }
        return "";
    }

    /** A message has these keywords from now on. */
    void note(Entry entry, Set<String> keywords) {
        unwritten++;
        line(pending, entry, keywords);
    }

    private static void line(StringBuilder text, Entry entry, Set<String> keywords) {
        if (entry.base().indexOf('\n') >= 0) {
            return;
        }
        text.append(entry.message().modSeq())
                .append(' ')
                .append(keywords.size())
                .append(' ');
        keywords.forEach(keyword -> text.append(keyword).append(' '));
        text.append(entry.base()).append('\n');
    }

    /** Writes down what was noted. */
    void flush(Entries entries, Keywords keywords) throws IOException {
        if (unwritten == 0) {
            return;
        }
        if (whole || lines + unwritten > 2L * entries.size() + 1000 || !append()) {
            rewrite(entries, keywords);
        }
        discard();
    }

    /** False when somebody has removed the file. */
    private boolean append() throws IOException {
        // A full disk may have taken half a line, to which nothing must be added.
        whole = true;
        try {
            Files.writeString(folder.get().resolve(NAME), pending, UTF_8, WRITE, APPEND, NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return false;
        }
        whole = false;
        lines += unwritten;
        return true;
    }

    /** The folder is gone: there is nothing to write down, and no place for it. */
    void discard() {
        pending.setLength(0);
        unwritten = 0;
    }

    private void rewrite(Entries entries, Keywords keywords) throws IOException {
        Path file = folder.get().resolve(NAME);
        Path fresh = file.resolveSibling(NAME + ".tmp");
        lines = 0;
        StringBuilder text = new StringBuilder(200);
        try (BufferedWriter out =
                Files.newBufferedWriter(fresh, UTF_8, CREATE, TRUNCATE_EXISTING, WRITE, NOFOLLOW_LINKS)) {
            out.write(HEADER + "\n");
            for (Entry entry : entries.all()) {
                Set<String> more = keywords.withoutLetter(entry.message().flags());
                if (!more.isEmpty()) {
                    text.setLength(0);
                    line(text, entry, more);
                    out.append(text);
                    lines++;
                }
            }
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        whole = false;
    }
}
