package org.posthorn.mailbox.maildir;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.posthorn.mailbox.Change;
import org.posthorn.mailbox.ChangeFeed;

/** One session's view of its account's changes. */
record OpenFeed(Account account) implements ChangeFeed {
    @Override
    public long modSeq() throws IOException {
        account.look().look();
        return account.feed().modSeq();
    }

    @Override
    public Optional<List<Change>> since(long modSeq) throws IOException {
        account.look().look();
        return account.feed().since(modSeq);
    }

    @Override
    public Closeable listen(Runnable listener) {
        return account.feed().listen(Optional.empty(), listener);
    }
}
