package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.posthorn.mail.MessageContent;

/** Reads messages of a folder. Thread-safe. */
final class FolderReader {
    private static final int ATTEMPTS = 5;
    private static final int MAX_COUNTED = 10_000;

    private final Folder folder;
    private final Bookmarks bookmarks = new Bookmarks();
    private final Map<Long, Long> counted = new ConcurrentHashMap<>(1);

    FolderReader(Folder folder) {
        this.folder = folder;
    }

    Bookmarks bookmarks() {
        return bookmarks;
    }

    /** The message's bytes in CRLF form; empty when it is gone. */
    Optional<MessageContent> content(long uid) throws IOException {
        Optional<Entry> found = folder.entry(uid);
        if (found.isPresent() && !Files.exists(folder.files().inCur(found.get()))) {
            folder.rescan();
            found = folder.entry(uid);
        }
        if (found.isEmpty()) {
            return Optional.empty();
        }
        long size = found.get().message().size();
        return Optional.of(
                size == found.get().fileSize()
                        ? MessageContent.ofFile(() -> open(uid), 0, size)
                        : new ConvertedContent(this, uid, convertedSize(found.get())));
    }

    /** Others' names may be wrong about the converted size, and a literal in IMAP must not: counted once for each message. */
    private long convertedSize(Entry entry) throws IOException {
        long uid = entry.uid();
        if (!counted.containsKey(uid)) {
            if (counted.size() >= MAX_COUNTED) {
                counted.clear();
            }
            long added;
            try (FileChannel channel = open(uid)) {
                added = FolderFiles.bareLineFeeds(channel);
            }
            counted.put(uid, entry.fileSize() + added);
        }
        return counted.getOrDefault(uid, entry.message().size());
    }

    /** Opens a message's file, wherever a rename has taken it. */
    FileChannel open(long uid) throws IOException {
        for (int attempt = 0; ; attempt++) {
            Path path = folder.entry(uid)
                    .map(folder.files()::inCur)
                    .orElseThrow(() -> new NoSuchFileException("message " + uid + " is gone"));
            try {
                return FileChannel.open(path, StandardOpenOption.READ);
            } catch (NoSuchFileException e) {
                if (attempt >= ATTEMPTS) {
                    throw e;
                }
            }
            folder.rescan();
        }
    }
}
