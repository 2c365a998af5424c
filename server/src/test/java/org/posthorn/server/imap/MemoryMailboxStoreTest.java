package org.posthorn.server.imap;

import org.posthorn.mailbox.MailboxStore;
import org.posthorn.mailbox.MailboxStoreContract;

/** The contract, kept by the store that the sessions' tests have. */
class MemoryMailboxStoreTest extends MailboxStoreContract {
    private final MemoryMailboxStore memory = new MemoryMailboxStore().withUsualMailboxes();

    @Override
    protected MailboxStore openStore() {
        return memory;
    }
}
