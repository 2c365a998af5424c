package org.posthorn.mailbox.maildir;

import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.log.MailLog;
import org.posthorn.mailbox.MailboxStore;
import org.posthorn.mailbox.MailboxStoreContract;

/** The contract, kept by Maildirs. */
class MaildirStoreTest extends MailboxStoreContract {
    @TempDir
    Path directory;

    @Override
    protected MailboxStore openStore() throws Exception {
        return new MaildirStore(
                MaildirConfig.of(directory, "mail.posthorn.test"), MailLog.none(), InstantSource.system());
    }
}
