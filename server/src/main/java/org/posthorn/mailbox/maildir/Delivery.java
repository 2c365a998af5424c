package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import org.posthorn.mail.MessageContent;
import org.posthorn.mailbox.Flags;

/** Puts a message into {@code new}: written in {@code tmp}, renamed. No index, no sync, no look at what is there. */
record Delivery(FolderFiles files, String host) {
    /** Written at once; most messages are smaller, and each call of the system has its price. */
    private static final int BUFFER = 128 * 1024;

    private static final long CLOCK_TOLERANCE_MILLIS = 2_000;

    /** Returns the directory in which the message now lies. */
    Path deliver(String key, byte[] prefix, MessageContent content, long arrived, Flags flags, long now, boolean sync)
            throws IOException {
        if (!FolderFiles.isDirectory(files.tmp()) || !FolderFiles.isDirectory(files.fresh())) {
            throw new NotDirectoryException(files.folder() + " has no tmp or new of its own");
        }
        long size = prefix.length + content.size();
        String base = FileName.base(arrived / 1000, FileName.unique(key), host, size);
        Path tmp = files.tmp().resolve(base);
        try (FileChannel channel = FileChannel.open(
                tmp,
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                LinkOption.NOFOLLOW_LINKS)) {
            write(channel, prefix, content);
            if (sync) {
                channel.force(true);
            }
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(tmp);
            throw e;
        }
        if (Math.abs(now - arrived) > CLOCK_TOLERANCE_MILLIS) {
            // Others take the file's time for the internal date.
            Files.setLastModifiedTime(tmp, FileTime.fromMillis(arrived));
        }
        FolderFiles.rename(tmp, target(base, flags));
        return files.fresh();
    }

    private Path target(String base, Flags flags) {
        if (flags.system() == 0) {
            return files.fresh().resolve(base);
        }
        return files.fresh().resolve(base + ":" + Keywords.systemInfo(flags.system()));
    }

    private static void write(FileChannel channel, byte[] prefix, MessageContent content) throws IOException {
        try (InputStream in = content.open()) {
            byte[] buffer = new byte[Math.clamp(prefix.length + content.size(), 1, Math.max(BUFFER, prefix.length))];
            System.arraycopy(prefix, 0, buffer, 0, prefix.length);
            int filled = prefix.length;
            for (int n = 0; n >= 0; ) {
                while (filled < buffer.length && (n = in.read(buffer, filled, buffer.length - filled)) >= 0) {
                    filled += n;
                }
                if (filled == buffer.length || n < 0) {
                    ByteBuffer out = ByteBuffer.wrap(buffer, 0, filled);
                    while (out.hasRemaining()) {
                        channel.write(out);
                    }
                    filled = 0;
                }
            }
        }
    }
}
