package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.posthorn.log.MailLog;

/** Tells the index what is new in a folder. */
final class FolderSaver {
    /** A full disk does not get better by being asked each second for all messages of a mailbox. */
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final Folder folder;
    private final FolderContext context;
    private int generation;
    private volatile long retryAt = System.nanoTime();

    FolderSaver(Folder folder, FolderContext context) {
        this.folder = folder;
        this.context = context;
        this.generation = context.index().generation();
    }

    /** With {@code wait} it is in the file when this returns, else soon; never call it with {@code wait} from the index's thread. */
    void save(boolean wait) throws IOException {
        CompletableFuture<Boolean> saved;
        folder.lock.lock();
        try {
            if (folder.look.isStopped()) {
                // Its rows went with the mailbox. Another may have its name by now, and must not find this one's
                // UIDVALIDITY there.
                return;
            }
            if (generation != context.index().generation()) {
                generation = context.index().generation();
                folder.pending.whole();
                folder.uidState.lostCeiling();
            }
            boolean tooEarly = !wait && System.nanoTime() - retryAt < 0;
            if (folder.pending.isEmpty() || tooEarly) {
                return;
            }
            folder.moreKeywords.flush(folder.entries, folder.keywords);
            FolderSave save = folder.pending.take(folder.row(), folder.entries, folder.keywords);
            saved = context.index().save(save).whenComplete((done, failure) -> {
                if (failure != null) {
                    failed(failure);
                }
            });
        } finally {
            folder.lock.unlock();
        }
        if (wait) {
            try {
                saved.join();
            } catch (CompletionException e) {
                throw new IOException("index of " + folder.files().folder() + " not written", e.getCause());
            }
        }
    }

    private void failed(Throwable failure) {
        context.log()
                .failure(
                        MailLog.Level.WARNING,
                        "mailbox",
                        "",
                        "index-not-written",
                        failure,
                        "folder",
                        folder.files().folder());
        retryAt = System.nanoTime() + RETRY_NANOS;
        // Not under the lock here: who holds it may be waiting for this very thread.
        folder.saveAll();
    }
}
