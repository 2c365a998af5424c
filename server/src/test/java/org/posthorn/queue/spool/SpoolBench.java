package org.posthorn.queue.spool;

import java.io.IOException;
import java.time.InstantSource;
import org.posthorn.log.MailLog;
import org.posthorn.queue.QueueConfig;
import org.posthorn.storage.LogFile;

/** Opens spools on disks and under kernels of a test's choice, for tests of the queue as well. */
public final class SpoolBench {
    private SpoolBench() {}

    /**
     * A spool as it is opened at start.
     *
     * @param boot names the kernel that runs; "" is none that can be trusted
     */
    public static FileSpool open(
            QueueConfig config,
            FileSpool.LocalMail localMail,
            InstantSource clock,
            LogFile.Opener opener,
            String boot,
            MailLog log)
            throws IOException {
        return FileSpool.open(config, localMail, clock, opener, new SpoolRecovery.Trust(boot), log);
    }

    /** Ends the spool as a crash would. */
    public static void abandon(FileSpool spool) {
        spool.abandonForTest();
    }
}
