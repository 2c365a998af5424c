package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import org.posthorn.mail.Headers;
import org.posthorn.mail.LineEnds;
import org.posthorn.mail.mime.IndexedFields;
import org.posthorn.mailbox.Appender;
import org.posthorn.mailbox.Flags;
import org.posthorn.mailbox.MailboxException;
import org.posthorn.mailbox.MailboxException.Reason;

/** A message on its way into a folder: a file in {@code tmp}, then in {@code cur}. Used by one thread. */
final class MaildirAppender implements Appender {
    private static final int BUFFER = 16 * 1024;
    private static final byte[] CR = {'\r'};

    private final Account account;
    private final Folder folder;
    private final Flags flags;
    private final long date;
    private final boolean setDate;
    private final long limit;
    private final String temporary;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    private long size;
    private boolean afterCr;
    private boolean overfull;
    private boolean finished;
    private boolean drained;
    /** For the index, where the first buffer holds the whole header. */
    private Optional<byte[]> header = Optional.empty();

    MaildirAppender(Account account, Folder folder, Flags flags, Optional<Long> internalDate, long limit)
            throws IOException {
        this.account = account;
        this.folder = folder;
        this.flags = flags;
        this.date = internalDate.orElseGet(account::now);
        this.setDate = internalDate.isPresent();
        this.limit = limit;
        this.temporary = account.names().temporary();
        this.channel = folder.inPlace(
                there -> FileChannel.open(path(there), StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW));
    }

    /** Where it lies until it is whole: the mailbox may get another name meanwhile. */
    private Path path(FolderFiles there) {
        return there.tmp().resolve(temporary);
    }

    static MailboxException tooLarge(long limit) {
        return new MailboxException(Reason.LIMIT, "Message is larger than " + limit + " octets");
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (size > limit || overfull) {
            return;
        }
        int end = offset + length;
        int from = offset;
        for (int lf = LineEnds.indexOfLf(bytes, offset, end); lf >= 0; lf = LineEnds.indexOfLf(bytes, lf + 1, end)) {
            boolean bare = lf > offset ? bytes[lf - 1] != '\r' : !afterCr;
            if (bare) {
                put(bytes, from, lf);
                put(CR, 0, CR.length);
                from = lf;
            }
        }
        put(bytes, from, end);
        afterCr = length > 0 ? bytes[end - 1] == '\r' : afterCr;
    }

    private void put(byte[] bytes, int from, int end) throws IOException {
        int next = from;
        while (next < end) {
            if (!buffer.hasRemaining()) {
                drain(false);
            }
            int count = Math.min(end - next, buffer.remaining());
            buffer.put(bytes, next, count);
            next += count;
        }
        size += end - from;
    }

    /** Writes what is in the buffer; where there is no room nothing is kept, and {@link #commit} says so. */
    private void drain(boolean last) throws IOException {
        if (!drained) {
            drained = true;
            Headers fields = Headers.parse(buffer.array(), 0, buffer.position());
            header = last || fields.isComplete() ? Optional.of(IndexedFields.encode(fields, true)) : Optional.empty();
        }
        buffer.flip();
        try {
            account.allowance().requireRoom(buffer.remaining());
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (MailboxException e) {
            overfull = true;
            channel.truncate(0);
        }
        buffer.clear();
    }

    @Override
    public Placed commit() throws IOException, MailboxException {
        try {
            return commitThere();
        } catch (NoSuchFileException e) {
            if (folder.isGone()) {
                throw Folder.nonexistent();
            }
            throw e;
        }
    }

    private Placed commitThere() throws IOException, MailboxException {
        if (size > limit) {
            throw tooLarge(limit);
        }
        drain(true);
        if (overfull) {
            throw Allowance.noRoom();
        }
        if (setDate) {
            Path _ = folder.inPlace(there -> Files.setLastModifiedTime(path(there), FileTime.fromMillis(date)));
        }
        // The name first, so that one commit of the file system's journal makes both durable.
        // A file that a power loss cuts off has not been promised to anybody, and is recognised by its size.
        long uid = place();
        try {
            account.sync(channel, folder);
        } catch (IOException e) {
            folder.expunge(List.of(uid));
            throw e;
        }
        channel.close();
        folder.announce();
        return new Placed(folder.uidValidity(), uid);
    }

    private long place() throws IOException, MailboxException {
        folder.lock.lock();
        try {
            folder.requireThere();
            Flags spelt = folder.keywords.learn(flags);
            FileName name = new FileName(account.names().appended(size), folder.keywords.info(spelt, ""));
            folder.look.beforeOwnChange();
            Path target = folder.files().cur().resolve(name.text());
            FolderFiles.rename(path(folder.files()), target);
            finished = true;
            // A file holds whole seconds on some file systems, the client gave whole seconds: all look alike
            // afterwards.
            Arrival arrival = new Arrival(name, new FolderFiles.Measure(size, size, date), spelt);
            long uid = adopt(arrival, target);
            folder.reader.wroteCrLf(uid, size);
            folder.look.afterOwnChange();
            if (header.isPresent()) {
                folder.headers.keep(uid, header.get());
            }
            return uid;
        } finally {
            folder.lock.unlock();
        }
    }

    /** What cannot be written down, on a full disk say, is not to show up later. */
    private long adopt(Arrival arrival, Path file) throws IOException {
        try {
            return folder.adopt(List.of(arrival)).getFirst().uid();
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
            if (!finished) {
                finished = true;
                Files.deleteIfExists(path(folder.files()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            account.folders().release(folder);
        }
    }
}
