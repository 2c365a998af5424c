package org.posthorn.queue.spool;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.queue.LineLog;
import org.posthorn.queue.QueueConfig;
import org.posthorn.queue.QueueStore;
import org.posthorn.queue.QueueStoreContract;
import org.posthorn.queue.SettableClock;
import org.posthorn.storage.LogFile;

class FileSpoolContractTest extends QueueStoreContract {
    @TempDir
    Path directory;

    private FileSpool spool;

    @Override
    protected QueueStore open() throws IOException {
        spool = SpoolBench.open(
                QueueConfig.defaults(directory),
                () -> {},
                new SettableClock(),
                LogFile::onDisk,
                "boot-1",
                new LineLog());
        return spool;
    }

    @Override
    protected QueueStore reopen() throws IOException {
        SpoolBench.abandon(spool);
        return open();
    }

    @Override
    protected void close() {
        spool.close();
    }
}
