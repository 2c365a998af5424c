package org.posthorn.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntPredicate;

/** Files whose writes and syncs fail on demand, and which can forget what was not synced, as a power loss does. */
public final class FaultyFiles implements LogFile.Opener {
    public volatile boolean noRoom;
    public volatile boolean syncsFail;

    private final List<Faulty> files = new CopyOnWriteArrayList<>();

    @Override
    public LogFile open(Path path) throws IOException {
        Faulty file = new Faulty(path, LogFile.onDisk(path));
        files.add(file);
        return file;
    }

    /** Ends all files that are open, then takes back what was written and not synced; of a write that is torn only the sectors the choice names stay. */
    public void losePower(IntPredicate sectorStays) throws IOException {
        for (Faulty file : files) {
            file.forget(sectorStays);
        }
        files.clear();
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Write(long position, byte[] before, byte[] after) {}

    private final class Faulty implements LogFile {
        private static final int SECTOR = 512;

        private final Path path;
        private final LogFile file;
        private final ArrayDeque<Write> unsynced = new ArrayDeque<>();
        private boolean dead;

        Faulty(Path path, LogFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public synchronized void write(ByteBuffer bytes, long position) throws IOException {
            if (dead || noRoom) {
                throw new IOException("No space left on device");
            }
            byte[] after = new byte[bytes.remaining()];
            bytes.duplicate().get(after);
            ByteBuffer before = ByteBuffer.allocate(after.length);
            int count = 0;
            while (before.hasRemaining() && count >= 0) {
                count = file.read(before, position + before.position());
            }
            unsynced.push(new Write(position, before.array(), after));
            file.write(bytes, position);
        }

        @Override
        public int read(ByteBuffer bytes, long position) throws IOException {
            return file.read(bytes, position);
        }

        @Override
        public synchronized void sync() throws IOException {
            if (dead || syncsFail) {
                throw new IOException("Input/output error");
            }
            file.sync();
            unsynced.clear();
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }

        synchronized void forget(IntPredicate sectorStays) throws IOException {
            dead = true;
            if (!Files.exists(path)) {
                return;
            }
            try (LogFile again = LogFile.onDisk(path)) {
                while (!unsynced.isEmpty()) {
                    Write write = unsynced.pop();
                    byte[] result = write.before().clone();
                    for (int at = 0; at < result.length; at += SECTOR) {
                        if (sectorStays.test(at / SECTOR)) {
                            System.arraycopy(write.after(), at, result, at, Math.min(SECTOR, result.length - at));
                        }
                    }
                    again.write(ByteBuffer.wrap(result), write.position());
                }
            }
        }
    }
}
