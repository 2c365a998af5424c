package org.posthorn.testing;

import java.time.InstantSource;
import org.posthorn.queue.QueueStore;
import org.posthorn.queue.QueueStoreContract;

class MemoryQueueStoreTest extends QueueStoreContract {
    private MemoryQueueStore store;

    @Override
    protected QueueStore open() {
        store = new MemoryQueueStore(InstantSource.system());
        return store;
    }

    @Override
    protected QueueStore reopen() {
        store = store.reopen();
        return store;
    }

    @Override
    protected void close() {}
}
