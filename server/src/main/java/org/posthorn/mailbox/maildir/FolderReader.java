package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.posthorn.mail.MessageContent;
import org.posthorn.mailbox.HeldMessage;

/** Reads messages of a folder. Thread-safe. */
final class FolderReader {
    private static final int ATTEMPTS = 5;
    private static final int MAX_COUNTED = 10_000;

    private record Counted(long fileSize, long added) {}

    private final Folder folder;
    private final ConversionOffsets offsets = new ConversionOffsets();
    private final Map<Long, Counted> counted = new ConcurrentHashMap<>(1);

    FolderReader(Folder folder) {
        this.folder = folder;
    }

    /** The message's bytes in CRLF form; empty when it is gone. */
    Optional<MessageContent> content(long uid) throws IOException {
        Optional<FileChannel> found = openIfThere(uid);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (FileChannel channel = found.get()) {
            long size = channel.size();
            long added = added(uid, channel, size);
            MessageContent.Opener opener = () -> open(uid);
            return Optional.of(
                    added == 0
                            ? MessageContent.ofFile(opener, 0, size)
                            : new ConvertedContent(opener, true, offsets, uid, size + added));
        }
    }

    /** As {@link #content}, whatever becomes of the file; empty when it is gone now. */
    Optional<HeldMessage> hold(long uid) throws IOException {
        Optional<FileChannel> found = openIfThere(uid);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        FileChannel channel = found.get();
        try {
            long size = channel.size();
            long added = added(uid, channel, size);
            MessageContent content = added == 0
                    ? MessageContent.ofChannel(channel, 0, size)
                    : new ConvertedContent(() -> channel, false, offsets, uid, size + added);
            return Optional.of(new HeldMessage(content, channel));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * How much conversion to CRLF adds. Names of others may be wrong about it, and a literal in IMAP must not: counted once for each
     * message.
     */
    private long added(long uid, FileChannel channel, long size) throws IOException {
        Counted known = counted.get(uid);
        if (known != null && known.fileSize() == size) {
            return known.added();
        }
        long added = FolderFiles.bareLineFeeds(channel);
        remember(uid, size, added);
        return added;
    }

    /** Whoever has just written the message knows without looking that every LF in it follows a CR. */
    void wroteCrLf(long uid, long size) {
        remember(uid, size, 0);
    }

    private void remember(long uid, long size, long added) {
        if (counted.size() >= MAX_COUNTED) {
            counted.clear();
        }
        counted.put(uid, new Counted(size, added));
    }

    private Optional<FileChannel> openIfThere(long uid) throws IOException {
        try {
            return Optional.of(open(uid));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * Opens a message's file, wherever a rename has taken it.
     *
     * @throws NoSuchFileException it is gone
     */
    FileChannel open(long uid) throws IOException {
        for (int attempt = 0; ; attempt++) {
            Path path = folder.entry(uid)
                    .map(folder.files()::inCur)
                    .orElseThrow(() -> new NoSuchFileException("message " + uid + " is gone"));
            try {
                return FolderFiles.open(path);
            } catch (NoSuchFileException e) {
                if (attempt >= ATTEMPTS) {
                    throw e;
                }
            }
            folder.rescan();
        }
    }
}
